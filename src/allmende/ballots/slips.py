"""The papers people fill in: one form for every way of deciding, without JavaScript, with keyboard and on a phone."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.ballots import rules, wording
from allmende.ballots.models import Ballot, Option
from allmende.web.forms import HouseForm

LONGEST_SCALE = 10  # longer ones are typed
BLANK = _("Hand in an empty paper: I take part and choose nothing")


class Slip(HouseForm):
    """What all papers have in common. Voice and receipt code come beside it, see views/casting.py."""

    def __init__(
        self, data: Any = None, *, ballot: Ballot, options: list[Option], known: dict[str, Any] | None = None, **more: Any
    ) -> None:
        self.rule, self.options = ballot.rule, options
        super().__init__(data, initial={**(self.from_choice(known) if known else {}), **more.pop("initial", {})}, **more)
        self.build()
        for field in self.fields.values():
            if isinstance(field.widget, forms.NumberInput | forms.Select | forms.Textarea):
                field.widget.attrs.setdefault("class", "input")

    def build(self) -> None:
        """Add the fields of this way of deciding."""

    def from_choice(self, choice: dict[str, Any]) -> dict[str, Any]:
        """The fields as they were when this was chosen."""
        return {}

    def said(self) -> dict[str, Any]:
        """The paper, from the cleaned fields."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """What is said must be a paper of this rule; an empty one is meant, not overlooked."""
        data = super().clean()
        self.choice: dict[str, Any] = {}
        if self.errors:
            return data
        try:
            self.choice = rules.read_choice(self.rule, len(self.options), self.said())
        except rules.Wrong as fault:
            self.add_error(None, wording.wrong(fault))
            return data
        if "blank" in self.fields:
            is_empty = rules.is_empty(self.choice)
            if is_empty and not data.get("blank"):
                self.add_error(None, gettext("Nothing is chosen. Choose something, or tick that you hand in an empty paper."))
            elif not is_empty and data.get("blank"):
                self.add_error(None, gettext("You have chosen something and ticked the empty paper as well. Please take one of both away."))
        return data

    @property
    def ticks(self) -> bool:
        """Whether options are ticked."""
        return self.rule["method"] in rules.NAMING

    def pairs(self) -> list[tuple[Option, Any]]:
        """For the page: each option with its field."""
        return [(one, _Field(self, one)) for one in self.options]

    def _blank(self) -> None:
        self.fields["blank"] = forms.BooleanField(label=BLANK, required=False)


class _Field:
    """One field of an option as the page draws it."""

    def __init__(self, slip: Slip, option: Option) -> None:
        bound = slip[f"o{option.position}"]
        self.tag, self.id, self.auto_id, self.html_name, self.value = (
            bound,
            bound.id_for_label,
            bound.auto_id,
            bound.html_name,
            bound.value(),
        )
        self._scale = slip.rule.get("scale") or [0, 0]

    def grades(self) -> list[tuple[int, bool]]:
        """The points of the scale, and which is chosen."""
        low, high = self._scale
        return [(grade, str(grade) == str(self.value)) for grade in range(low, high + 1)]


class AnswerSlip(Slip):
    """Yes, no, abstention; or the positions of a round of consent, with reasons."""

    def build(self) -> None:
        """Radio buttons, and for consent a place for the reason."""
        is_consent = self.rule["method"] == rules.CONSENT
        keys = rules.CONSENTS if is_consent else (rules.YES, rules.NO, rules.ABSTAIN)
        answers = [(key, wording.ANSWERS[key]) for key in keys]
        self.fields["answer"] = forms.ChoiceField(label=_("Your vote"), choices=answers, widget=forms.RadioSelect)
        self.fields["answer"].error_messages["required"] = _("Choose one of the answers.")
        if is_consent:
            hint = _("For an objection or concerns: what would go wrong, and for whom?")
            self.fields["reason"] = forms.CharField(
                label=_("Reason"), help_text=hint, required=False, max_length=rules.MOST_REASON, widget=forms.Textarea(attrs={"rows": 4})
            )

    def from_choice(self, choice: dict[str, Any]) -> dict[str, Any]:
        """As it was."""
        return choice

    def said(self) -> dict[str, Any]:
        """Answer and, where there is one, reason."""
        said = {"answer": self.cleaned_data.get("answer")}
        return said | ({"reason": self.cleaned_data.get("reason", "")} if "reason" in self.fields else {})

    def choices(self) -> list[tuple[str, Any, Any, bool]]:
        """For the page: key, words, hint, whether it is chosen."""
        now = self["answer"].value()
        return [(key, words, wording.ANSWER_HINTS.get(key, ""), key == now) for key, words in self.fields["answer"].choices]  # type: ignore[attr-defined]


class NamingSlip(Slip):
    """Ticks: approval, committee, budget."""

    def build(self) -> None:
        """A box to tick for each option."""
        for one in self.options:
            self.fields[f"o{one.position}"] = forms.BooleanField(label=one.label, required=False)
        self._blank()

    def from_choice(self, choice: dict[str, Any]) -> dict[str, Any]:
        """As it was."""
        return {f"o{at}": True for at in choice["approved"]} | {"blank": not choice["approved"]}

    def said(self) -> dict[str, Any]:
        """Which are ticked."""
        return {"approved": [one.position for one in self.options if self.cleaned_data.get(f"o{one.position}")]}


class GradingSlip(Slip):
    """Points on a scale, or dots out of a number of them: one number for each option."""

    def build(self) -> None:
        """A number for each option; empty is nothing."""
        is_score = self.rule["method"] == rules.SCORE
        low, high = self.rule["scale"] if is_score else (0, self.rule["most"])
        self.low, self.high, self.has_scale = low, high, high - low <= LONGEST_SCALE
        for one in self.options:
            number = forms.IntegerField(label=one.label, required=False, min_value=low, max_value=high)
            number.widget.attrs.update(inputmode="numeric", size=4)
            self.fields[f"o{one.position}"] = number
        self._blank()

    def from_choice(self, choice: dict[str, Any]) -> dict[str, Any]:
        """As it was."""
        grades = choice["grades"]
        return {f"o{at}": grade for at, grade in enumerate(grades)} | {"blank": all(one is None for one in grades)}

    def said(self) -> dict[str, Any]:
        """A number or nothing for each option."""
        return {"grades": [self.cleaned_data.get(f"o{one.position}") for one in self.options]}


class RankingSlip(Slip):
    """An order: to each option its place, chosen from a list. Not everything needs a place."""

    def build(self) -> None:
        """A list of places for each option."""
        places = [("", "–")] + [(str(at), str(at)) for at in range(1, len(self.options) + 1)]
        for one in self.options:
            self.fields[f"o{one.position}"] = forms.TypedChoiceField(
                label=one.label, choices=places, required=False, coerce=int, empty_value=None
            )
        self._blank()

    def from_choice(self, choice: dict[str, Any]) -> dict[str, Any]:
        """As it was."""
        made = {f"o{option}": str(at) for at, place in enumerate(choice["ranking"], 1) for option in place}
        return made | {"blank": not choice["ranking"]}

    def said(self) -> dict[str, Any]:
        """The options in the order of their places."""
        return {"ranking": rules.ranking_of({one.position: self.cleaned_data.get(f"o{one.position}") for one in self.options})}


KINDS: dict[str, type[Slip]] = (
    dict.fromkeys(rules.ANSWERED, AnswerSlip)
    | dict.fromkeys(rules.NAMING, NamingSlip)
    | dict.fromkeys(rules.GRADING, GradingSlip)
    | dict.fromkeys(rules.RANKING, RankingSlip)
)


def slip_for(ballot: Ballot, options: list[Option], data: Any = None, known: dict[str, Any] | None = None, **more: Any) -> Slip:
    """The paper of this ballot, empty or filled in."""
    return KINDS[ballot.rule["method"]](data, ballot=ballot, options=options, known=known, **more)
