"""The shapes of what is entered: contributions, verdicts, files, and what the board decides."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.contributions import queries, rules
from allmende.contributions.actions import Entering, Kind
from allmende.contributions.models import ContributionType, Entrant, Openness, Unit, Verdict
from allmende.contributions.rules import Year
from allmende.contributions.rulesets import RuleSet
from allmende.ground.money import euros
from allmende.web.forms import Day, HouseForm


class EntryForm(HouseForm):
    """One contribution: kind, amount as people write it, day, words."""

    type = forms.ModelChoiceField(label=_("Kind"), queryset=ContributionType.objects.none(), to_field_name="key", empty_label=None)
    amount = forms.CharField(label=_("How much?"), help_text=_("Hours as 1,5 or 1:30, euros as 12,30."), max_length=40)
    done_on = Day(label=_("On which day?"))
    text = forms.CharField(label=_("What was it?"), help_text=_("Read by who confirms it."), max_length=200, required=False)
    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, types: list[ContributionType], **options: Any) -> None:
        first = {"done_on": localdate(), "once": uuid4()}
        super().__init__(*args, initial={**first, **options.pop("initial", {})}, **options)
        kinds: Any = self.fields["type"]
        kinds.queryset = ContributionType.objects.filter(pk__in=[one.pk for one in types])
        kinds.label_from_instance = queries.type_name
        self.fields["amount"].widget.attrs.update({"inputmode": "text", "autocomplete": "off"})
        self.fields["done_on"].widget.attrs["max"] = localdate().isoformat()

    def clean(self) -> dict[str, Any]:
        """The amount is read by the unit of the kind."""
        data = super().clean()
        kind, said = data.get("type"), data.get("amount")
        if kind and said:
            try:
                data["amount"] = rules.read_amount(said, kind.unit)
            except ValueError:
                example = (
                    gettext("12,30") if kind.unit == Unit.TURNOVER else gettext("1,5 or 1:30") if kind.unit == Unit.HOURS else gettext("12")
                )
                self.add_error("amount", gettext("This amount cannot be read. Write it as %(example)s.") % {"example": example})
        return data

    def entering(self) -> Entering:
        """What the action wants."""
        data = self.cleaned_data
        return Entering(type=data["type"], amount=data["amount"], done_on=data["done_on"], text=data["text"], once=data["once"])


class OfficeEntryForm(EntryForm):
    """The same for a member, by member number."""

    number = forms.IntegerField(label=_("Member number"), min_value=1, max_value=2**31 - 1)
    field_order = ("number", "type", "amount", "done_on", "text", "once")


class VerdictForm(HouseForm):
    """Chosen lines, and what a second person says of them."""

    lines = forms.MultipleChoiceField(label=_("Contributions"), error_messages={"required": _("Choose at least one contribution.")})
    verdict = forms.ChoiceField(choices=Verdict.choices)
    reason = forms.CharField(label=_("Reason, if refused"), help_text=_("The member reads it."), max_length=200, required=False)

    def __init__(self, *args: Any, lines: list[UUID], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["lines"]
        chosen.choices = [(str(one), str(one)) for one in lines]

    def clean(self) -> dict[str, Any]:
        """Who refuses says why."""
        data = super().clean()
        if data.get("verdict") == Verdict.REFUSED and not data.get("reason"):
            self.add_error("reason", gettext("Say why, so that the member can correct it."))
        return data


class ReasonForm(HouseForm):
    """Why a line is taken back."""

    reason = forms.CharField(label=_("Why is it taken back?"), help_text=_("The member reads it."), max_length=200)


class FileForm(HouseForm):
    """A file with contributions."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Excel. First row: Mitgliedsnummer, Art, Menge, Datum, Text."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )


class YearForm(HouseForm):
    """The year to close; the box says that it was meant."""

    year = forms.ChoiceField(label=_("Fiscal year"))
    sure = forms.BooleanField(label=_("Close it: nothing in it is entered, confirmed or taken back any more"))

    def __init__(self, *args: Any, years: list[Year], **options: Any) -> None:
        super().__init__(*args, **options)
        self.years = {one.ends_on.isoformat(): one for one in years}
        field: Any = self.fields["year"]
        field.choices = [(key, one.name) for key, one in self.years.items()]

    def chosen(self) -> Year:
        """The year itself."""
        return self.years[self.cleaned_data["year"]]


class VisibilityForm(HouseForm):
    """Who sees the sums of the groups."""

    openness = forms.ChoiceField(label=_("Who sees the sums by group?"), choices=Openness.choices, widget=forms.RadioSelect)
    least_members = forms.IntegerField(
        label=_("Members a group needs"),
        help_text=_("Smaller groups are shown together, so that nobody is recognised. At least five."),
        min_value=rules.LEAST_MEMBERS,
        max_value=1000,
    )


class ConfirmerForm(HouseForm):
    """Who is named to confirm."""

    number = forms.IntegerField(label=_("Member number"), min_value=1, max_value=2**31 - 1)


