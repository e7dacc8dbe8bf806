"""Two ideas become one: by the administration, or because both authors agree. Credit is kept, and it can be undone."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.ground import trail
from allmende.ground.refusals import NotAllowed, require
from allmende.ideas import access, letters, rules, tasks
from allmende.ideas.models import Idea, MergeWish, State, Support
from allmende.people.models import Person


@transaction.atomic
def merge_ideas(idea: Idea, into: Idea, *, by: Person) -> Idea:
    """Make one of two: the first one goes into the second. Its author and supporters support that one now, each person once.

    Who supported the first one and its author are told. Refused: another cooperative, or one of the two is not on its way any more.
    """
    idea, into = _both(idea, into)
    require(access.may_merge(by, idea, into), _("The administration merges ideas, or both authors together."), NotAllowed)
    return _merge(idea, into, by)


@transaction.atomic
def wish_merge(idea: Idea, into: Idea, *, by: Person) -> MergeWish:
    """The author of one of two ideas asks the author of the other one to make them one."""
    idea, into = _both(idea, into)
    mine, theirs = (idea, into) if access.is_author(by, idea) else (into, idea)
    require(access.is_author(by, mine), _("The administration merges ideas, or both authors together."), NotAllowed)
    require(theirs.author is not None, _("Nobody can agree for the other idea any more. Please ask the administration to merge them."))
    same = Q(idea=idea, into=into) | Q(idea=into, into=idea)
    wish = MergeWish.objects.filter(same).first()
    if wish is None:
        wish = MergeWish.objects.create(idea=idea, into=into, by=by)
        trail.record("ideas.merge_wished", by=by, about=idea, into=into.pk)
        letters.wished(wish, theirs)
    return wish


@transaction.atomic
def agree_to_merge(wish: MergeWish, *, by: Person) -> Idea:
    """The other author agrees; the two become one."""
    wish = _asked(wish, by)
    idea, into = _both(wish.idea, wish.into)
    letters.wish_answered(wish, is_agreed=True)
    return _merge(idea, into, by)


@transaction.atomic
def decline_merge(wish: MergeWish, *, by: Person) -> None:
    """The other author wants both to stay, or who asked takes the question back."""
    wish = _asked(wish, by, or_asker=True)
    trail.record("ideas.merge_declined", by=by, about=wish.idea, into=wish.into_id)
    if wish.by_id != by.pk:
        letters.wish_answered(wish, is_agreed=False)
    wish.delete()


@transaction.atomic
def separate_ideas(idea: Idea, *, by: Person) -> Idea:
    """Undo a merge: the idea stands by itself again, with its own supporters; those who came along leave the other one."""
    idea = Idea.objects.select_for_update(of=("self",)).select_related("cooperative__organisation", "merged_into").get(pk=idea.pk)
    require(access.may_separate(by, idea), _("The administration undoes a merge, or whose idea it was."), NotAllowed)
    into = idea.merged_into
    require(into is None or into.state != State.MERGED, _("The other idea was merged as well. Please undo that first."))
    Support.objects.filter(idea=into, came_from=idea).delete()
    idea.state, idea.state_before = idea.state_before or State.OPEN, ""
    idea.merged_into, idea.merged_at = None, None
    idea.save(update_fields=["state", "state_before", "merged_into", "merged_at"])
    trail.record("ideas.ideas_separated", by=by, about=idea, into=into.pk if into else None)
    return idea


def _both(idea: Idea, into: Idea) -> tuple[Idea, Idea]:
    """Both rows, locked in the order of their numbers, fit to become one."""
    pks = sorted({idea.pk, into.pk})
    rows = Idea.objects.select_for_update(of=("self",)).select_related("cooperative__organisation", "author").order_by("pk")
    locked = rows.in_bulk(pks)
    require(len(pks) == 2, _("Please choose another idea."))
    one, other = locked[idea.pk], locked[into.pk]
    is_same_house = one.cooperative_id == other.cooperative_id and one.hidden_at is None and other.hidden_at is None
    fits = is_same_house and rules.can_merge(one.state, other.state)
    require(fits, _("Only two ideas of one cooperative that are both on their way can become one."))
    return one, other


def _merge(idea: Idea, into: Idea, by: Person) -> Idea:
    come = set(idea.supports.values_list("person", flat=True)) | ({idea.author_id} if idea.author_id else set())
    there = set(into.supports.values_list("person", flat=True)) | {into.author_id}
    Support.objects.bulk_create(Support(idea=into, person_id=pk, came_from=idea) for pk in sorted(come - there) if pk)
    idea.state_before, idea.state = idea.state, State.MERGED
    idea.merged_into, idea.merged_at = into, timezone.now()
    idea.save(update_fields=["state", "state_before", "merged_into", "merged_at"])
    MergeWish.objects.filter(Q(idea=idea) | Q(into=idea)).delete()
    trail.record("ideas.ideas_merged", by=by, about=idea, into=into.pk)
    tasks.tell_of_merge.enqueue(idea.pk)
    return into


def _asked(wish: MergeWish, by: Person, *, or_asker: bool = False) -> MergeWish:
    """The wish, for whom it asks: the author of the other idea."""
    wish = MergeWish.objects.select_for_update(of=("self",)).select_related("idea", "into", "by").get(pk=wish.pk)
    is_asked = by.pk in (wish.idea.author_id, wish.into.author_id) and by.pk != wish.by_id
    is_heard = access.is_author(by, wish.idea) or access.is_author(by, wish.into)
    require(is_heard and (is_asked or (or_asker and by.pk == wish.by_id)), _("The author of the other idea answers this."), NotAllowed)
    return wish
