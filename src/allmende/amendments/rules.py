"""What is right for amendments: what they make of a text, which of them stand against each other, which were overtaken."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from allmende.proposals.rules import Part

TITLE_LIMIT = 140
REASON_LIMIT = 4_000
CHANGES = 50
AMENDMENTS = 1_000
"""Of one proposal."""

CHANGE, DELETE, INSERT = "change", "delete", "insert_after"
OPEN, OVERTAKEN, VOTING, ACCEPTED, REJECTED, WITHDRAWN = "open", "overtaken", "voting", "accepted", "rejected", "withdrawn"
PENDING = frozenset({OPEN, OVERTAKEN, VOTING})
TO_VOTE = frozenset({OPEN, REJECTED})
"""What can be put to the vote: also what the authors have rejected, so that the members have the last word."""


@dataclass(frozen=True)
class Edit:
    """One change: `key` None is the beginning of the text."""

    kind: str
    key: UUID | None
    before: str
    text: str = ""
    inserted: UUID = field(default_factory=uuid4)


def applied(parts: Sequence[Part], edits: Iterable[Edit], origin: int) -> list[Part]:
    """The text with these changes; new words carry the number of the amendment. Several inserted at one place stand in their order."""
    by_key: dict[UUID, Edit] = {}
    inserted: dict[UUID | None, list[Part]] = defaultdict(list)
    for one in edits:
        if one.kind == INSERT:
            inserted[one.key].append(Part(one.text, one.inserted, origin))
        elif one.key is not None:
            by_key[one.key] = one
    made = list(inserted[None])
    for part in parts:
        edit = by_key.get(part.key)
        if edit is None:
            made.append(part)
        elif edit.kind == CHANGE:
            made.append(Part(edit.text, part.key, origin))
        made += inserted.get(part.key, [])
    return made


def overtaken(edit: Edit, now: Mapping[UUID, str]) -> str:
    """ "" while it fits the text of now (key -> words); otherwise "gone" or "changed". An insertion needs its neighbour only."""
    if edit.key is None:
        return ""
    if edit.key not in now:
        return "gone"
    return "changed" if edit.kind != INSERT and now[edit.key] != edit.before else ""


def are_against(one: Edit, other: Edit) -> bool:
    """Whether not both can be adopted: they change or strike the same paragraph. The same words, or two strikes, are no conflict."""
    if one.key is None or one.key != other.key or INSERT in (one.kind, other.kind):
        return False
    return (one.kind, one.text) != (other.kind, other.text)


def conflicts(amendments: Mapping[int, Sequence[Edit]]) -> dict[int, list[int]]:
    """Serial -> serials of those that change the same paragraphs otherwise."""
    touching: dict[UUID, list[tuple[int, Edit]]] = defaultdict(list)
    for serial, edits in amendments.items():
        for edit in edits:
            if edit.key is not None and edit.kind != INSERT:
                touching[edit.key].append((serial, edit))
    found: dict[int, set[int]] = defaultdict(set)
    for together in touching.values():
        for serial, edit in together:
            found[serial] |= {other for other, theirs in together if other != serial and are_against(edit, theirs)}
    return {serial: sorted(others) for serial, others in found.items() if others}


def neighbour(key: UUID, before: Sequence[Part], now: Mapping[UUID, str]) -> UUID | None:
    """Where something goes whose paragraph is gone: after the nearest one before it that is still there; None is the beginning."""
    last: UUID | None = None
    for part in before:
        if part.key == key:
            break
        if part.key in now:
            last = part.key
    return last
