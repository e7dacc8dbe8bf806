"""What ends after the years of the law: names and addresses of those who left, and the log of who looked (§ 30 III GenG, § 257 HGB)."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from allmende.constitution import rules as law
from allmende.ground import trail
from allmende.members import keeping
from allmende.members.actions.base import locked
from allmende.members.models import DataChange, Inspection, Membership, Particulars
from allmende.people.models import Person

BLANK = {
    "family_name": "", "given_name": "", "firm": "", "register": "", "represented_by": "", "street": "", "postcode": "", "town": "",
    "country": "", "email": "", "phone": "", "folded": "", "evidence": "",
}  # fmt: skip
AT_ONCE = 500


def erase_expired(today: date) -> int:
    """Blank names and addresses of memberships whose time is over and that nothing else keeps; says how many."""
    last = date(today.year - law.KEEP_LIST_YEARS - 1, 12, 31)
    due = Membership.objects.filter(ends_on__lte=last, erased_at=None).select_related("cooperative").order_by("ends_on", "pk")
    done = 0
    for one in due.iterator(chunk_size=AT_ONCE):
        if keeping.kept_until(one, today) is None and _erase(one):
            done += 1
    return done


@transaction.atomic
def _erase(membership: Membership) -> bool:
    """The membership stays as a number with its shares; nobody can tell any more whose it was."""
    locked(membership.cooperative)
    found = Membership.objects.select_for_update(of=("self",)).filter(pk=membership.pk, erased_at=None).first()
    if found is None:
        return False
    Particulars.objects.filter(membership=found).update(**BLANK)
    DataChange.objects.filter(membership=found).delete()
    found.person, found.organisation, found.invited_at, found.erased_at = None, None, None, timezone.now()
    found.save(update_fields=["person", "organisation", "invited_at", "erased_at"])
    trail.record("members.membership_erased", about=found, cooperative=found.cooperative_id)
    return True


def forget_looks(today: date) -> int:
    """Lines of the log go three years after the end of the year in which somebody looked; says how many."""
    return Inspection.objects.filter(at__year__lt=today.year - law.KEEP_LIST_YEARS).delete()[0]


@transaction.atomic
def forget_person(person: Person) -> None:
    """An account is erased: memberships lose it and stay, a change that waits goes with it."""
    DataChange.objects.filter(membership__person=person).delete()
    Membership.objects.filter(person=person).update(person=None)
