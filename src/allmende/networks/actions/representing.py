"""Who acts for a member that is an organisation: named by one side, confirmed by the other, ended by either."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution import access as constitution
from allmende.constitution.queries import account_at
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.ground.text import clean
from allmende.members.actions import locked
from allmende.members.models import Membership
from allmende.networks import access, letters, rules
from allmende.networks.models import VOTING, Acting, Representative
from allmende.people.models import Person


@dataclass(frozen=True)
class Naming:
    """Who is to act for a member, how far, since when, and the authority in text form."""

    name: str
    proof: str
    since: date
    email: str = ""
    acting: str = Acting.ALL
    until: date | None = None


@transaction.atomic
def name_representative(membership: Membership, naming: Naming, *, by: Person) -> Representative:
    """Name somebody. The other side confirms; where nobody of the member is here to do so, the authority in text form is enough."""
    locked(membership.cooperative)
    theirs = access.may_act_for(by, membership)
    require(theirs or constitution.may_administer(by, membership.cooperative), _own_or_administration(), NotAllowed)
    name, proof = clean(naming.name)[:200], clean(naming.proof)[:500]
    require(name, _("Who is it? Write down the name."), BadInput)
    require(proof, _("Write down the authority in text form, or where it lies (for example the mail of a day)."), BadInput)
    require(naming.acting in Acting.values, _("Choose what they may do."), BadInput)
    require(naming.until is None or naming.until >= naming.since, _("The end lies before the beginning."), BadInput)
    require(membership.ends_on is None or naming.since <= membership.ends_on, _("The membership ends before that."), BadInput)
    if naming.acting in VOTING:
        _require_one_vote(membership, naming.since, naming.until)
    person = account_at(naming.email) if naming.email else None
    made = Representative.objects.create(
        membership=membership, name=name, email=naming.email.strip().lower(), acting=naming.acting, since=naming.since, until=naming.until,
        proof=proof, is_named_by_network=not theirs, named_by=by, person=person,
    )  # fmt: skip
    trail.record("networks.representative_named", by=by, about=made, cooperative=membership.cooperative_id)
    if not theirs and not letters.people_of(membership):
        return _confirm(made, by)
    letters.please_confirm(made)
    return made


def _own_or_administration() -> str:
    return _("Only the member itself and the member administration may do this.")


def _require_one_vote(membership: Membership, since: date, until: date | None) -> None:
    """A member has one voice at a time (§ 43 GenG gives the votes to the member, not to each who acts for it)."""
    words = _("%(name)s votes for this member in that time already. End that first, or let the new one speak only.")
    for one in Representative.objects.filter(membership=membership, acting__in=VOTING):
        clash = rules.overlap(since, until, one.since, one.until)
        require(not clash, words % {"name": one.name or _("Somebody")}, Refused)


@transaction.atomic
def confirm_representative(representative: Representative, *, by: Person) -> Representative:
    """The other side agrees: the network to whom a member names, the member to whom the network wrote down. Twice is once."""
    locked(representative.membership.cooperative)
    found = Representative.objects.select_for_update(of=("self",)).select_related("membership__cooperative").get(pk=representative.pk)
    if found.confirmed_at is not None:
        return found
    require(may_confirm(by, found), _("The other side confirms this."), NotAllowed)
    return _confirm(found, by)


def may_confirm(by: Person, one: Representative) -> bool:
    """Whether this person is of the side that did not name."""
    if one.is_named_by_network:
        return access.may_act_for(by, one.membership)
    return constitution.may_administer(by, one.membership.cooperative)


def _confirm(one: Representative, by: Person) -> Representative:
    one.confirmed_at, one.confirmed_by = timezone.now(), by
    one.save(update_fields=["confirmed_at", "confirmed_by"])
    trail.record("networks.representative_confirmed", by=by, about=one, cooperative=one.membership.cooperative_id)
    letters.tell_representative(one)
    return one


@transaction.atomic
def end_representative(representative: Representative, *, until: date, by: Person) -> bool:
    """Somebody acts no longer after this day; who was never confirmed, or would begin later, is taken out. Either side may, and they."""
    locked(representative.membership.cooperative)
    found = (
        Representative.objects.select_for_update(of=("self",))
        .filter(pk=representative.pk)
        .select_related("membership__cooperative")
        .first()
    )
    if found is None:
        return False
    may = (
        found.person_id == by.pk
        or access.may_act_for(by, found.membership)
        or constitution.may_administer(by, found.membership.cooperative)
    )
    require(may, _own_or_administration(), NotAllowed)
    require(found.until is None or until <= found.until, _("This ends earlier already."), Refused)
    trail.record("networks.representative_ended", by=by, about=found.membership, cooperative=found.membership.cooperative_id)
    if found.confirmed_at is None or until < found.since:
        found.delete()
        return True
    found.until = until
    found.save(update_fields=["until"])
    return True


def end_with_membership(membership: Membership) -> None:
    """Nobody acts for a member that has left."""
    if membership.ends_on:
        lasting = Q(until=None) | Q(until__gt=membership.ends_on)
        Representative.objects.filter(lasting, membership=membership, since__lte=membership.ends_on).update(until=membership.ends_on)
        Representative.objects.filter(membership=membership, since__gt=membership.ends_on).delete()


@transaction.atomic
def forget_person(person: Person) -> None:
    """Their account goes: they act for nobody from today on. The name stays in the papers as long as names are kept there."""
    today = localdate()
    mine = Representative.objects.filter(person=person)
    mine.filter(since__gte=today).delete()
    mine.filter(Q(until=None) | Q(until__gte=today)).update(until=today - timedelta(days=1))
    mine.update(person=None, email="")


def forget_names(today: date) -> int:
    """Names of those who have long stopped acting go; for the daily job."""
    last = date(today.year - rules.KEEP_NAMES_YEARS - 1, 12, 31)
    return Representative.objects.filter(until__lte=last).exclude(name="").update(name="", email="", proof="")
