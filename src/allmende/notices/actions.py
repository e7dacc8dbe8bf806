"""Every change about following: beginning, changing, ending, matching what happened, sending digests."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.directory.models import Organisation
from allmende.ground import trail
from allmende.ground.bulk import insert
from allmende.ground.refusals import NotAllowed, require
from allmende.notices import access, letters, queries, rules
from allmende.notices.models import FeedKey, Follow, Frequency, Happening, Item, new_word
from allmende.people.models import Person

MOST = 100  # follows of one person
BATCH = 500


@transaction.atomic
def follow_organisation(organisation: Organisation, *, by: Person, frequency: str = Frequency.WEEKLY) -> Follow:
    """Hear of everything that happens to an entry."""
    _check(by, frequency)
    found, is_new = Follow.objects.get_or_create(
        person=by, organisation=organisation, defaults={"frequency": frequency, "since": timezone.now()}
    )
    return _keep(found, is_new, frequency)


@transaction.atomic
def follow_search(query: str, *, by: Person, frequency: str = Frequency.WEEKLY) -> Follow:
    """Hear of what comes to a search of the map or changes in it. An empty search is the whole map."""
    _check(by, frequency)
    written = queries.canonical(query) or "sort="
    require(len(written) <= 1_000, _("This search is too long to be followed. Please use fewer words and filters."))
    found, is_new = Follow.objects.get_or_create(person=by, query=written, defaults={"frequency": frequency, "since": timezone.now()})
    return _keep(found, is_new, frequency)


def _check(by: Person, frequency: str) -> None:
    require(access.may_follow(by), _("Please sign in to follow something."), NotAllowed)
    require(frequency in Frequency.values, _("Please choose how often you want to hear of it."))
    require(Follow.objects.filter(person=by).count() < MOST, _("You follow 100 things already. Please end one first."))


def _keep(found: Follow, is_new: bool, frequency: str) -> Follow:
    if is_new:
        trail.record("notices.followed", by=found.person, about=found)
    elif found.frequency != frequency:
        found.frequency = frequency
        found.save(update_fields=["frequency"])
    return found


@transaction.atomic
def change_follow(follow: Follow, frequency: str, *, by: Person) -> Follow:
    """Hear of it more or less often."""
    require(access.follows_visible_to(by).filter(pk=follow.pk).exists(), _("This is not yours."), NotAllowed)
    require(frequency in Frequency.values, _("Please choose how often you want to hear of it."))
    Follow.objects.filter(pk=follow.pk).update(frequency=frequency)
    follow.frequency = frequency
    if frequency == Frequency.PAUSED:
        _hand_over(follow)
    return follow


@transaction.atomic
def end_follow(follow: Follow, *, by: Person) -> None:
    """Hear no more of it; what was not sent yet is not sent any more."""
    require(access.follows_visible_to(by).filter(pk=follow.pk).exists(), _("This is not yours."), NotAllowed)
    trail.record("notices.unfollowed", by=by)
    _hand_over(follow)
    follow.delete()


def _hand_over(follow: Follow) -> None:
    """What this follow would still have told is told by another one that covers it too, if there is one."""
    waiting = Item.objects.filter(follow=follow, sent_at=None)
    others = Follow.objects.filter(person_id=follow.person_id).exclude(pk=follow.pk).exclude(frequency=Frequency.PAUSED)
    for other in others:
        entries = set(waiting.values_list("happening__organisation", flat=True))
        covered = queries.found_by(other, entries)
        told = [
            one.pk
            for one in waiting.filter(happening__organisation__in=covered).select_related("happening")
            if queries.wanted(other, one.happening)
        ]
        Item.objects.filter(pk__in=told).update(follow=other)


@transaction.atomic
def stop_mail(person: Person) -> int:
    """The one click at the foot of a digest: no more mail about what this person follows. The feed and the list stay."""
    return Follow.objects.filter(person=person).exclude(frequency=Frequency.PAUSED).update(frequency=Frequency.PAUSED)


@transaction.atomic
def feed_key(person: Person, *, renew: bool = False) -> FeedKey:
    """The key to somebody's own feed, made on first use."""
    key, _is_new = FeedKey.objects.get_or_create(person=person)
    if renew:
        key.word = new_word()
        key.save(update_fields=["word"])
    return key


