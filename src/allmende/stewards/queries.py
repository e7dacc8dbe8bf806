"""Questions about who looks after entries and who wants to. Names of persons come out for the team and for caretakers only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db.models import Case, Count, DateTimeField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from allmende.directory import access as entries
from allmende.directory.models import Caretaking, Confirmation, Organisation, Proof, Role, State, Stewardship
from allmende.directory.queries import shown_to
from allmende.people.models import Person
from allmende.people.queries import Viewer, confirmed_addresses
from allmende.stewards import access, rules
from allmende.stewards.models import Claim, ClaimState, Invitation, InvitationState

_OWNED = Stewardship.objects.filter(role=Role.OWNER, until=None)
_RANK = Case(When(role=Role.OWNER, then=0), When(role=Role.EDITOR, then=1), default=2)


def hashed(token: str) -> str:
    """How a link's secret word is kept: whoever reads the database cannot follow the link."""
    return sha256(token.encode()).hexdigest()


# ------------------------------------------------------------------------------------------------------------- entries


def entry(viewer: Viewer, slug: str) -> Organisation | None:
    """The entry of that address as its record stands, if this viewer may see it at all; followed through one merge after another.

    Every field is in it: pages show its name and address only.
    """
    seen: set[str] = set()
    while slug not in seen:
        seen.add(slug)
        if found := entries.organisations_visible_to(viewer).filter(slug=slug).first():
            return found
        slug = Organisation.objects.filter(slug=slug, state=State.MERGED).values_list("merged_into__slug", flat=True).first() or slug
    return None


@dataclass(frozen=True)
class Care:
    """What everybody may know of who looks after an entry: how many, since when, shown by which proofs. No names."""

    people: int
    since: datetime
    proofs: list[str]
    has_owner: bool


def care(organisation: Organisation) -> Care | None:
    """Who looks after an entry, in numbers; None where nobody does."""
    rows = list(
        Stewardship.objects.filter(organisation=organisation, until=None, role__in=entries.KEEPERS)
        .order_by("since", "pk")
        .values_list("since", "proof", "role")
    )
    if not rows:
        return None
    proofs = dict.fromkeys(proof for _since, proof, _role in rows)
    return Care(len(rows), rows[0][0], [str(Proof(proof).label) for proof in proofs], any(role == Role.OWNER for *_more, role in rows))


@dataclass(frozen=True)
class Domains:
    """At which domains an address shows that one belongs to an entry: those its page names, and whether others count, too."""

    shown: list[str]
    are_all_shown: bool


def domains(organisation: Organisation) -> Domains:
    """The entry's own domains as a guest may know them: hidden fields are not given away, they only count."""
    seen = shown_to(organisation)
    shown = rules.own_domains(seen.website, seen.email)
    return Domains(sorted(shown), shown == rules.own_domains(organisation.website, organisation.email))


def own_address(person: Person, organisation: Organisation) -> str:
    """A confirmed address of this person at the entry's own domain, hidden ones included; empty where there is none."""
    own = rules.own_domains(organisation.website, organisation.email)
    return next((email for email in confirmed_addresses(person) if rules.domain_of(email) in own), "")


# ---------------------------------------------------------------------------------------------------------------- team


def team(organisation: Organisation) -> QuerySet[Stewardship]:
    """Who looks after the entry today: those who answer for it first. Members by a register are not named here."""
    held = Stewardship.objects.filter(organisation=organisation, until=None).exclude(proof=Proof.MEMBERSHIP)
    return held.select_related("person").order_by(_RANK, "since", "pk")


def stewardship(organisation: Organisation, pk: int) -> Stewardship | None:
    """One of the team."""
    return team(organisation).select_related("organisation").filter(pk=pk).first()


def invitations_of(organisation: Organisation) -> QuerySet[Invitation]:
    """Open invitations of an entry; those whose link is too old can be sent again."""
    return Invitation.objects.filter(organisation=organisation, state=InvitationState.OPEN).select_related("by", "organisation")


def held_by(person: Person) -> QuerySet[Stewardship]:
    """What this person looks after today, with the moment the entry was last confirmed; by name."""
    confirmed = Confirmation.objects.filter(organisation=OuterRef("organisation")).order_by().values("organisation")
    return (
        Stewardship.objects.filter(person=person, until=None)
        .exclude(organisation__state=State.MERGED)
        .select_related("organisation")
        .annotate(confirmed_at=Subquery(confirmed.annotate(newest=Max("at")).values("newest")))
        .order_by("organisation__name", "pk")
    )


def last_owned(person: Person) -> QuerySet[Organisation]:
    """Published entries for which nobody but this person answers."""
    others = _OWNED.filter(organisation=OuterRef("pk")).exclude(person=person)
    mine = _OWNED.filter(organisation=OuterRef("pk"), person=person)
    return Organisation.objects.filter(Exists(mine), ~Exists(others), state=State.PUBLISHED).order_by("name", "pk")


