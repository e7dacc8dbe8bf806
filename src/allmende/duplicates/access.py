"""Who may see and decide pairs: caretakers in their area, and those who look after one of the two entries."""

from django.db.models import Q, QuerySet

from allmende.directory.access import caretaken_by, circle, may_caretake, may_own, organisations_visible_to, role_of, stewarded_by
from allmende.directory.models import Organisation, Role, State, Visibility
from allmende.duplicates.models import Merge, Pair
from allmende.people.queries import Viewer, is_person

LIVE = (State.PUBLISHED, State.DRAFT)


def pairs_visible_to(viewer: Viewer) -> QuerySet[Pair]:
    """Pairs of entries that both stand, one of them in the viewer's care, and both of them visible to the viewer.

    Merged pairs are not among them: what became of those says `merges_visible_to`.
    """
    if not _takes_part(viewer):
        return Pair.objects.none()
    standing = Pair.objects.exclude(one__state=State.MERGED).exclude(other__state=State.MERGED)
    if may_caretake(viewer):
        return standing
    mine = in_care_of(viewer).values("pk")
    seen = organisations_visible_to(viewer).values("pk")
    return standing.filter(Q(one__in=mine) | Q(other__in=mine)).filter(one__in=seen, other__in=seen)


def merges_visible_to(viewer: Viewer) -> QuerySet[Merge]:
    """Merges into an entry in the viewer's care; after one is undone, those of them who look after both."""
    if not _takes_part(viewer):
        return Merge.objects.none()
    if may_caretake(viewer):
        return Merge.objects.all()
    mine = in_care_of(viewer).values("pk")
    is_undone = Q(undone_at__isnull=False)
    return Merge.objects.filter(winner__in=mine).filter(~is_undone | Q(loser__in=mine))


def in_care_of(viewer: Viewer) -> QuerySet[Organisation]:
    """The entries this person looks after or takes care of for the network."""
    return Organisation.objects.filter(Q(pk__in=stewarded_by(viewer).values("pk")) | Q(pk__in=caretaken_by(viewer).values("pk")))


def may_see_pairs(viewer: Viewer) -> bool:
    """Whether there is a work list for this person at all."""
    return may_caretake(viewer) or (_takes_part(viewer) and in_care_of(viewer).exists())


def may_decide(viewer: Viewer, one: Organisation, other: Organisation) -> bool:
    """Who answers for both entries, or takes care of both; also one of each."""
    return may_own(viewer, one) and may_own(viewer, other)


def side_of(viewer: Viewer, pair: Pair) -> list[Organisation]:
    """The entries of a pair that this person answers for as owner."""
    return [entry for entry in (pair.one, pair.other) if role_of(viewer, entry) == Role.OWNER]


def may_ask(viewer: Viewer, pair: Pair) -> bool:
    """Whoever has the pair on their list may ask those who answer for the two."""
    return pairs_visible_to(viewer).filter(pk=pair.pk).exists()


def sees_all(viewer: Viewer, *entries: Organisation) -> bool:
    """Whether this person sees every field of all these entries, and so also what a comparison of all fields came to."""
    return all(circle(viewer, entry) == Visibility.STEWARDS for entry in entries)


def may_undo(viewer: Viewer, merge: Merge) -> bool:
    """Who answers for the entry that stayed, or takes care of it."""
    return may_own(viewer, merge.winner)


def _takes_part(viewer: Viewer) -> bool:
    return is_person(viewer)