def note(organisations: Iterable[int], what: str) -> None:
    """Remember that something happened, in the transaction of the change; nothing where nobody follows anything."""
    if what not in rules.NEWS or not Follow.objects.exists():
        return
    now = timezone.now()
    born = dict(Organisation.objects.filter(pk__in=list(organisations)).values_list("pk", "created_at"))
    insert([Happening(organisation_id=pk, news=rules.news_of(what, now - at < BIRTH), at=now) for pk, at in sorted(born.items())])


BIRTH = timedelta(minutes=30)  # an import creates an entry and tells of it in one go


def match_all() -> int:
    """Bring what happened to those who follow it, batch by batch; returns how many happenings there were."""
    done = 0
    while count := _match():
        done += count
    return done


@transaction.atomic
def _match() -> int:
    """One batch in one transaction: whatever moment the machine stops, an item is there once or not yet."""
    batch = list(Happening.objects.select_for_update().filter(pk__in=[one.pk for one in queries.to_match(BATCH)], matched_at=None))
    if not batch:
        return 0
    by_organisation: dict[int, list[Happening]] = defaultdict(list)
    for one in batch:
        by_organisation[one.organisation_id].append(one)
    found: dict[tuple[int, int], Item] = {}
    for follow in Follow.objects.order_by("pk").iterator():
        for pk in queries.found_by(follow, by_organisation):
            for one in by_organisation[pk]:
                if queries.wanted(follow, one):
                    _remember(found, follow, one)
    Item.objects.bulk_create(found.values(), ignore_conflicts=True)
    Happening.objects.filter(pk__in=[one.pk for one in batch]).update(matched_at=timezone.now())
    return len(batch)


SOONEST = (Frequency.NOW, Frequency.DAILY, Frequency.WEEKLY, Frequency.PAUSED)


def _remember(found: dict[tuple[int, int], Item], follow: Follow, one: Happening) -> None:
    """Of several follows that want the same news, the one that tells it soonest does."""
    key = (follow.person_id, one.pk)
    known = found.get(key)
    if known is None or SOONEST.index(Frequency(follow.frequency)) < SOONEST.index(Frequency(known.follow.frequency)):  # type: ignore[union-attr]
        found[key] = Item(person_id=follow.person_id, happening=one, follow=follow)


def send_due(now: datetime) -> int:
    """Write the digests whose time has come; returns how many letters."""
    people = Item.objects.filter(sent_at=None, follow__isnull=False).exclude(follow__frequency=Frequency.PAUSED)
    pks = list(people.order_by("person").values_list("person", flat=True).distinct())
    return sum(_send(pk, now) for pk in pks)


@transaction.atomic
def _send(pk: int, now: datetime) -> int:
    """One person's news in one letter. Letter and marks are written together: no item twice, none lost."""
    person = Person.objects.select_for_update().get(pk=pk)
    local = timezone.localtime(now)
    items = [one for one in queries.to_tell(person) if one.follow and _is_due(one.follow, local)]
    if not items or not person.is_active:
        return 0
    shown = set(access.tellable().filter(pk__in={one.happening.organisation_id for one in items}).values_list("pk", flat=True))
    lines = letters.lines([one for one in items if one.happening.organisation_id in shown or one.happening.news == "gone"])
    if lines:
        letters.digest(person, lines)
    Item.objects.filter(pk__in=[one.pk for one in items]).update(sent_at=now)
    Follow.objects.filter(pk__in={one.follow_id for one in items}).update(sent_at=now)
    return 1 if lines else 0


def _is_due(follow: Follow, local_now: datetime) -> bool:
    return rules.is_due(follow.frequency, follow.sent_at, follow.since, local_now)


@transaction.atomic
def prune(now: datetime) -> int:
    """Forget what was told long ago; what is still to be told stays."""
    old = Happening.objects.filter(at__lt=now - rules.KEPT).exclude(matched_at=None)
    waiting = Item.objects.filter(sent_at=None, follow__isnull=False).exclude(follow__frequency=Frequency.PAUSED)
    return old.exclude(pk__in=waiting.values("happening")).delete()[0]


@transaction.atomic
def follow_merge(winner: int, loser: int) -> None:
    """Whoever followed the merged entry follows the one that stayed."""
    has_both = Follow.objects.filter(organisation=winner).values("person")
    Follow.objects.filter(organisation=loser, person__in=has_both).update(frequency=Frequency.PAUSED)
    Follow.objects.filter(organisation=loser).exclude(person__in=has_both).update(organisation=winner, came_from=loser)


@transaction.atomic
def follow_unmerge(winner: int, loser: int) -> None:
    """Those who came with the merged entry go back to it."""
    Follow.objects.filter(organisation=winner, came_from=loser).update(organisation=loser, came_from=None)
