"""The shape of what people say about pairs: filters of the work list, a decision, a merge, what somebody types."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from allmende.duplicates import rules
from allmende.duplicates.models import FoundBy, PairState, Saying
from allmende.duplicates.scoring import Judgement
from allmende.places.queries import country_name
from allmende.web.forms import HouseForm

JUDGEMENTS = {
    Judgement.SAME: _("probably the same"),
    Judgement.BRANCH: _("probably a branch"),
    Judgement.UNSURE: _("not sure"),
    Judgement.DIFFERENT: _("probably different"),
}
ASKED_ABOUT = (Judgement.SAME, Judgement.BRANCH, Judgement.UNSURE)
LARGEST = 2**31 - 1


class WantedForm(HouseForm):
    """Which pairs are asked for, as an address says it. What cannot be read filters nothing."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All that wait")), *PairState.choices])
    judgement = forms.ChoiceField(
        label=_("Judgement"), required=False, choices=[("", _("Every judgement")), *((one, JUDGEMENTS[one]) for one in ASKED_ABOUT)]
    )
    source = forms.ChoiceField(label=_("Found"), required=False, choices=[("", _("Everywhere")), *FoundBy.choices])
    country = forms.CharField(label=_("Country"), required=False, max_length=2)
    region = forms.CharField(label=_("Region"), required=False, max_length=120)
    sector = forms.SlugField(label=_("Sector"), required=False, max_length=60)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["import"] = forms.IntegerField(required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput)

    def wanted(self) -> dict[str, Any]:
        """What was asked for."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class FilterForm(WantedForm):
    """The same with lists to choose from: the countries and regions in which pairs wait, and the sectors."""

    def __init__(self, *args: Any, regions: dict[str, list[str]], sectors: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        language, wanted = get_language() or "de", self.wanted()
        country, region = wanted.get("country", ""), wanted.get("region", "")
        named = sorted((country_name(code, language), code) for code in {*regions, *([country] if country else [])})
        self._choose("country", _("All countries"), [(code, name) for name, code in named])
        self._choose(
            "region", _("All regions"), [(name, name) for name in sorted({*regions.get(country, ()), *([region] if region else [])})]
        )
        self._choose("sector", _("All sectors"), [(term.key, term.name) for term in sectors])
        self.has_regions = bool(regions.get(country) or region)

    def _choose(self, name: str, every: Any, choices: list[tuple[Any, Any]]) -> None:
        self.fields[name].widget = forms.Select(attrs={"class": "input"}, choices=[("", every), *choices])


class SayingForm(HouseForm):
    """What somebody says about a pair, with a remark for those who look at it later."""

    saying = forms.ChoiceField(choices=[one for one in Saying.choices if one[0] != Saying.SAME])
    note = forms.CharField(required=False, max_length=500)


class AnswerForm(HouseForm):
    """What one side answers."""

    saying = forms.ChoiceField(choices=Saying.choices)


class MergeForm(HouseForm):
    """Which entry stays, whose value holds field by field, and why. The values are the numbers of the entries."""

    stays = forms.ChoiceField(label=_("Which entry stays?"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=300)

    def __init__(self, *args: Any, numbers: tuple[int, int], **options: Any) -> None:
        super().__init__(*args, **options)
        self.numbers = numbers
        both = [(str(number), str(number)) for number in numbers]
        self.fields["stays"].choices = both  # type: ignore[attr-defined]
        for name in rules.SINGLE:
            self.fields[f"field-{name}"] = forms.ChoiceField(required=False, choices=both)
        for number in numbers:
            self.fields[f"base-{number}"] = forms.IntegerField(min_value=0, max_value=2**63 - 1)

    def winner_and_loser(self) -> tuple[int, int]:
        """The number of the entry that stays, and of the one that goes."""
        stays = int(self.cleaned_data["stays"])
        return stays, next(number for number in self.numbers if number != stays)

    def theirs(self) -> list[str]:
        """The fields whose value comes from the entry that goes."""
        _winner, loser = self.winner_and_loser()
        return [name for name in rules.SINGLE if self.cleaned_data.get(f"field-{name}") == str(loser)]

    def bases(self) -> dict[int, int]:
        """The revisions that somebody looked at when choosing."""
        return {number: self.cleaned_data[f"base-{number}"] for number in self.numbers}


class TypingForm(forms.Form):
    """What somebody has typed of a new entry so far."""

    name = forms.CharField(max_length=200, required=False)
    town = forms.CharField(max_length=120, required=False)
    postcode = forms.CharField(max_length=20, required=False)
    country = forms.CharField(max_length=2, required=False)
    website = forms.CharField(max_length=500, required=False)
