"""Who may hold an office of the law."""

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution import rules as law
from allmende.constitution.models import Office, OfficeKind
from allmende.directory.access import stewarded_by
from allmende.ground.refusals import Refused, require
from allmende.members import access
from allmende.members.models import Membership

OF_MEMBERS = {OfficeKind.BOARD.value, OfficeKind.SUPERVISORY.value}


def require_member_in_office(office: Office) -> None:
    """Board and supervisory board are members, or act for a member that is an organisation (§ 9 II GenG).

    Not asked before a cooperative has as many members as the law wants of it (§ 4 GenG): while it is set up or taken over; nor for
    holders without an account, of whom the house knows nothing but a name.
    """
    if office.kind not in OF_MEMBERS or office.person is None:
        return
    active = Membership.objects.filter(access.active_on(max(localdate(), office.since)), cooperative=office.cooperative)
    if active.count() < law.LEAST_MEMBERS:
        return
    stands_for = Q(person=office.person) | Q(organisation__in=stewarded_by(office.person))
    words = _(
        "Board and supervisory board must be members, or act for an organisation that is one (§ 9 II GenG). "
        "First join this person’s account to a membership on the page of the member."
    )
    require(active.filter(stands_for).exists(), words, Refused)
