"""The shape of input: amounts as people write them, dates, the resolution."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from allmende.surplus.models import Year
from allmende.web.forms import Day, Euros, HouseForm


class YearForm(HouseForm):
    """A year's result and the proposal for it."""

    ends_on = forms.TypedChoiceField(label=gettext_lazy("Fiscal year"), coerce=date.fromisoformat)
    result = Euros(
        required=False,
        empty_is_zero=True,
        label=gettext_lazy("Surplus or loss of the year"),
        below_zero=True,
        help_text=gettext_lazy("As in the annual accounts, after interest and refund. A loss has a minus in front."),
    )
    loss_carried = Euros(required=False, empty_is_zero=True, label=gettext_lazy("Loss of earlier years not covered yet"))
    to_legal_reserve = Euros(
        required=False,
        empty_is_zero=True,
        label=gettext_lazy("Into the legal reserve"),
        help_text=gettext_lazy("§ 7 Nr. 2 GenG: the statute says at least how much."),
    )
    to_other_reserve = Euros(required=False, empty_is_zero=True, label=gettext_lazy("Into other reserves"))
    from_reserve = Euros(required=False, empty_is_zero=True, label=gettext_lazy("Taken from reserves"))
    distributed = Euros(
        required=False,
        empty_is_zero=True,
        label=gettext_lazy("Distributed to members"),
        help_text=gettext_lazy(
            "§ 19 GenG: by the capital at the end of the year before; credited until the shares are full, then paid out."
        ),
    )
    borne = Euros(
        required=False,
        empty_is_zero=True,
        label=gettext_lazy("Loss written off from members’ capital"),
        help_text=gettext_lazy("§ 19 GenG: by the capital at the end of the year before."),
    )
    interest = forms.DecimalField(
        label=gettext_lazy("Interest on capital, in percent"), required=False, min_value=0, max_value=100, decimal_places=1, localize=True,
        help_text=gettext_lazy("§ 21a GenG: only where the statute allows it and no loss is uncovered."),
    )  # fmt: skip
    refund = Euros(
        required=False,
        empty_is_zero=True,
        label=gettext_lazy("Patronage refund"),
        help_text=gettext_lazy("By the confirmed business of each member, one rate for all (§ 22 KStG)."),
    )
    total_turnover = Euros(
        required=False,
        empty_is_zero=True,
        label=gettext_lazy("Whole turnover of the year"),
        help_text=gettext_lazy("For the limit of § 22 KStG: members’ turnover in proportion to the whole."),
    )
    side_business = Euros(required=False, empty_is_zero=True, label=gettext_lazy("Of the surplus: from side business"))
    pays_on = Day(label=gettext_lazy("Paid out on"), required=False)

    def __init__(self, *args: Any, ends: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["ends_on"].choices = ends  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What the action wants."""
        found = {name: self.cleaned_data[name] for name in self.fields if name not in {"ends_on", "interest"}}
        return {**found, "interest_permille": int((self.cleaned_data["interest"] or 0) * 10)}

    @classmethod
    def said_by(cls, year: Year) -> dict[str, Any]:
        """What a year says, for the form."""
        found = {name: getattr(year, name) for name in cls.base_fields if name not in {"ends_on", "interest"}}
        return {**found, "ends_on": year.ends_on.isoformat(), "interest": year.interest_permille / 10 or None}


class BookForm(HouseForm):
    """By which resolution a year is booked."""

    resolution = forms.CharField(
        label=gettext_lazy("Resolution"),
        max_length=200,
        help_text=gettext_lazy("Number of the resolution and the assembly, as in the minutes."),
    )
    resolved_on = Day(label=gettext_lazy("Resolved on"))
