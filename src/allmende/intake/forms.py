"""The shapes of what is handed in: a file, a field for each column, the choices of the rehearsal."""

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.ground.text import fold
from allmende.intake import queries, tables
from allmende.intake.checking import NEW_GROUP, NO_GROUP, Options
from allmende.intake.columns import LABELS
from allmende.intake.models import Intake
from allmende.members.models import Group
from allmende.web.forms import Day, HouseForm


class Upload(HouseForm):
    """One file; what it is, is found out by looking into it."""

    use_required_attribute = False
    file = forms.FileField(
        label=gettext_lazy("List of members"),
        help_text=gettext_lazy("CSV or Excel (.xlsx), at most 5 MB and 20,000 rows."),
        max_length=1_000,
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ".csv,.txt,.tsv,.xlsx", "class": "input"}),
        error_messages=dict.fromkeys(("required", "invalid", "missing"), gettext_lazy("Please choose a file first.")),
    )

    def given(self) -> tuple[bytes, str]:
        """Its bytes (just so many that too large is noticed) and its name."""
        found = self.cleaned_data["file"]
        return found.read(tables.LARGEST + 1), str(found.name)


class Columns(HouseForm):
    """What each column of the file holds."""

    use_required_attribute = False

    def __init__(self, intake: Intake, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        sample = queries.unpacked(intake.rows)[:4]
        choices = [("", _("leave out")), *LABELS.items()]
        for at, heading in enumerate(intake.heading):
            seen = [cells[at][:40] for _number, cells in sample if at < len(cells) and cells[at]]
            shown = heading or _("Column %(number)d") % {"number": at + 1}
            self.fields[f"c{at}"] = forms.ChoiceField(
                label=shown, choices=choices, required=False, initial=intake.columns[at],
                help_text="", widget=forms.Select({"class": "input", "data-sample": " · ".join(seen)}),
            )  # fmt: skip
        self.order = [f"c{at}" for at in range(len(intake.heading))]

    def chosen(self) -> list[str]:
        """A field or nothing for every column, in their order."""
        return [self.cleaned_data.get(name, "") for name in self.order]

    def samples(self) -> list[tuple[Any, str]]:
        """The fields with what stands in the first rows."""
        return [(self[name], self.fields[name].widget.attrs["data-sample"]) for name in self.order]


class Choices(HouseForm):
    """How the rows are taken: the day of the balances, what happens with errors, doubles, open rests and unknown groups."""

    use_required_attribute = False
    opening_on = Day(
        label=gettext_lazy("The paid-in capital is as of"),
        help_text=gettext_lazy("Usually the last day of the last fiscal year. Opening balances are booked on this day."),
    )
    leave_out = forms.BooleanField(label=gettext_lazy("Leave out rows with errors"), required=False)
    take_doubles = forms.BooleanField(
        label=gettext_lazy("Enter probable duplicates, too"),
        help_text=gettext_lazy("Only if you know that they are different members, for example father and son."),
        required=False,
    )
    accept_more = forms.BooleanField(
        label=gettext_lazy("Accept more capital than the shares are worth"),
        help_text=gettext_lazy("For example where dividends were credited to full shares."),
        required=False,
    )
    ask_rest = forms.BooleanField(
        label=gettext_lazy("Ask for what is not paid in yet"),
        help_text=gettext_lazy("Each member with an open rest gets a request for payment. Otherwise nothing is asked for."),
        required=False,
    )
    due_on = Day(label=gettext_lazy("The rest is due on"), required=False)

    def __init__(self, intake: Intake, *args: Any, **options: Any) -> None:
        known = queries.options_of(intake)
        named = ("opening_on", "leave_out", "take_doubles", "accept_more", "ask_rest", "due_on")
        options["initial"] = {name: getattr(known, name) for name in named}
        super().__init__(*args, **options)
        self.words = queries.unknown_groups(intake)
        groups = Group.objects.filter(cooperative=intake.cooperative)
        choices = [(NEW_GROUP, _("make it a new group")), *((one.key, one.name) for one in groups), (NO_GROUP, _("no group"))]
        for at, word in enumerate(self.words):
            self.fields[f"g{at}"] = forms.ChoiceField(
                label=_("Group “%(word)s”") % {"word": word}, choices=choices, required=False,
                initial=known.groups.get(fold(word), NEW_GROUP), widget=forms.Select({"class": "input"}),
            )  # fmt: skip

    def groups(self) -> list[Any]:
        """The fields for groups the cooperative does not have yet."""
        return [self[f"g{at}"] for at in range(len(self.words))]

    def chosen(self) -> Options:
        """As the rehearsal wants them."""
        said = self.cleaned_data
        return Options(
            opening_on=said.get("opening_on") or localdate(),
            leave_out=said["leave_out"],
            take_doubles=said["take_doubles"],
            accept_more=said["accept_more"],
            ask_rest=said["ask_rest"],
            due_on=said.get("due_on"),
            groups={fold(word): said.get(f"g{at}") or NEW_GROUP for at, word in enumerate(self.words)},
        )
