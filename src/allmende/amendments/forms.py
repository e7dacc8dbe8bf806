"""The shape of an amendment: what it is about, and for each chosen paragraph what happens to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from allmende.amendments import rules
from allmende.proposals.rules import PARAGRAPH_LIMIT, Part
from allmende.web.forms import HouseForm

START = "start"
"""In place of a key: the beginning of the text."""
KINDS = [
    (rules.CHANGE, gettext_lazy("change it")),
    (rules.DELETE, gettext_lazy("strike it")),
    (rules.INSERT, gettext_lazy("insert a paragraph after it")),
    ("", pgettext_lazy("amendment", "leave it as it is")),
]


@dataclass(frozen=True)
class Wanted:
    """A block of the form: which paragraph, what is wanted with it, and a sentence where the text has changed meanwhile."""

    key: UUID | None
    kind: str
    text: str
    trouble: str = ""


@dataclass(frozen=True)
class Block:
    """The same with its fields and what the paragraph says now."""

    number: int
    now: str
    trouble: str
    kind: Any
    text: Any
    key: str


class AmendmentForm(HouseForm):
    """`parts` is the text it is written for, in version `base`. Blocks come as key_0, kind_0, text_0, and so on."""

    title = forms.CharField(
        label=gettext_lazy("In short"), max_length=rules.TITLE_LIMIT, help_text=gettext_lazy("What shall be different, in one line.")
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=rules.REASON_LIMIT, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    base = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, parts: Sequence[Part], wanted: Sequence[Wanted], **options: Any) -> None:
        self.parts, self.wanted = {one.key: one for one in parts}, list(wanted)[: rules.CHANGES]
        self.places = {one.key: n for n, one in enumerate(parts, 1)}
        super().__init__(*args, **options)
        for n, one in enumerate(self.wanted):
            self._add(n, one)

    def _add(self, n: int, one: Wanted) -> None:
        number = self.places.get(one.key, 0) if one.key else 0
        if one.key is not None:
            self.fields[f"kind_{n}"] = forms.ChoiceField(
                label=_("What happens to paragraph %d?") % number, choices=KINDS, required=False, initial=one.kind,
                widget=forms.Select(attrs={"class": "input"}),
            )  # fmt: skip
        label = _("What paragraph %d shall say, or the new one after it") % number if one.key else _("New paragraph at the beginning")
        self.fields[f"text_{n}"] = forms.CharField(
            label=label, max_length=PARAGRAPH_LIMIT, required=False, initial=one.text,
            widget=forms.Textarea(attrs={"rows": max(3, min(12, len(one.text) // 60 + 1)), "class": "input"}),
        )  # fmt: skip

    @property
    def blocks(self) -> list[Block]:
        """For the page."""
        return [
            Block(
                self.places.get(one.key, 0) if one.key else 0,
                self.parts[one.key].text if one.key in self.parts and one.key else "",
                one.trouble,
                self[f"kind_{n}"] if one.key else None,
                self[f"text_{n}"],
                str(one.key) if one.key else START,
            )
            for n, one in enumerate(self.wanted)
        ]

    @property
    def general(self) -> list[Any]:
        """The fields beside the blocks."""
        return [self["title"], self["reason"]]

    def clean(self) -> dict[str, Any]:
        """An inserted paragraph that repeats its neighbour is a slip; changed ones need words."""
        data = super().clean()
        for n, one in enumerate(self.wanted):
            kind, text = self._kind(data, n, one), data.get(f"text_{n}", "")
            now = self.parts[one.key].text if one.key in self.parts and one.key else ""
            if kind == rules.INSERT and one.key and text == now:
                self.add_error(f"text_{n}", _("Please write the new paragraph here in place of the old one."))
            elif kind == rules.CHANGE and text == now:
                self.add_error(f"text_{n}", _("This paragraph is not changed yet."))
            elif kind in (rules.CHANGE, rules.INSERT) and not text:
                self.add_error(f"text_{n}", _("Please write what the paragraph shall say."))
        return data

    def _kind(self, data: Mapping[str, Any], n: int, one: Wanted) -> str:
        if one.key is None:
            return rules.INSERT if data.get(f"text_{n}") else ""
        return str(data.get(f"kind_{n}", ""))

    def edits(self) -> list[rules.Edit]:
        """What is wanted, for the action; blocks left as they are do not count."""
        made = []
        for n, one in enumerate(self.wanted):
            if kind := self._kind(self.cleaned_data, n, one):
                before = self.parts[one.key].text if one.key and one.key in self.parts else ""
                made.append(rules.Edit(kind, one.key, before, self.cleaned_data[f"text_{n}"]))
        return made


class AnswerForm(HouseForm):
    """Why an amendment is rejected."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 3}))


def keys_of(said: Sequence[str]) -> list[UUID | None]:
    """Chosen paragraphs as they come in an address or a form; what is no key is left out."""
    found: list[UUID | None] = []
    for one in said[: rules.CHANGES]:
        try:
            found.append(None if one == START else UUID(one))
        except ValueError:
            continue
    return found
