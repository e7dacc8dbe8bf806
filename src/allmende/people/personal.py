"""What the house knows of a person: every room says so in its own `personal.py`, for export and for erasure.

    @knows("stewards", label=_("Entries you look after"))
    def data(person: Person) -> list[dict[str, Any]]: ...       # plain rows: text, numbers, dates; one dict per row

    @blocks("stewards")
    def refusals(person: Person) -> list[str]: ...              # sentences: what must be done before; asked before anything is written

    @keeps("stewards")
    def kept(person: Person) -> list[Kept]: ...                 # what stays after erasure, and why; shown before confirming

    @forgets("stewards", order=50)
    def forget(person: Person) -> list[Kept] | None: ...        # removes or anonymises; may still raise Refused, then nothing is lost

    announces("stewards", label=_("Entries you look after"))    # notices of this area can be chosen under "Einstellungen"

All forgetting happens in one transaction; the person's row goes last, with everything that hangs on it by CASCADE.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

if TYPE_CHECKING:
    from allmende.people.models import Person

Label = str | Promise
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Kept:
    """Something that stays after an account is erased: what, why, and until when (nothing: for good)."""

    what: str
    why: str
    until: date | None = None


@dataclass(frozen=True)
class Area:
    """One area of the export: its file name, what people call it, and where its rows come from."""

    name: str
    label: Label
    rows: "Callable[[Person], Rows]"


Asked = Callable[["Person"], list[str]]
Keeping = Callable[["Person"], list[Kept]]
Forgetting = Callable[["Person"], list[Kept] | None]

AREAS: dict[str, Area] = {}
BLOCKS: dict[str, Asked] = {}
KEEPS: dict[str, Keeping] = {}
FORGETS: dict[str, tuple[int, Forgetting]] = {}
ANNOUNCED: dict[str, Label] = {}


def knows(name: str, *, label: Label) -> "Callable[[Callable[[Person], Rows]], Callable[[Person], Rows]]":
    """Register an area of the export. `name` becomes the name of its files: small letters, digits, `-`."""

    def register(rows: "Callable[[Person], Rows]") -> "Callable[[Person], Rows]":
        AREAS[name] = Area(name, label, rows)
        return rows

    return register


def blocks(name: str) -> Callable[[Asked], Asked]:
    """Register what must be done before this person can be erased, as sentences; an empty list lets them go."""

    def register(asked: Asked) -> Asked:
        BLOCKS[name] = asked
        return asked

    return register


def keeps(name: str) -> Callable[[Keeping], Keeping]:
    """Register what stays after this person is erased, so that it can be said before."""

    def register(keeping: Keeping) -> Keeping:
        KEEPS[name] = keeping
        return keeping

    return register


def forgets(name: str, *, order: int = 50) -> Callable[[Forgetting], Forgetting]:
    """Register how an area forgets a person; the smaller `order`, the earlier."""

    def register(forgetting: Forgetting) -> Forgetting:
        FORGETS[name] = (order, forgetting)
        return forgetting

    return register


def announces(area: str, *, label: Label) -> None:
    """Say what people call the notices of an area, so that they can choose whether these also come as mail."""
    ANNOUNCED[area] = label


def blockers(person: "Person") -> list[str]:
    """Every sentence that stands in the way of erasing this person."""
    return [sentence for _name, asked in sorted(BLOCKS.items()) for sentence in asked(person)]


def kept(person: "Person") -> list[Kept]:
    """Everything that will stay after erasing this person."""
    return [one for _name, keeping in sorted(KEEPS.items()) for one in keeping(person)]


def forgetting() -> list[Forgetting]:
    """All ways of forgetting in their order."""
    return [way for _order, _name, way in sorted((order, name, way) for name, (order, way) in FORGETS.items())]
