"""What an import did, in numbers and examples."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from allmende.directory.importers.base import Note, Reject

EXAMPLES = 20
COUNTS = {
    "read": _("read"),
    "new": _("new"),
    "updated": _("updated"),
    "unchanged": _("unchanged"),
    "rejected": _("refused"),
    "joined": _("of the new, joined to entries that were here"),
    "gone": _("vanished from the source (marked)"),
    "returned": _("had vanished and is back"),
}
ALWAYS = 5  # the first ones are said even if they are 0


@dataclass
class Remark:
    """How often a field was mended for one reason, and where first."""

    field: str
    reason: str
    count: int
    line: int
    value: str


@dataclass
class Report:
    """read = new + updated + unchanged + rejected. `joined` of the new belong to organisations that were here already."""

    read: int = 0
    new: int = 0
    joined: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    gone: int = 0
    returned: int = 0
    seconds: float = 0.0
    is_complete: bool = True
    revision_set: int | None = None
    notes: list[str] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    remarks: dict[tuple[str, str], Remark] = field(default_factory=dict)
    on_reject: Callable[[Reject], None] | None = None

    def reject(self, reject: Reject) -> None:
        """Count a refused row, keep the first ones, tell the listener."""
        self.rejected += 1
        if len(self.rejects) < EXAMPLES:
            self.rejects.append(reject)
        if self.on_reject:
            self.on_reject(reject)

    def note(self, line: int, note: Note) -> None:
        """Count a mended value."""
        remark = self.remarks.get((note.field, note.reason))
        if remark:
            remark.count += 1
        else:
            self.remarks[note.field, note.reason] = Remark(note.field, note.reason, 1, line, note.value[:80])

    @property
    def warnings(self) -> list[Remark]:
        """By field, the most frequent reason first."""
        return sorted(self.remarks.values(), key=lambda remark: (remark.field, -remark.count, remark.reason))

    @property
    def rows_per_second(self) -> int:
        """How fast it was."""
        return round(self.read / self.seconds) if self.seconds else 0

    def counts(self) -> dict[str, int]:
        """The numbers, for the trail and the revision set."""
        return {name: getattr(self, name) for name in COUNTS}

    def labelled(self) -> list[tuple[str, int]]:
        """The numbers with their names in the reader's language; the rare ones only where there are any."""
        return labelled(self.counts())

    def as_json(self) -> dict[str, Any]:
        """What the revision set remembers: numbers, remarks without values, lines of the first refusals."""
        return {
            **self.counts(),
            "seconds": round(self.seconds, 2),
            "is_complete": self.is_complete,
            "notes": self.notes,
            "warnings": [[one.field, one.reason, one.count, one.line] for one in self.warnings],
            "rejects": [[one.line, one.remote_id, one.field, one.reason] for one in self.rejects],
        }


def labelled(counts: Mapping[str, Any]) -> list[tuple[str, int]]:
    """The numbers of a report, live or remembered, with their names."""
    return [(str(label), counts.get(name, 0)) for number, (name, label) in enumerate(COUNTS.items()) if number < ALWAYS or counts.get(name)]