class KeyForm(HouseForm):
    """A key for a program."""

    client = forms.CharField(label=_("Name of the program"), help_text=_("Small letters and digits, such as kassensystem."), max_length=40)
    may_post = forms.BooleanField(label=_("May enter contributions"), required=False, initial=True)
    may_read = forms.BooleanField(label=_("May read the sums of what it entered"), required=False, initial=True)


class TypeForm(HouseForm):
    """A kind of contribution."""

    name = forms.CharField(label=_("Name"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80, required=False)
    unit = forms.ChoiceField(label=_("Counted in"), choices=Unit.choices)
    unit_name = forms.CharField(
        label=_("Name of the unit"), help_text=_("Only for another unit: boxes, kilograms."), max_length=20, required=False
    )
    counts_for_refund = forms.BooleanField(
        label=_("Counts for the patronage refund"), help_text=_("Only turnover of the business with members."), required=False
    )
    entrant = forms.ChoiceField(label=_("Entered by"), choices=Entrant.choices)
    needs_confirmation = forms.BooleanField(
        label=_("Counts only when a second person has confirmed it"),
        help_text=_("Does not concern what comes from files and programs."),
        required=False,
        initial=True,
    )
    most = forms.CharField(label=_("Most in one entry"), max_length=40, required=False)
    days_back = forms.IntegerField(label=_("Days back that members can enter"), min_value=1, max_value=3660, initial=366)
    is_open = forms.BooleanField(label=_("Can be entered"), required=False, initial=True)

    def __init__(self, *args: Any, one: ContributionType | None = None, **options: Any) -> None:
        if one:
            fields = ("name", "name_en", "entrant", "needs_confirmation", "days_back", "is_open")
            said = {name: getattr(one, name) for name in fields}
            said["most"] = queries.amount_of(one, one.most) if one.most and one.unit == Unit.TURNOVER else _plain(one)
            options["initial"] = said
        super().__init__(*args, **options)
        self.one = one
        if one:
            for name in ("unit", "unit_name", "counts_for_refund"):
                del self.fields[name]
        else:
            del self.fields["is_open"]

    def clean(self) -> dict[str, Any]:
        """The limit is read by the unit."""
        data = super().clean()
        unit = self.one.unit if self.one else data.get("unit", "")
        said = data.get("most")
        data["most"] = None
        if said:
            try:
                data["most"] = rules.read_amount(said, unit)
            except ValueError:
                self.add_error("most", gettext("This amount cannot be read."))
        if unit == Unit.OWN and not self.one and not data.get("unit_name"):
            self.add_error("unit_name", gettext("Give the unit a name, such as boxes."))
        if data.get("counts_for_refund") and unit != Unit.TURNOVER:
            self.add_error("counts_for_refund", gettext("Only turnover counts for the patronage refund (§ 22 KStG)."))
        return data

    def kind(self) -> Kind:
        """What the actions want."""
        data = self.cleaned_data
        names = ("name", "name_en", "entrant", "needs_confirmation", "most", "days_back")
        return Kind(**{name: data[name] for name in names}, is_open=data.get("is_open", True))


def _plain(one: ContributionType) -> str:
    return rules.write_amount(one.most, one.unit).replace("\u00a0h", "") if one.most else ""


class RuleForm(HouseForm):
    """Parameters of a rule set and the day from which it holds. Only the fields that this rule set has."""

    levels = forms.CharField(
        label=_("Levels"),
        help_text=_("One in each line: hours, a colon, the sentence."),
        max_length=3_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    months = forms.IntegerField(label=_("In how many months of the year"), min_value=1, max_value=12)
    sentence = forms.CharField(label=_("The sentence the member reads"), max_length=200)
    least = forms.CharField(
        label=_("Least turnover of a member in the year"), help_text=_("Empty: every euro counts."), max_length=20, required=False
    )
    valid_from = Day(label=_("Holds from"))

    def __init__(self, *args: Any, one: RuleSet, known: dict[str, Any] | None = None, **options: Any) -> None:
        options["initial"] = _initial(one, known)
        super().__init__(*args, **options)
        for name in set(self.fields) - set(one.fields) - {"valid_from"}:
            del self.fields[name]

    def clean_least(self) -> int:
        """Euros and cents."""
        said = self.cleaned_data["least"]
        try:
            return rules.read_amount(said, Unit.TURNOVER) if said else 0
        except ValueError:
            raise forms.ValidationError(gettext("This amount cannot be read. Write it as %(example)s.") % {"example": "12,30"}) from None

    def begins(self) -> date:
        """The day from which it holds."""
        day: date = self.cleaned_data["valid_from"]
        return day


def _initial(one: RuleSet, known: dict[str, Any] | None) -> dict[str, Any]:
    said: dict[str, Any] = {"valid_from": localdate(), **one.defaults, **(known or {})}
    if "levels" in one.fields:
        lines = [f"{rules.write_amount(at, 'own')}: {words}" for at, words in said["levels"]]
        said["levels"] = "\n".join(lines) or gettext("10: You contributed more than a working day this year.")
    if "sentence" in one.fields:
        said["sentence"] = said["sentence"] or gettext("You contribute all year round.")
    if "least" in one.fields:
        said["least"] = euros(said["least"]) if said["least"] else ""
    return said
