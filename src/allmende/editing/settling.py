"""Where two people changed the same field: both versions side by side, and what comes of the choice."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from allmende.directory.history import Merged, State
from allmende.editing import differences, forms
from allmende.editing.sheets import PLAIN

MINE, THEIRS, OWN = "mine", "theirs", "own"
LONG = frozenset({"description", "description_en"})
FREE = frozenset(PLAIN) - {"kind", "legal_form"}  # fields whose text one can also write anew


@dataclass(frozen=True)
class Conflict:
    """One field that both changed: what both say, in lines, and what was chosen so far."""

    name: str
    label: str
    mine: list[str]
    theirs: list[str]
    own: str | None  # a text to go on writing; None where one of the two must be taken
    chosen: str
    wrong: str
    is_long: bool


def conflicts(merged: Merged, data: QueryDict, wrong: dict[str, str]) -> list[Conflict]:
    """The fields in conflict as the page shows them, in the order of the form."""
    return [_conflict(name, *merged.conflicts[name], data, wrong) for name in forms.LABELS if name in merged.conflicts]


def _conflict(name: str, mine: Any, theirs: Any, data: QueryDict, wrong: dict[str, str]) -> Conflict:
    own = str(data.get(f"own-{name}") or mine or "") if name in FREE else None
    chosen = str(data.get(f"choice-{name}", ""))
    return Conflict(name, str(forms.LABELS[name]), _lines(name, mine), _lines(name, theirs), own, chosen, wrong.get(name, ""), name in LONG)


def _lines(name: str, value: Any) -> list[str]:
    if name == "places":
        return [differences.address(place) for place in value]
    return differences.in_words(name, value).split("\n")


def settled(said: State, data: QueryDict) -> tuple[list[str], State, dict[str, str]]:
    """The fields that were asked, what is to be written after the choices, and what is wrong with them by field."""
    asked = [name for name in said if f"asked-{name}" in data]
    fields, wrong = dict(said), {}
    for name in asked:
        choice = data.get(f"choice-{name}")
        if choice == THEIRS:
            del fields[name]
        elif choice == OWN and name in FREE:
            try:
                fields[name] = own_text(name, str(data.get(f"own-{name}", "")))
            except ValidationError as error:
                wrong[name] = " ".join(error.messages)
        elif choice != MINE:
            wrong[name] = str(forms.CHOOSE)
    return asked, fields, wrong


def own_text(name: str, text: str) -> Any:
    """A text that was written anew, judged as in the form."""
    value = forms.Sheet.base_fields[name].clean(text)
    return value or None if name == "founded" else value
