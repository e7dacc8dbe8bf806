"""Who may see and do what with bank accounts: members their own, the offices of the money theirs, nobody else."""

from django.db.models import QuerySet

from allmende.banking.models import Mandate
from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.members.models import Membership
from allmende.people.queries import Viewer, is_person


def is_own(viewer: Viewer, membership: Membership) -> bool:
    """Whether this account belongs to the member."""
    return is_person(viewer) and membership.person_id == viewer.pk


def may_name_account(viewer: Viewer, membership: Membership) -> bool:
    """Give or take back a mandate, say where payouts go: the member; board, administration and bookkeeping from a signed paper."""
    of = membership.cooperative
    return is_own(viewer, membership) or constitution.may_administer(viewer, of) or constitution.may_book(viewer, of)


def may_see_iban(viewer: Viewer, membership: Membership) -> bool:
    """The whole number: the member, and the offices that book."""
    return is_own(viewer, membership) or constitution.may_book(viewer, membership.cooperative)


def mandates_visible_to(viewer: Viewer, cooperative: Cooperative) -> QuerySet[Mandate]:
    """All of a cooperative for its offices; a member's own for the member."""
    found = Mandate.objects.filter(membership__cooperative=cooperative)
    if constitution.may_read(viewer, cooperative):
        return found
    return found.filter(membership__person=viewer) if is_person(viewer) else found.none()
