"""The shapes of what is handed in: bands and fees, the size of a member, who acts for it."""

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.ground.money import plain, read_euros
from allmende.networks import rules
from allmende.networks.actions.representing import Naming
from allmende.networks.models import Acting, FeeScheme, Measure
from allmende.networks.rules import Step
from allmende.web.forms import Day, HouseForm


class Scheme(HouseForm):
    """A version of the fees: from which year, measured by what, up to twelve bands."""

    use_required_attribute = False
    from_year = forms.IntegerField(label=gettext_lazy("From the year"), min_value=2000, max_value=2100)
    measure = forms.ChoiceField(label=gettext_lazy("Measured by"), choices=Measure.choices)
    is_pro_rata = forms.BooleanField(label=gettext_lazy("In the year of joining only the months from joining on"), required=False)
    resolution = forms.CharField(
        label=gettext_lazy("Resolution"), help_text=gettext_lazy("Who decided the fees, and when."), required=False, max_length=200
    )

    def __init__(self, scheme: FeeScheme | None, *args: Any, is_used: bool = False, **options: Any) -> None:
        year = localdate().year
        if scheme:
            options["initial"] = {
                "from_year": max(scheme.from_year + is_used, year), "measure": scheme.measure, "is_pro_rata": scheme.is_pro_rata,
                "resolution": scheme.resolution,
            }  # fmt: skip
        else:
            options["initial"] = {"from_year": year, "is_pro_rata": True}
        super().__init__(*args, **options)
        bands = list(scheme.bands.all()) if scheme else []
        for at in range(rules.MOST_BANDS):
            known = bands[at] if at < len(bands) else None
            number = {"number": at + 1}
            self.fields[f"upto{at}"] = forms.IntegerField(
                label=_("Band %(number)d: up to and with") % number, required=False, min_value=0, max_value=10**13,
                initial=known.upto if known else None, widget=forms.NumberInput({"class": "input"}),
            )  # fmt: skip
            self.fields[f"fee{at}"] = forms.CharField(
                label=_("Band %(number)d: fee of a year in euros") % number, required=False, max_length=20,
                initial=plain(known.cents).replace(".", ",") if known else "",
                widget=forms.TextInput({"class": "input", "inputmode": "decimal"}),
            )  # fmt: skip
        self.shown = max(len(bands) + 2, 6)

    def bands(self) -> list[tuple[Any, Any]]:
        """The pairs of fields, some more than there are bands."""
        shown = rules.MOST_BANDS if self.is_bound else min(self.shown, rules.MOST_BANDS)
        return [(self[f"upto{at}"], self[f"fee{at}"]) for at in range(shown)]

    def clean(self) -> dict[str, Any]:
        """Bands without a fee are none; the last one may stay without an end."""
        data = super().clean()
        steps = []
        for at in range(rules.MOST_BANDS):
            said = data.get(f"fee{at}", "")
            if not said and data.get(f"upto{at}") is None:
                continue
            try:
                steps.append(Step(data.get(f"upto{at}"), read_euros(said)))
            except ValueError:
                self.add_error(f"fee{at}", _("Write the fee in euros, for example 250,00."))
        if not steps and not self.errors:
            self.add_error(None, _("At least one band with a fee is needed."))
        data["steps"] = steps
        return data


class Size(HouseForm):
    """What a member says of its own size."""

    use_required_attribute = False
    figure = forms.IntegerField(label=gettext_lazy("How many?"), min_value=0, max_value=10**13)
    declared_on = Day(label=gettext_lazy("As of"))
    evidence = forms.CharField(
        label=gettext_lazy("What shows it"), required=False, max_length=200,
        help_text=gettext_lazy("For example: annual accounts of 2025, page 12."),
    )  # fmt: skip

    def __init__(self, scheme: FeeScheme, *args: Any, **options: Any) -> None:
        options.setdefault("initial", {"declared_on": localdate()})
        super().__init__(*args, **options)
        self.fields["figure"].label = scheme.get_measure_display()


class Represent(HouseForm):
    """Who is to act for a member."""

    use_required_attribute = False
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), required=False,
        help_text=gettext_lazy("They are told. Whoever has an account here with this address can act with it."),
    )  # fmt: skip
    acting = forms.ChoiceField(label=gettext_lazy("What they may do"), choices=Acting.choices, widget=forms.RadioSelect, initial=Acting.ALL)
    since = Day(label=gettext_lazy("From"))
    until = Day(label=gettext_lazy("Until"), required=False)
    proof = forms.CharField(
        label=gettext_lazy("Authority in text form"), max_length=500, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Who names them for the organisation and how: the words themselves, or where they lie (§ 126b BGB)."),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("initial", {"since": localdate(), "acting": Acting.ALL})
        super().__init__(*args, **options)

    def naming(self) -> Naming:
        """As the action wants it."""
        said = self.cleaned_data
        return Naming(
            name=said["name"], proof=said["proof"], since=said["since"], email=said["email"], acting=said["acting"], until=said.get("until")
        )


class Charge(HouseForm):
    """Until when the fees of a year are to be paid."""

    use_required_attribute = False
    due_on = Day(label=gettext_lazy("Due on"))
