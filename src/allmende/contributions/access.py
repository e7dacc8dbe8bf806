"""Who sees and does what with contributions. A member sees the own lines; offices see all; of others there are only sums of groups."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative, OfficeKind
from allmende.contributions.models import Confirmer, Contribution, Openness, Source, Visibility
from allmende.members import access as members
from allmende.people.queries import Viewer, is_person

HANDLING = (OfficeKind.BOARD, OfficeKind.ADMINISTRATION, OfficeKind.BOOKKEEPING)


def contributions_visible_to(viewer: Viewer, cooperative: Cooperative) -> QuerySet[Contribution]:
    """All lines for offices; for everybody else only the own."""
    found = Contribution.objects.filter(cooperative=cooperative)
    return found if constitution.may_read(viewer, cooperative) else found.filter(membership__in=members.own(viewer))


def waiting_for(viewer: Viewer, cooperative: Cooperative) -> QuerySet[Contribution]:
    """Lines that wait for a second person and that this one may see for it; the own ones too, which somebody else decides."""
    reversals = Contribution.objects.filter(reverses=OuterRef("pk"))
    waiting = Contribution.objects.filter(
        ~Exists(reversals), cooperative=cooperative, counts_at_once=False, confirmation=None, reverses=None
    )
    return waiting if may_confirm(viewer, cooperative) else waiting.none()


def is_confirmer(viewer: Viewer, cooperative: Cooperative) -> bool:
    """Whether the board named this member to confirm, and the membership still exists."""
    if not is_person(viewer):
        return False
    today = localdate()
    named = Confirmer.objects.filter(Q(until=None) | Q(until__gte=today), cooperative=cooperative, since__lte=today)
    return named.filter(membership__in=members.own(viewer).filter(members.active_on(today))).exists()


def may_handle(viewer: Viewer, cooperative: Cooperative) -> bool:
    """Board, member administration and bookkeeping: enter for members, take in files, reverse."""
    return constitution.held_by(viewer, HANDLING).filter(cooperative=cooperative).exists()


def may_confirm(viewer: Viewer, cooperative: Cooperative) -> bool:
    """Who handles contributions, and who was named for it."""
    return may_handle(viewer, cooperative) or is_confirmer(viewer, cooperative)


def may_decide(viewer: Viewer, cooperative: Cooperative) -> bool:
    """The board: kinds, rules, keys, visibility, closing a year."""
    return constitution.may_decide(viewer, cooperative)


def may_enter(viewer: Viewer, line: Contribution) -> bool:
    """Members for themselves where the kind allows it, offices for everybody."""
    if line.source == Source.SELF:
        return is_person(viewer) and line.membership.person_id == viewer.pk
    return may_handle(viewer, line.cooperative)


def may_undo(viewer: Viewer, line: Contribution) -> bool:
    """The member takes back an own line; whoever handles contributions any line."""
    is_own = is_person(viewer) and line.membership.person_id == viewer.pk and line.source == Source.SELF
    return is_own or may_handle(viewer, line.cooperative)


def openness_of(cooperative: Cooperative) -> Visibility:
    """Who sees the sums of groups; without a choice of the board the members."""
    return Visibility.objects.filter(cooperative=cooperative).first() or Visibility(cooperative=cooperative)


def may_see_groups(viewer: Viewer, cooperative: Cooperative) -> bool:
    """Whether this viewer sees how contributions spread over the groups."""
    if constitution.may_read(viewer, cooperative):
        return True
    openness = openness_of(cooperative).openness
    return openness == Openness.PUBLIC or (openness == Openness.MEMBERS and members.is_member(viewer, cooperative))


def may_come_in(viewer: Viewer, cooperative: Cooperative) -> bool:
    """Members, past ones for their own lines, offices; everybody where the sums are public."""
    return members.own_in(viewer, cooperative) is not None or may_see_groups(viewer, cooperative)
