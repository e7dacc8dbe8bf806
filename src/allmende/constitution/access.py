"""Who may do what for a cooperative. Offices decide: neither looking after its entry nor taking care of the network opens a member list.

Whoever answers for the entry sets the membership up and holds, as the first, the office of the board. From then on offices count.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from allmende.constitution.models import Cooperative, Office, OfficeKind, Statute, StatuteState
from allmende.directory import access as directory
from allmende.directory.models import Organisation, Role, State
from allmende.ground.once import once
from allmende.people.models import Person
from allmende.people.queries import Viewer, is_person

DECIDING = (OfficeKind.BOARD,)
ADMINISTERING = (OfficeKind.BOARD, OfficeKind.ADMINISTRATION)
BOOKING = (OfficeKind.BOARD, OfficeKind.BOOKKEEPING)
OF_LAW = (OfficeKind.BOARD, OfficeKind.SUPERVISORY, OfficeKind.AUDIT)
"""Offices whose holders stand in registers and minutes: their names stay, whatever becomes of an account."""
PUBLIC = (OfficeKind.BOARD, OfficeKind.SUPERVISORY)
"""Offices whose holders everybody may know."""
READING = (OfficeKind.BOARD, OfficeKind.ADMINISTRATION, OfficeKind.BOOKKEEPING, OfficeKind.SUPERVISORY, OfficeKind.AUDIT)


Ties = Callable[[Person], QuerySet[Any]]
_TIES: list[Ties] = []


def stays_open_for(ties: Ties) -> Ties:
    """Register who else keeps a cooperative in sight when its entry is archived or merged: numbers of cooperatives for a person.

    Membership does not end with an entry of the map; the room of the members says so here, from above.
    """
    _TIES.append(ties)
    return ties


def cooperatives_visible_to(viewer: Viewer) -> QuerySet[Cooperative]:
    """Those whose entry is published; the others for whoever holds an office there or belongs to them."""
    seen = Q(organisation__state=State.PUBLISHED)
    if is_person(viewer):
        seen |= Q(pk__in=held_by(viewer).values("cooperative"))
        for ties in _TIES:
            seen |= Q(pk__in=ties(viewer))
    return Cooperative.objects.filter(seen).select_related("organisation")


def offices_on(day: date) -> QuerySet[Office]:
    """The offices held on this day."""
    return Office.objects.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


def held_by(viewer: Viewer, kinds: tuple[OfficeKind, ...] = READING) -> QuerySet[Office]:
    """The offices this person holds today."""
    if not is_person(viewer) or not viewer.is_active:
        return Office.objects.none()
    return offices_on(localdate()).filter(person=viewer, kind__in=kinds)


def holders(cooperative: Cooperative, kinds: tuple[OfficeKind, ...]) -> QuerySet[Person]:
    """The accounts of those who hold one of these offices today, each once: whom news concern."""
    held = offices_on(localdate()).filter(cooperative=cooperative, kind__in=kinds, person__isnull=False)
    return Person.objects.filter(pk__in=held.values("person"), is_active=True)


@once
def _holds(viewer: Viewer, cooperative: Cooperative, kinds: tuple[OfficeKind, ...]) -> bool:
    return held_by(viewer, kinds).filter(cooperative=cooperative).exists()


def acting_board(cooperative: Cooperative, day: date) -> QuerySet[Office]:
    """The board members of this day who have an account that can sign in."""
    return offices_on(day).filter(cooperative=cooperative, kind__in=DECIDING, person__is_active=True)


def offices_visible_to(viewer: Viewer, cooperative: Cooperative, day: date) -> QuerySet[Office]:
    """Everybody sees who is on the board and the supervisory board today; who holds an office sees all, former ones too."""
    everything = Office.objects.filter(cooperative=cooperative).select_related("person")
    if may_read(viewer, cooperative):
        return everything
    return everything.filter(pk__in=offices_on(day).filter(cooperative=cooperative, kind__in=PUBLIC).values("pk"))


def may_set_up(viewer: Viewer, organisation: Organisation) -> bool:
    """Who answers for a published entry."""
    return organisation.state == State.PUBLISHED and directory.role_of(viewer, organisation) == Role.OWNER


def may_name_board(viewer: Viewer, cooperative: Cooperative) -> bool:
    """Where nobody on the board can act any more, whoever answers for the entry names somebody: otherwise nobody ever could again."""
    return not acting_board(cooperative, localdate()).exists() and may_set_up(viewer, cooperative.organisation)


def may_decide(viewer: Viewer, cooperative: Cooperative) -> bool:
    """The board: statute, offices, admissions, exclusions, payouts."""
    return _holds(viewer, cooperative, DECIDING)


def may_administer(viewer: Viewer, cooperative: Cooperative) -> bool:
    """The board and the member administration: members' data, groups, letters."""
    return _holds(viewer, cooperative, ADMINISTERING)


def may_book(viewer: Viewer, cooperative: Cooperative) -> bool:
    """The board and the bookkeeping: payments, bank files, requests."""
    return _holds(viewer, cooperative, BOOKING)


def may_read(viewer: Viewer, cooperative: Cooperative) -> bool:
    """Register and books for those who hold an office: the supervisory board and auditors read along."""
    return _holds(viewer, cooperative, READING)


def statutes_visible_to(viewer: Viewer, cooperative: Cooperative) -> QuerySet[Statute]:
    """Adopted versions for everybody, drafts for the board."""
    found = Statute.objects.filter(cooperative=cooperative)
    return found if may_decide(viewer, cooperative) else found.filter(state=StatuteState.ADOPTED)
