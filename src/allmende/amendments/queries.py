"""Questions about amendments; each begins at what the viewer may see."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404

from allmende.amendments import access, rules
from allmende.amendments.models import Amendment, Change, State
from allmende.ground import differences
from allmende.people.queries import Viewer
from allmende.proposals import queries as proposals
from allmende.proposals.models import Proposal
from allmende.proposals.rules import Part


@dataclass(frozen=True)
class Shown:
    """One change as people read it: the number of its paragraph in the text of now (None: gone), the difference, what overtook it."""

    kind: str
    number: int | None
    lines: list[differences.Line]
    trouble: str
    text: str
    before: str


@dataclass(frozen=True)
class Row:
    """An amendment with its changes and the serials of those it stands against."""

    amendment: Amendment
    changes: list[Shown]
    against: list[int]
    author: str


def amendment_at(viewer: Viewer, proposal: Proposal, serial: int) -> Amendment:
    """The amendment with this number; Http404 where the viewer sees none."""
    found = None
    if serial <= proposals.MAX_NUMBER:
        found = access.amendments_visible_to(viewer).filter(proposal=proposal, serial=serial).select_related("author", "ballot").first()
    if found is None:
        raise Http404
    found.proposal = proposal
    return found


def edits_of(amendment: Amendment) -> list[rules.Edit]:
    """Its changes as the rules see them."""
    rows = Change.objects.filter(amendment=amendment).order_by("position")
    return [edit_of(one) for one in rows]


def edit_of(one: Change) -> rules.Edit:
    """A stored change as the rules see it."""
    return rules.Edit(one.kind, one.key, one.before, one.text, one.inserted)


def parts_now(proposal: Proposal) -> list[Part]:
    """The paragraphs of the newest version."""
    return proposals.parts_of(proposals.version_of(proposal))


def words_now(parts: Iterable[Part]) -> dict[UUID, str]:
    """Key -> words."""
    return {one.key: one.text for one in parts}


def rows(viewer: Viewer, proposal: Proposal, parts: list[Part] | None = None) -> list[Row]:
    """All amendments of a proposal with differences and conflicts, in the order of their numbers: two questions for all of them."""
    found = list(
        access.amendments_visible_to(viewer).filter(proposal=proposal).select_related("author", "ballot").prefetch_related("changes")
    )
    return shown(found, parts if parts is not None else parts_now(proposal))


def shown(amendments: list[Amendment], parts: list[Part]) -> list[Row]:
    """These amendments as people read them, with the conflicts between those that are still open."""
    edits = {one.serial: [edit_of(change) for change in one.changes.all()] for one in amendments}
    pending = {one.serial: edits[one.serial] for one in amendments if one.state in rules.PENDING}
    against, now = rules.conflicts(pending), words_now(parts)
    places = {one.key: n for n, one in enumerate(parts, 1)}
    return [
        Row(one, [_shown(edit, one, places, now) for edit in edits[one.serial]], against.get(one.serial, []), proposals.called(one.author))
        for one in amendments
    ]


def _shown(edit: rules.Edit, amendment: Amendment, places: dict[UUID, int], now: dict[UUID, str]) -> Shown:
    trouble = rules.overtaken(edit, now) if amendment.state == State.OVERTAKEN else ""
    number = 0 if edit.key is None else places.get(edit.key)
    before = "" if edit.kind == rules.INSERT else edit.before
    lines = differences.between(before, "" if edit.kind == rules.DELETE else edit.text)
    return Shown(edit.kind, number, lines, trouble, edit.text, now.get(edit.key, "") if edit.key else "")


def is_open(proposal: Proposal) -> bool:
    """Whether amendments can be proposed now: it is deliberated, and its phase opens this door."""
    return proposal.state == "deliberation" and proposals.is_open(proposal, "amendments")


def counts(found: Iterable[Row]) -> dict[str, int]:
    """How many in each state, for the line under the heading."""
    made: dict[str, int] = defaultdict(int)
    for row in found:
        made[row.amendment.state] += 1
    return dict(made)


def newest_of(proposal: Proposal, amendment: Amendment) -> bool:
    """Whether the version this amendment made is the newest: only then its adoption can be undone."""
    return amendment.state == State.ACCEPTED and amendment.merged == proposal.newest
