"""The single fields of this room's forms. Values are judged as those of imports are; what is unchanged is not judged again."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from allmende.directory import queries as directory
from allmende.directory.importers import values
from allmende.directory.importers.checking import LIMITS, PLACE_LIMITS
from allmende.directory.models import Tree
from allmende.ground.refusals import Sentence
from allmende.places.gazetteer import countries
from allmende.suggestions import fields

EARLIEST_YEAR = 1000
REMARK, REASON, LONG = 4_000, 2_000, 10_000
Judge = Callable[[str], str | None]
Groups = list[tuple[Sentence, list[list[BoundField]]]]


class Text(forms.Field):
    """A text as people meant it: no HTML, no control characters, in one line or in several; too long is refused, never cut."""

    def __init__(self, limit: int, *, lines: int = 1, judge: Judge | None = None, wrong: Sentence = "", kind: str = "text", **more: Any):
        attrs: dict[str, Any] = {"maxlength": limit, "autocomplete": "off"}
        attrs |= {"rows": lines} if lines > 1 else {"class": "input"}
        widget = forms.Textarea(attrs) if lines > 1 else forms.TextInput({**attrs, "type": kind})
        super().__init__(widget=widget, **{"required": False, **more})
        self.limit, self.lines, self.judge, self.wrong = limit, lines, judge, wrong

    def clean(self, value: Any) -> str:
        """The cleaned text, or a sentence what is wrong with it. What was offered comes back as it was."""
        text = values.text(value) if self.lines > 1 else " ".join(values.text(value).split())
        if self.initial and text == _plain(self.initial, self.lines):
            return str(self.initial)
        if self.required and not any(letter.isalnum() for letter in text):
            raise forms.ValidationError(_("Please fill in this field."))
        if len(text) > self.limit:
            told = {"limit": self.limit, "length": len(text)}
            raise forms.ValidationError(_("At most %(limit)d characters fit here, these are %(length)d."), params=told)
        judged = self.judge(text) if text and self.judge else text
        if judged is None:
            raise forms.ValidationError(str(self.wrong))
        return judged


class Year(forms.IntegerField):
    """A year from 1000 to next year."""

    def __init__(self, **more: Any) -> None:
        latest = timezone.localdate().year + 1
        widget = forms.TextInput({"class": "input w-short", "inputmode": "numeric", "autocomplete": "off"})
        super().__init__(min_value=EARLIEST_YEAR, max_value=latest, required=False, widget=widget, **more)
        wrong = _("Please give a year with four digits, at most %(latest)d.") % {"latest": latest}
        self.error_messages |= {"invalid": wrong, "min_value": wrong, "max_value": wrong}
        self.validators = [_at_least(EARLIEST_YEAR, wrong), _at_most(latest, wrong)]


def _at_least(limit: int, sentence: Any) -> Callable[[int], None]:
    def check(value: int) -> None:
        if value < limit:
            raise forms.ValidationError(sentence)

    return check


def _at_most(limit: int, sentence: Any) -> Callable[[int], None]:
    def check(value: int) -> None:
        if value > limit:
            raise forms.ValidationError(sentence)

    return check


def _plain(value: Any, lines: int) -> str:
    text = values.text(value)
    return text if lines > 1 else " ".join(text.split())


_WEB = _("A web address looks like this: https://www.example.org")
MAIL = _("An e-mail address looks like this: name@example.org")
_PHONE = _("A phone number has at least three digits.")
KINDS: dict[str, Callable[[], forms.Field]] = {
    "name": lambda: Text(200),
    "summary": lambda: Text(LIMITS["summary"], lines=2),
    "description": lambda: Text(LIMITS["description"], lines=8),
    "website": lambda: Text(500, judge=values.url, wrong=_WEB, kind="text"),
    "email": lambda: Text(254, judge=values.email, wrong=MAIL, kind="text"),
    "phone": lambda: Text(60, judge=values.phone, wrong=_PHONE, kind="tel"),
    "street": lambda: Text(PLACE_LIMITS["street"]),
    "postcode": lambda: Text(PLACE_LIMITS["postcode"]),
    "town": lambda: Text(PLACE_LIMITS["town"]),
    "country": lambda: forms.ChoiceField(choices=_countries(), required=False),
    "sector": lambda: forms.ChoiceField(choices=_terms("sector"), required=False),
    "legal_form": lambda: forms.ChoiceField(choices=_terms("legal_form"), required=False),
    "founded": Year,
    "ended": Year,
}
HINTS: dict[str, Sentence] = {
    "ended": _("Only if it has stopped working. If you do not know the year, say so under “Anything else”."),
    "summary": _("What it does, in at most 300 characters."),
    "summary_en": _("What it does, in at most 300 characters."),
}
NEWLY = _("The entry does not show this publicly. You can give it anew.")


def entry_field(name: str, initial: Any = None, *, is_concealed: bool = False) -> forms.Field:
    """The form field for one field of an entry."""
    field = KINDS[name.removesuffix("_en")]()
    field.label = str(fields.LABELS[name])
    field.initial = "" if initial is None else initial
    field.help_text = str(NEWLY if is_concealed else HINTS.get(name, ""))
    if isinstance(field, forms.ChoiceField) and initial and initial not in dict(field.choices):  # type: ignore[arg-type]
        field.choices = [*field.choices, (initial, fields.display(name, initial))]  # type: ignore[misc]
    return field


_GROUPS: tuple[tuple[Sentence, tuple[tuple[str, ...], ...]], ...] = (
    (_("What it is"), (("name",), ("summary", "summary_en"), ("description", "description_en"))),
    (_("How to reach it"), (("website",), ("email", "phone"))),
    (_("Where its seat is"), (("street",), ("postcode", "town"), ("country",))),
    (_("What kind it is"), (("sector", "legal_form"), ("founded", "ended"))),
)


def grouped(form: forms.BaseForm, names: Iterable[str]) -> Groups:
    """These fields of a form under headings, in lines of one or two."""
    wanted = set(names)
    found = [(label, [[form[name] for name in line if name in wanted] for line in lines]) for label, lines in _GROUPS]
    return [(label, kept) for label, lines in found if (kept := [line for line in lines if line])]


def _countries() -> list[tuple[str, str]]:
    place = 1 if (get_language() or "de").startswith("en") else 0
    named = sorted(((code, both[place]) for code, both in countries().names.items()), key=lambda one: one[1])
    near = [one for code in ("DE", "AT", "CH") for one in named if one[0] == code]
    return [("", "–"), *near, *(one for one in named if one not in near)]


def _terms(tree: str) -> list[tuple[str, str]]:
    return [("", "–"), *((term.key, term.name) for term in directory.terms(Tree(tree)))]
