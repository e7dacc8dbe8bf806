"""What an import consists of: rows as they came, drafts as they will be kept, refusals, notes, and the shape of a profile."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from allmende.ground.refusals import Sentence

Raw = dict[str, Any]
Rough = dict[str, Any]

# All that an import may write of an entry, with the value of "nothing said". Lists of terms hold keys, sorted.
BLANK: dict[str, Any] = {
    "name": "",
    "legal_name": "",
    "kind": "cooperative",
    "state": "published",
    "legal_form": "",
    "sector": "",
    "sectors": [],
    "activities": [],
    "cooperation": [],
    "sdgs": [],
    "summary": "",
    "summary_en": "",
    "description": "",
    "description_en": "",
    "keywords": [],
    "languages": [],
    "founded": None,
    "ended": None,
    "website": "",
    "email": "",
    "phone": "",
    "register": "",
    "same_as": [],
    "visibility": {},
    "is_demo": False,
}
TERM_LISTS = {"sectors": "sector", "activities": "activity", "cooperation": "cooperation", "sdgs": "sdg"}
# Fields with a value in every entry: no gap that a second source could fill.
NEVER_EMPTY = frozenset({"name", "kind", "state", "visibility", "is_demo"})
PLACE_BLANK: dict[str, Any] = {
    "label": "",
    "street": "",
    "postcode": "",
    "town": "",
    "region": "",
    "country": "",
    "lat": None,
    "lon": None,
    "precision": "",
    "is_seat": False,
}


class Row(NamedTuple):
    """One row of a file: its line (CSV) or number (JSON), its values, or why it cannot be read."""

    line: int
    raw: Raw
    error: str = ""
    is_end: bool = False  # the file breaks off here, so it is not all there is


class Note(NamedTuple):
    """A value that was dropped or mended, though its row is kept."""

    field: str
    reason: str
    value: str


class Reject(NamedTuple):
    """A row that is not imported at all, and why."""

    line: int
    remote_id: str
    field: str
    reason: str
    raw: Raw


class Rejected(Exception):
    """Raised while a row is read: it cannot become an entry."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


@dataclass(slots=True)
class Draft:
    """A row as an entry: `data` has all keys of BLANK, `places` those of PLACE_BLANK.

    `said` are the fields that a row of this profile speaks of at all; on others a later file of the source has no say.

    `uuid`, `slug`, `changed_at`, `confirmed_on`, `networks` and `origins` are filled by our own export only.
    `owners` are (source, remote id) pairs that lead to an organisation which is here already, `owner_name` its name.
    """

    line: int
    remote_id: str
    data: dict[str, Any]
    places: list[dict[str, Any]]
    raw: Raw
    digest: str = ""
    said: set[str] = field(default_factory=set)
    url: str = ""
    licence: str = ""
    owners: list[tuple[str, str]] = field(default_factory=list)
    owner_name: str = ""
    uuid: str = ""
    slug: str = ""
    changed_at: str = ""
    confirmed_on: str = ""
    networks: list[str] = field(default_factory=list)
    origins: list[dict[str, Any]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)

    def close(self) -> None:
        """Nothing will change any more: note what is remembered with the record, all that differs from "nothing said"."""
        self.kept = {key: value for key, value in self.data.items() if value != BLANK[key]}
        self.kept["places"] = self.places


class Profile:
    """How the rows of one kind of file become drafts. A profile maps names and splits cells; checking.py judges the values."""

    key: ClassVar[str]
    label: ClassVar[Sentence]
    source: ClassVar[str] = ""  # the source a file belongs to when the caller names none
    whole: ClassVar[bool] = True  # whether a file is all there is, so that what is not in it has vanished
    joins: ClassVar[tuple[str, ...]] = ()  # sources that give the same organisations the same ids
    adds_places: ClassVar[bool] = False  # rows are places of organisations that are here already
    precision: ClassVar[str] = "exact"  # of coordinates in the file
    kind: ClassVar[str] = "cooperative"  # of entries whose row does not say more

    def rows(self, path: Path) -> Iterator[Row]:
        """The rows of a file as a stream. Raises BadInput where the file is none of this profile."""
        raise NotImplementedError

    def notes(self, path: Path) -> list[str]:
        """What is to be said about the file as a whole, e.g. an unusual encoding."""
        return []

    def rough(self, raw: Raw) -> Rough:
        """The row with our names: keys of BLANK, `remote_id`, `places`, and word lists that are looked up in the taxonomy."""
        raise NotImplementedError
