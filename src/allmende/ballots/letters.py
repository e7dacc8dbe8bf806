"""What people on the roll are told: voting has begun, it ends soon (only who has not taken part), it was prolonged, what came out.

The jobs work through a roll in small portions, each one transaction, and note how far they came: a crash repeats none and leaves out none,
and nobody who votes waits for them. Nothing here says to anybody who has or has not voted.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.ballots import boxes, queries, wording
from allmende.ballots.models import Ballot, State
from allmende.electorates.models import Voter
from allmende.ground import outbox
from allmende.people.actions import tell
from allmende.people.models import Notice, Person

AT_ONCE = 20
REMIND_BEFORE = timedelta(days=2)
LONG_ENOUGH = timedelta(days=3)
"""Shorter ballots remind nobody: the news that they began is fresh."""
STALE = timedelta(days=14)

Words = Callable[[Ballot], tuple[str, str]]


def _until(ballot: Ballot) -> str:
    return date_format(localtime(ballot.closes_at), "DATETIME_FORMAT")


def opened(ballot: Ballot) -> tuple[str, str]:
    """Voting has begun."""
    text = _("%(question)s You can vote until %(end)s.") % {"question": ballot.question, "end": _until(ballot)}
    return _("Voting has begun: %(title)s") % {"title": ballot.title}, text


def reminder(ballot: Ballot) -> tuple[str, str]:
    """It ends soon."""
    text = _("You have not voted yet. You can until %(end)s.") % {"end": _until(ballot)}
    return _("Voting ends soon: %(title)s") % {"title": ballot.title}, text


def prolonged(ballot: Ballot) -> tuple[str, str]:
    """A later end, with the reason."""
    last = ballot.changes.filter(kind="prolonged").last()
    text = _("Voting ends later now: on %(end)s. The reason: %(reason)s") % {"end": _until(ballot), "reason": last.reason if last else ""}
    return _("Voting was prolonged: %(title)s") % {"title": ballot.title}, text


def cancelled(ballot: Ballot) -> tuple[str, str]:
    """Nothing will be counted, with the reason."""
    last = ballot.changes.filter(kind="cancelled").last()
    text = _("The ballot was cancelled and nothing is counted. The reason: %(reason)s") % {"reason": last.reason if last else ""}
    return _("Cancelled: %(title)s") % {"title": ballot.title}, text


def result(ballot: Ballot) -> tuple[str, str]:
    """What came out."""
    text = _("%(outcome)s All numbers and papers stand on the page.") % {"outcome": wording.outcome_in_words(ballot.outcome)}
    return _("Result: %(title)s") % {"title": ballot.title}, text


def _path(ballot: Ballot) -> str:
    """To the booth while one can vote, which is made for all who come at once; afterwards to the ballot."""
    return reverse("ballots:cast" if ballot.state == State.OPEN else "ballots:ballot", args=[ballot.slug, ballot.uuid])


def due(now: datetime) -> Iterator[tuple[Ballot, str, Words, bool | None]]:
    """What is to be told now: ballot, the key under which progress is noted, the words, whether to those with or without a paper."""
    found = Ballot.objects.filter(opened_at__isnull=False, closes_at__gt=now - STALE).select_related("cooperative__organisation")
    for one in found.order_by("pk"):
        is_running = one.state == State.OPEN and one.opens_at is not None and one.opens_at <= now < one.closes_at
        if is_running:
            yield one, "opened", opened, None
            times = one.changes.filter(kind="prolonged").count()
            if times:
                yield one, f"prolonged{times}", prolonged, None
            is_long = one.closes_at - (one.opens_at or one.closes_at) >= LONG_ENOUGH
            if is_long and one.closes_at - now <= REMIND_BEFORE:
                yield one, "reminded", reminder, False
        elif one.state == State.CANCELLED:
            yield one, "cancelled", cancelled, None
        elif one.state == State.COUNTED:
            yield one, "result", result, True


DONE = 2**62


def tell_due(now: datetime) -> int:
    """Tell everybody who is to be told something now; how many were."""
    told = 0
    for ballot, key, words, having in due(now):
        while ballot.progress.get(key, 0) < DONE:
            told += _portion(ballot, key, words, having)
            ballot.refresh_from_db(fields=["progress"])
    return told


@transaction.atomic
def _portion(ballot: Ballot, key: str, words: Words, having: bool | None) -> int:
    unheld = Ballot.objects.select_related("cooperative__organisation")  # held so that papers still fall into the box meanwhile
    held = unheld.select_for_update(of=("self",), no_key=True).get(pk=ballot.pk)
    upto = held.progress.get(key, 0)
    voters = list(Voter.objects.filter(electorate=held.electorate_id, pk__gt=upto).order_by("pk").select_related("person")[:AT_ONCE])
    took_part = boxes.of(held).took_part(held, voters) if having is not None else set()
    people = {one.person for one in voters if one.person and (having is None or (one.pk in took_part) == having)}
    for person in sorted(people, key=lambda one: one.pk):
        _tell(person, held, key, words)
    held.progress = held.progress | {key: voters[-1].pk if len(voters) == AT_ONCE else DONE}
    held.save(update_fields=["progress"])
    return len(people)


def _tell(person: Person, ballot: Ballot, key: str, words: Words) -> None:
    with translation.override(person.language):
        subject, text = words(ballot)
        tell(person, kind=f"ballots.{key.rstrip('0123456789')}", subject=subject, text=text, path=_path(ballot))


# ------------------------------------------------------------------------------------------------------- once a week, one letter

DIGEST = "ballots.digest"
FRESH = timedelta(days=1)
"""Whoever heard of the beginning today needs no digest, and nobody gets two within a day."""


def tell_weekly(now: datetime) -> int:
    """Whoever has decisions open gets one letter with all of them and until when; how many people did."""
    open_now = Ballot.objects.filter(state=State.OPEN, opens_at__lte=now - FRESH, closes_at__gt=now).values("electorate")
    people = Voter.objects.filter(electorate__in=open_now, person__is_active=True).order_by("person").values_list("person", flat=True)
    return sum(_digest(pk, now) for pk in list(people.distinct()))


@transaction.atomic
def _digest(pk: int, now: datetime) -> bool:
    person = Person.objects.select_for_update().get(pk=pk)
    if Notice.objects.filter(person=person, kind=DIGEST, created_at__gt=now - FRESH).exists():
        return False
    rows = [one.ballot for one in queries.open_for(person, now) if one.missing]
    if not any(one.opens_at and one.opens_at <= now - FRESH for one in rows):
        return False
    with translation.override(person.language):
        said = [_("%(title)s, until %(end)s") % {"title": one.title, "end": _until(one)} + f"\n{outbox.link(_path(one))}" for one in rows]
        subject = ngettext("You can decide: %(n)d ballot is open", "You can decide: %(n)d ballots are open", len(rows)) % {"n": len(rows)}
        tell(
            person, kind=DIGEST, subject=subject, text="\n\n".join(said), path=_path(rows[0]) if len(rows) == 1 else reverse("people:mine")
        )
    return True
