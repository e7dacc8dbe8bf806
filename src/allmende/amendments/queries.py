"""Questions about amendments; each begins at what the viewer may see."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet
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


def rows_of_page(amendments: list[Amendment], proposal: Proposal) -> list[Row]:
    """Some of the amendments of a proposal; conflicts with those on other pages are found, too."""
    pending = Change.objects.filter(amendment__proposal=proposal, amendment__state__in=rules.PENDING, amendment__hidden_at=None)
    edits: dict[int, list[rules.Edit]] = defaultdict(list)
    for one in pending.select_related("amendment").exclude(kind=rules.INSERT):
        edits[one.amendment.serial].append(edit_of(one))
    return shown(amendments, parts_now(proposal), rules.conflicts(edits)) if amendments else []


def states(amendments: QuerySet[Amendment]) -> dict[str, int]:
    """How many there are in each state."""
    return dict(amendments.order_by().values_list("state").annotate(n=Count("pk")))


def shown(amendments: list[Amendment], parts: list[Part], against: dict[int, list[int]]) -> list[Row]:
    """These amendments as people read them; `against`: serial -> serials of those that change the same paragraphs otherwise."""
    now, places = words_now(parts), {one.key: n for n, one in enumerate(parts, 1)}
    return [
        Row(
            one,
            [_shown(edit_of(change), one, places, now) for change in one.changes.all()],
            against.get(one.serial, []),
            proposals.called(one.author),
        )
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


def newest_of(proposal: Proposal, amendment: Amendment) -> bool:
    """Whether the version this amendment made is the newest: only then its adoption can be undone."""
    return amendment.state == State.ACCEPTED and amendment.merged == proposal.newest
