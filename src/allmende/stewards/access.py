"""Who may claim, vouch, decide, and see who looks after an entry. Who may edit and own is said one floor down, in the directory."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from allmende.directory import access as entries
from allmende.directory.models import Organisation, Proof, Role, State, Stewardship
from allmende.people.models import Person
from allmende.people.queries import Viewer, is_person
from allmende.stewards import rules
from allmende.stewards.models import Claim, Invitation


def _person(viewer: Viewer) -> Person | None:
    """The viewer as a person who may act; a guest, a blocked account and a service hand are nobody."""
    return viewer if is_person(viewer) else None


def has_owner(organisation: Organisation) -> bool:
    """Whether somebody answers for the entry today."""
    return Stewardship.objects.filter(organisation=organisation, role=Role.OWNER, until=None).exists()


def may_claim(viewer: Viewer, organisation: Organisation) -> bool:
    """Signed-in people who do not look after a published entry yet; its editors too while nobody answers for it."""
    if _person(viewer) is None or organisation.state != State.PUBLISHED:
        return False
    role = entries.role_of(viewer, organisation)
    return role in (None, Role.MEMBER) or (role == Role.EDITOR and not has_owner(organisation))


def may_see_team(viewer: Viewer, organisation: Organisation) -> bool:
    """Who belongs to the team in any role, and the entry's caretakers. Names of persons are never public."""
    return entries.role_of(viewer, organisation) is not None or entries.may_caretake_entry(viewer, organisation)


def may_lead_team(viewer: Viewer, organisation: Organisation) -> bool:
    """Who answers for the entry decides who else looks after it; its caretakers may, too."""
    return entries.may_own(viewer, organisation)


def claims_visible_to(viewer: Viewer) -> QuerySet[Claim]:
    """One's own; those of entries one answers for or takes care of, once they are more than a typed address."""
    person = _person(viewer)
    if person is None:
        return Claim.objects.none()
    shown = Q(proved_at__isnull=False) | ~Q(proof="domain")
    return Claim.objects.filter(Q(person=person) | (shown & (_of_owned(person) | Q(organisation__in=entries.caretaken_by(person)))))


def _of_owned(person: Person) -> Q:
    owned = Stewardship.objects.filter(person=person, until=None, role=Role.OWNER, organisation=OuterRef("organisation"))
    return Q(Exists(owned))


def may_decide_claim(viewer: Viewer, claim: Claim) -> bool:
    """Who answers for the entry and its caretakers; nobody decides a claim of their own."""
    person = _person(viewer)
    return person is not None and claim.person_id != person.pk and entries.may_own(person, claim.organisation)


def may_vouch(viewer: Viewer, claim: Claim) -> bool:
    """Who looks after another published entry that can still vouch for this claim."""
    return vouching_entries(viewer, claim).exists()


def vouching_entries(viewer: Viewer, claim: Claim) -> QuerySet[Organisation]:
    """For which of their entries this person can vouch: published, another one, not the claimant's own, not heard yet.

    Two voices are two only if neither of those who speak looks after the other's entry as well; and whoever entered an entry
    themselves waits a while, because anybody can do that: three accounts and two new entries are not two organisations.
    """
    person = _person(viewer)
    if person is None or person.pk == claim.person_id or claim.vouches.filter(person=person).exists():
        return Organisation.objects.none()
    heard = claim.vouches.values("organisation")
    mine = entries.stewarded_by(person).filter(state=State.PUBLISHED)
    if entries.stewarded_by(person).filter(pk__in=heard).exists():
        return Organisation.objects.none()
    of_others = Stewardship.objects.filter(
        Q(person=claim.person_id) | Q(person__in=claim.vouches.values("person")), until=None, role__in=entries.KEEPERS
    )
    lately = timezone.now() - timedelta(days=rules.VOUCH_AFTER_DAYS)
    own_new = Stewardship.objects.filter(proof=Proof.FOUNDED, since__gt=lately)
    mine = mine.exclude(pk__in=heard).exclude(pk__in=of_others.values("organisation")).exclude(pk__in=own_new.values("organisation"))
    return mine.exclude(pk=claim.organisation_id).order_by("name", "pk")


def invitations_visible_to(viewer: Viewer) -> QuerySet[Invitation]:
    """Invitations of entries whose team this person leads."""
    person = _person(viewer)
    if person is None:
        return Invitation.objects.none()
    return Invitation.objects.filter(_of_owned(person) | Q(organisation__in=entries.caretaken_by(person)))


def may_name_caretakers(viewer: Viewer) -> bool:
    """Caretakers of the whole house, and the operator at the machine (the house's own hand)."""
    return entries.may_caretake(viewer) or (isinstance(viewer, Person) and viewer.is_service)