# ------------------------------------------------------------------------------------------------ claims and invitations


def open_claim(viewer: Viewer, organisation: Organisation) -> Claim | None:
    """The open claim of this person to this entry."""
    if not isinstance(viewer, Person):
        return None
    return Claim.objects.filter(person=viewer, organisation=organisation, state=ClaimState.OPEN).select_related("organisation").first()


def claim_by_token(token: str) -> Claim | None:
    """The claim whose newest letter has this link; None where there is none (any more)."""
    return Claim.objects.filter(token=hashed(token)).select_related("organisation", "person").first() if token else None


def claim(viewer: Viewer, uuid: UUID) -> Claim | None:
    """A claim this person may see."""
    return access.claims_visible_to(viewer).filter(uuid=uuid).select_related("organisation", "person").first()


def claim_to_vouch_for(uuid: UUID) -> Claim | None:
    """The claim behind a vouching link; whoever has the link was given it by the claimant."""
    return Claim.objects.filter(uuid=uuid, proof=Proof.VOUCHED).select_related("organisation", "person").first()


def claims_of_team(viewer: Viewer, organisation: Organisation) -> QuerySet[Claim]:
    """Open claims to an entry that this viewer could decide."""
    found = access.claims_visible_to(viewer).filter(organisation=organisation, state=ClaimState.OPEN).select_related("person")
    return found.exclude(person=viewer) if isinstance(viewer, Person) else found.none()


def claims_for_owner(person: Person) -> QuerySet[Claim]:
    """Open claims to entries this person answers for."""
    owned = _OWNED.filter(person=person).values("organisation")
    found = access.claims_visible_to(person).filter(organisation__in=owned, state=ClaimState.OPEN).exclude(person=person)
    return found.select_related("organisation", "person")


def claims_opened_by(person: Person) -> QuerySet[Claim]:
    """One's own open claims, with how many vouch for them."""
    return Claim.objects.filter(person=person, state=ClaimState.OPEN).select_related("organisation").annotate(voices=Count("vouches"))


def claims_waiting(viewer: Viewer) -> QuerySet[Claim]:
    """Claims that wait for this caretaker, the oldest first: asked of network management, or proved and left unanswered by the owners.

    `waiting_since` is the moment they came to the desk.
    """
    answered_by = timezone.now() - timedelta(days=rules.OWNERS_ANSWER_DAYS)
    late = Q(proved_at__lte=answered_by) | (Q(proved_at__isnull=False) & ~Exists(_OWNED.filter(organisation=OuterRef("organisation"))))
    return (
        Claim.objects.filter(Q(proof=Proof.GRANTED) | late, state=ClaimState.OPEN, organisation__in=entries.caretaken_by(viewer))
        .select_related("organisation", "person")
        .annotate(waiting_since=Coalesce("proved_at", "opened_at"))
        .order_by("waiting_since", "pk")
    )


def without_steward(viewer: Viewer) -> QuerySet[Organisation]:
    """Published entries of this caretaker for which nobody answers. `waiting_since`: when the last owner left, else when it was entered."""
    left = Max("stewardships__until", filter=Q(stewardships__role=Role.OWNER))
    return (
        entries.caretaken_by(viewer)
        .filter(~Exists(_OWNED.filter(organisation=OuterRef("pk"))), state=State.PUBLISHED)
        .annotate(waiting_since=Coalesce(left, F("created_at"), output_field=DateTimeField()))
        .order_by("waiting_since", "pk")
    )


def invitation_by_token(token: str) -> Invitation | None:
    """The invitation whose newest letter has this link, whatever became of it."""
    return Invitation.objects.filter(token=hashed(token)).select_related("organisation", "by").first() if token else None


def invitations_for(person: Person) -> QuerySet[Invitation]:
    """Invitations to one of this person's confirmed addresses that can still be accepted."""
    young = timezone.now() - timedelta(days=rules.INVITATION_DAYS)
    return Invitation.objects.filter(state=InvitationState.OPEN, email__in=confirmed_addresses(person), sent_at__gt=young).select_related(
        "organisation", "by"
    )


# ---------------------------------------------------------------------------------------------------------- caretakers


def caretakings() -> QuerySet[Caretaking]:
    """Who takes care of which region or sector, for the page and the command of the house."""
    return Caretaking.objects.select_related("person", "sector").order_by("country", "region", "sector__name_de", "pk")


def caretakers_of_the_house() -> QuerySet[Person]:
    """Who takes care of everything."""
    return Person.objects.filter(is_caretaker=True, is_active=True).order_by("name", "pk")
