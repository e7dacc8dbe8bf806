"""Questions about entering, editing and looking back."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import Q, QuerySet

from allmende.directory import history
from allmende.directory.access import circle, may_caretake, organisations_visible_to, stewarded_by
from allmende.directory.importers import undoing
from allmende.directory.models import (
    Caretaking,
    DataRules,
    Organisation,
    Proof,
    Revision,
    RulesState,
    State,
    Stewardship,
    Visibility,
)
from allmende.directory.queries import rules_in_force
from allmende.duplicates.lookup import Candidate, candidates
from allmende.duplicates.scoring import Portrait, Site
from allmende.duplicates.sketches import portrait_said
from allmende.editing import access, rules
from allmende.editing.models import Entering
from allmende.people.models import Person
from allmende.people.queries import Viewer, confirmed_addresses

INVITATION = "allmende.editing.invitation"
SAID = "allmende.editing.said"


# ------------------------------------------------------------------------------------------------------------- entering


def waiting_for_a_look(viewer: Viewer) -> QuerySet[Organisation]:
    """The new entries that wait for this caretaker to look at them, the oldest first."""
    return access.waiting_for(viewer).select_related("entering", "entering__person").prefetch_related("places").order_by("entering__at")


def mine_waiting(person: Viewer) -> QuerySet[Organisation]:
    """What this person entered and a caretaker has not looked at yet."""
    if not isinstance(person, Person):
        return Organisation.objects.none()
    return Organisation.objects.filter(entering__person=person, state=State.DRAFT).order_by("entering__at")


def entered_with(person: Person, token: str) -> Organisation | None:
    """The entry that this form has become already: it was sent twice."""
    held = Entering.objects.filter(person=person, token=token[:64]).select_related("organisation").first() if token else None
    return held.organisation if held else None


def entering_of(organisation: Organisation) -> Entering | None:
    """Which form the entry came from, and whose."""
    return Entering.objects.filter(organisation=organisation).select_related("person", "invited_by").first()


def why_live(person: Person, website: str, *, is_invited: bool) -> rules.Why:
    """Whether what this person enters is published at once."""
    return rules.goes_live(
        is_caretaker=may_caretake(person) or Caretaking.objects.filter(person=person).exists(),
        is_invited=is_invited,
        looks_after_published=stewarded_by(person).filter(state=State.PUBLISHED).exists(),
        website=website,
        verified=confirmed_addresses(person),
    )


@dataclass(frozen=True)
class Invitation:
    """A link by which somebody may enter one organisation that is then published at once."""

    by: Person
    word: str


def invitation_link_word(by: Person, word: str) -> str:
    """The signed part of the link."""
    return signing.dumps([by.pk, word], salt=INVITATION)


def invitation(signed: str) -> Invitation | None:
    """The invitation of a link; None for one that was made up, is too old, was used, or whose maker may invite no more."""
    try:
        pk, word = signing.loads(signed, salt=INVITATION, max_age=rules.INVITATION_DAYS * 86_400)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    by = Person.objects.filter(pk=pk).first()
    if by is None or not access.may_invite(by) or Entering.objects.filter(invitation=word).exists():
        return None
    return Invitation(by, word)


@dataclass(frozen=True)
class Alike:
    """An entry that may be the same one, with the reasons in words."""

    organisation: Organisation
    verdict: Any
    town: str

    @property
    def reasons(self) -> list[str]:
        """What speaks for it, as sentences."""
        return [str(reason) for reason in self.verdict.reasons if reason.speaks_for >= 0]


def alike(viewer: Viewer, said: dict[str, Any], but: Iterable[int] = ()) -> list[Alike]:
    """Entries this person can see that may be the same as what they typed. Nobody learns here what is hidden from them."""
    left = set(but)
    found: list[Candidate] = [
        one for one in candidates(portrait(said), limit=5, public=not may_caretake(viewer)) if one.organisation_id not in left
    ]
    seen = organisations_visible_to(viewer).prefetch_related("places").in_bulk([one.organisation_id for one in found])
    return [
        Alike(
            seen[one.organisation_id], one.verdict, next((place.town for place in seen[one.organisation_id].places.all() if place.town), "")
        )
        for one in found
        if one.organisation_id in seen
    ]


def portrait(said: dict[str, Any]) -> Portrait:
    """What was typed, as it is compared."""
    names = ("street", "postcode", "town", "country", "lat", "lon", "precision")
    return portrait_said(said, [Site(**{name: place[name] for name in names}) for place in said.get("places", ())])


def ruled() -> dict[str, str] | None:
    """What the data rules in force say about who sees what."""
    return getattr(rules_in_force(), "defaults", None)


# -------------------------------------------------------------------------------------------------------------- editing


def state_at(pk: int, revision: int) -> history.State:
    """What the entry said after this revision; its rows are locked for as long as reading takes."""
    with transaction.atomic():
        return history.state_at(pk, revision)


def state_now(pk: int) -> history.State:
    """What the entry says now, in the shape of a draft."""
    with transaction.atomic():
        return undoing.said(pk)


def way_back(organisation: Organisation, revision: Revision) -> tuple[history.State, history.State]:
    """What would change if the entry went back to what it said after this revision: before and after, as a revision holds it."""
    with transaction.atomic():
        now, then = undoing.said(organisation.pk), history.state_at(organisation.pk, revision.pk)
    return undoing.difference(now, {**then, **{name: now[name] for name in history.NOT_RESTORED}})


def merged_into(slug: str) -> Organisation | None:
    """Where the entry of this address went, if it was merged into another."""
    held = Organisation.objects.filter(slug=slug, state=State.MERGED).select_related("merged_into").first()
    return held.merged_into if held else None


def last_editor(pk: int, since: int) -> Revision | None:
    """The newest change of an entry after a revision: who and when, for those who meet it in their own form."""
    return Revision.objects.filter(organisation=pk, pk__gt=since).select_related("set", "set__by").order_by("-pk").first()


# ---------------------------------------------------------------------------------------------------------- looking back


@dataclass(frozen=True)
class Change:
    """One revision as this viewer may read it: the fields before and after, without what is not for them."""

    revision: Revision
    who: str
    name: str  # of the person, for the team only
    before: dict[str, Any]
    after: dict[str, Any]
    is_first: bool
    reason: str  # only where nothing of the change is kept from this viewer: people name in it what they changed


def changes(viewer: Viewer, organisation: Organisation) -> QuerySet[Revision]:
    """The revisions of an entry that this viewer may know of, newest first. Ask with the entry as it is, not with a redacted copy."""
    every = Revision.objects.filter(organisation=organisation).select_related("set__by", "set__source").order_by("-pk")
    seen = sights(viewer, organisation)
    return every if seen is None else every.filter(pk__in=list(seen))


def sights(viewer: Viewer, organisation: Organisation) -> dict[int, rules.Sight] | None:
    """How much of which revision this viewer may read; None: all of all, for those who may edit."""
    seen_from = circle(viewer, organisation)
    if seen_from == Visibility.STEWARDS:
        return None
    versions = list(
        DataRules.objects.filter(state__in=[RulesState.ADOPTED, RulesState.REPLACED])
        .order_by("decided_at")
        .values_list("decided_at", "defaults")
    )
    rows = Revision.objects.filter(organisation=organisation).order_by("-pk")
    firsts = set(rows.filter(before={}).values_list("pk", flat=True))
    keys = ("before__state", "after__state", "before__visibility", "after__visibility")
    steps = (
        rules.Step(pk, pk in firsts, (was, now), (saw, sees), rules.ruled_at(at, versions))
        for pk, at, was, now, saw, sees in rows.values_list("pk", "set__at", *keys)
    )
    held = Organisation.objects.only("state", "visibility").get(pk=organisation.pk)
    return rules.sights(steps, circle=seen_from, state=held.state, visibility=held.visibility, ruled=ruled())


def read(viewer: Viewer, organisation: Organisation, revisions: Iterable[Revision]) -> list[Change]:
    """These revisions as this viewer may read them."""
    seen = sights(viewer, organisation)
    hands = _Hands(organisation)
    found = []
    for revision in revisions:
        sight = seen[revision.pk] if seen is not None else None
        before, after = rules.without(revision.before, sight), rules.without(revision.after, sight)
        name = str(revision.set.by) if seen is None and revision.set.by and not revision.set.by.is_service else ""
        reason = revision.set.reason if (before, after) == (revision.before, revision.after) else ""
        found.append(Change(revision, hands.who(revision), name, before, after, not revision.before, reason))
    return found


class _Hands:
    """Whose hand a change was in, in three questions for any number of changes."""

    def __init__(self, organisation: Organisation) -> None:
        held = Stewardship.objects.filter(organisation=organisation).exclude(proof=Proof.MEMBERSHIP)
        self.team = set(held.values_list("person_id", flat=True))
        areas = Caretaking.objects.values("person")
        self.caretakers = set(Person.objects.filter(Q(is_caretaker=True) | Q(pk__in=areas)).values_list("pk", flat=True))
        self.entered = set(Entering.objects.filter(organisation=organisation).values_list("person_id", flat=True))

    def who(self, revision: Revision) -> str:
        """A word for the hand: import, house, team, caretakers, outside, or gone for an account that was erased."""
        by = revision.set.by
        if revision.set.source_id:
            return "import"
        if by is None:
            return "gone" if revision.before else "outside"
        if by.is_service:
            return "house"
        if by.pk in self.team | self.entered:
            return "team"
        return "caretakers" if by.pk in self.caretakers else "outside"
