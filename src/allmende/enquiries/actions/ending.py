"""What became of it: said by each side, counted by the rule, reminded of once."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.enquiries import access, letters, queries, rules
from allmende.enquiries.actions.writing import lock, note_answer, require_side
from allmende.enquiries.models import Enquiry, Outcome, State, Word
from allmende.exchange import actions as exchange
from allmende.ground import trail
from allmende.ground.refusals import BadInput, require
from allmende.ground.text import clean
from allmende.people.models import Person


@transaction.atomic
def say_outcome(enquiry: Enquiry, outcome: str, note: str = "", *, by: Person, side: str) -> Enquiry:
    """Say for one side what became of it. It counts when the other side says the same, or nothing else for 14 days."""
    enquiry = lock(enquiry)
    require_side(enquiry, by, side)
    require(outcome in Outcome.values, _("Please choose what became of it."), BadInput)
    require(enquiry.state in rules.MOVABLE, _("This conversation has ended; nothing more can be said about it."))
    note = clean(note)[:1_000]
    is_blocked = queries.blocked(enquiry, side, by) is not None
    sentence = _("%(name)s takes no words from you any more. You can still say what became of it, without a sentence.")
    require(not (is_blocked and note), sentence % {"name": enquiry.organisation_of(rules.other(side)).name})
    known = Word.objects.filter(enquiry=enquiry, side=side).first()
    if known is None or (known.outcome, known.note) != (outcome, note):
        is_news = _say(enquiry, known, outcome, note, by, side)
        if is_news and not is_blocked:
            letters.said(enquiry, side, outcome, by)
    return enquiry


def _say(enquiry: Enquiry, known: Word | None, outcome: str, note: str, by: Person, side: str) -> bool:
    """Write it down; whether it is something else than before."""
    now = timezone.now()
    at = known.at if known and known.outcome == outcome else now  # a better note does not begin the fortnight anew
    Word.objects.update_or_create(enquiry=enquiry, side=side, defaults={"outcome": outcome, "note": note, "by": by, "at": at})
    if side == rules.OWNER:
        note_answer(enquiry)
    trail.record("enquiries.outcome_said", by=by, about=enquiry, side=side, outcome=outcome)
    _settle(enquiry, now, by)
    return known is None or known.outcome != outcome


def _settle(enquiry: Enquiry, now: datetime, by: Person | None = None) -> bool:
    """Bring the state in line with what both sides say; whether it changed."""
    state = rules.state_of(_words([enquiry])[enquiry.pk], enquiry.first_answer_at is not None, now)
    if state == enquiry.state:
        return False
    enquiry.state, enquiry.closed_at = state, None if state in rules.RUNNING else now
    enquiry.save(update_fields=["state", "closed_at"])
    facts = {"state": state, "direction": enquiry.direction, "listing": enquiry.listing_id}
    trail.record("enquiries.enquiry_settled", by=by, about=enquiry, **facts)
    return True


def _words(enquiries: Iterable[Enquiry]) -> dict[int, list[rules.Said]]:
    found: dict[int, list[rules.Said]] = {one.pk: [] for one in enquiries}
    for word in Word.objects.filter(enquiry__in=found):
        found[word.enquiry_id].append(rules.Said(word.outcome, word.at))
    return found


def settle_due(now: datetime) -> int:
    """Let count what nobody has objected to for 14 days; how many conversations were settled."""
    said = Word.objects.exclude(outcome=rules.STILL_OPEN).filter(at__lte=now - rules.OBJECT_WITHIN)
    due = Enquiry.objects.filter(state__in=rules.RUNNING, pk__in=said.values("enquiry")).values_list("pk", flat=True)
    return sum(_settle_one(pk, now) for pk in list(due))


@transaction.atomic
def _settle_one(pk: int, now: datetime) -> bool:
    enquiry = lock(Enquiry(pk=pk))
    if enquiry.state not in rules.RUNNING or not _settle(enquiry, now):
        return False
    letters.settled(enquiry)
    return True


@transaction.atomic
def withdraw_enquiry(enquiry: Enquiry, *, by: Person) -> Enquiry:
    """Take an enquiry back. What was written stays; a new one can be made any time."""
    enquiry = lock(enquiry)
    require_side(enquiry, by, rules.ASKER)
    require(enquiry.state in rules.RUNNING, _("This conversation has ended already."))
    enquiry.state, enquiry.closed_at = State.WITHDRAWN, timezone.now()
    enquiry.save(update_fields=["state", "closed_at"])
    trail.record("enquiries.enquiry_withdrawn", by=by, about=enquiry, listing=enquiry.listing_id)
    letters.withdrawn(enquiry, by)
    return enquiry


@transaction.atomic
def settle_listing(enquiry: Enquiry, note: str = "", *, by: Person) -> Enquiry:
    """After an agreement: the offer or need itself is agreed and no longer open to others. `note` stands on its page for all who see it."""
    enquiry = lock(enquiry)
    require_side(enquiry, by, rules.OWNER)
    require(enquiry.state == State.AGREED, _("First both sides have to say that it is agreed."))
    require(enquiry.listing is not None, _("This offer or need is not there any more."))
    assert enquiry.listing is not None  # noqa: S101 - said for mypy, required above
    exchange.agree_listing(enquiry.listing, clean(note)[:300], by=by)
    return enquiry


def remind_silent(now: datetime) -> int:
    """Ask both sides of conversations that were silent for three weeks whether they are still open, once; how many.

    Where one side has blocked the other nobody is asked.
    """
    long_ago = now - rules.SILENCE
    running = Enquiry.objects.filter(state__in=rules.RUNNING, reminded_at=None, opened_at__lte=long_ago)
    silent = running.exclude(messages__at__gt=long_ago).exclude(words__at__gt=long_ago)
    return sum(_remind(pk, now) for pk in list(silent.values_list("pk", flat=True)))


@transaction.atomic
def _remind(pk: int, now: datetime) -> bool:
    enquiry = lock(Enquiry(pk=pk))
    newest = enquiry.messages.order_by("-pk").values_list("at", flat=True).first() or enquiry.opened_at
    is_due = enquiry.state in rules.RUNNING and enquiry.reminded_at is None and rules.is_silent(newest, now)
    are_there = access.is_there(enquiry.asker) and access.is_there(enquiry.organisation)
    if not (is_due and are_there) or Enquiry.objects.filter(access.standing_still(), pk=pk).exists():
        return False
    enquiry.reminded_at = now
    enquiry.save(update_fields=["reminded_at"])
    trail.record("enquiries.reminded", about=enquiry)
    letters.reminded(enquiry)
    return True
