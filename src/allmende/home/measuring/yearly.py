"""What a board does rarely and with everybody at once: give out a surplus, settle exits, take a list over. Straight through the actions."""

import io
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from time import perf_counter
from typing import Any

from django.utils import timezone
from django.utils.timezone import localdate

from allmende.constitution.queries import statute_of
from allmende.home.measuring.members import TOWNS, House, fill, founded
from allmende.intake import actions as intake
from allmende.intake.checking import Options
from allmende.intake.models import Intake
from allmende.leaving import settlements
from allmende.leaving.actions import settle
from allmende.leaving.models import State, Termination
from allmende.members.models import EndReason, Membership, ShareEntry, ShareKind
from allmende.members.queries import shares_on
from allmende.money.models import Booking
from allmende.surplus import actions as surplus
from allmende.surplus import queries

Line = tuple[str, float, str]  # what, seconds, how much of it


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds and result."""
    start = perf_counter()
    result = work()
    return perf_counter() - start, result


def year_end() -> date:
    """The end of the last fiscal year."""
    return date(localdate().year - 1, 12, 31)


def lines(number: int, exits: int, lists: tuple[int, ...]) -> Iterator[Line]:
    """A surplus for so many members, so many exits among them, lists of these lengths."""
    house = founded("Messwerk Jahr eG")
    fill(house, number, seed=7)
    yield from _surplus(house, number)
    yield from _exits(house, exits)
    for length in lists:
        yield from _intake(length)


def _surplus(house: House, number: int) -> Iterator[Line]:
    values = {"result": 9_000_000, "to_legal_reserve": 900_000, "distributed": 5_000_000, "interest_permille": 0, "total_turnover": 10**12}
    seconds, year = timed(lambda: surplus.prepare_year(house.cooperative, year_end(), values, by=house.board))
    yield f"surplus prepared, {number} members", seconds, "with its preview"
    seconds, preview = timed(lambda: queries.preview(year))
    yield "surplus, preview", seconds, f"{len(preview.rows)} rows"
    before = Booking.objects.count()
    seconds, _year = timed(lambda: surplus.book_year(year, "Beschluss 1", localdate(), by=house.board))
    yield "surplus booked", seconds, f"{Booking.objects.count() - before} bookings"


def _exits(house: House, wanted: int) -> Iterator[Line]:
    ends_on = year_end()
    made = _confirmed(house, wanted, ends_on)
    seconds, seen = timed(lambda: settlements.preview(house.cooperative, ends_on))
    yield "settlement, preview", seconds, f"{len(seen.rows)} exits"
    accounts_on = min(localdate(), ends_on + timedelta(days=90))
    asked = {"accounts_on": accounts_on, "loss_cents": 0, "seen": seen.seen, "by": house.board}
    seconds, count = timed(lambda: settle(house.cooperative, ends_on, **asked))
    yield "settled", seconds, f"{count} of {made} exits, each with its statement as PDF"


def _confirmed(house: House, wanted: int, ends_on: date) -> int:
    """So many members who gave notice to the end of the last year, confirmed and not settled yet."""
    there = Membership.objects.filter(cooperative=house.cooperative, ends_on=None, joined_on__lt=date(ends_on.year, 1, 1))
    whole = [one for one in there.annotate(held=shares_on(date.max), then=shares_on(ends_on)) if one.held == one.then][:wanted]
    statute, gone = statute_of(house.cooperative, ends_on), ends_on + timedelta(days=1)
    ShareEntry.objects.bulk_create(
        [
            ShareEntry(
                membership=one, kind=ShareKind.CANCEL, quantity=-one.held, share_cents=statute.share_cents, declared_on=gone,
                effective_on=gone,
            )
            for one in whole
        ],
        batch_size=500,
    )  # fmt: skip
    ended = {"ends_on": ends_on, "end_reason": EndReason.NOTICE, "ended_at": timezone.now()}
    for at in range(0, len(whole), 500):
        Membership.objects.filter(pk__in=[one.pk for one in whole[at : at + 500]]).update(**ended)
    said = {"received_on": date(ends_on.year, 6, 1), "statute": statute, "rule": "notice", "paragraph": "§ 65 GenG"}
    said |= {"effective_on": ends_on, "payout_due_on": date(ends_on.year + 1, 6, 30), "state": State.CONFIRMED}
    Termination.objects.bulk_create([Termination(membership=one, **said) for one in whole], batch_size=500)
    return len(whole)


def _intake(length: int) -> Iterator[Line]:
    """A list as another program would write it, from the upload to the register."""
    house, data = founded(f"Messwerk Liste {length} eG"), table(length)
    uploading, one = timed(lambda: intake.upload(house.cooperative, data, "liste.csv", by=house.board))
    options = Options(opening_on=localdate())
    intake.choose_columns(one, one.columns, by=house.board)
    checking, one = timed(lambda: intake.rehearse(one, options, by=house.board))
    yield f"list of {length} read and rehearsed", uploading + checking, f"{one.sums['taken']} could be entered"
    Intake.objects.filter(pk=one.pk).update(state="queued", queued_at=timezone.now(), started_by=house.board)
    entering, _is_entered = timed(lambda: intake.enter_list(one))
    count = Membership.objects.filter(cooperative=house.cooperative).count()
    yield f"list of {length} entered", entering, f"{count} members, {count / entering:.0f} a second"


def table(length: int) -> bytes:
    """A CSV file with so many invented members."""
    dice, out = random.Random(length), io.StringIO()  # noqa: S311 - invented
    out.write("Mitgliedsnummer;Nachname;Vorname;Straße;PLZ;Ort;E-Mail;Eintrittsdatum;Anteile;Geschäftsguthaben;Gruppe\r\n")
    for number in range(1, length + 1):
        (postcode, town), shares = dice.choice(TOWNS), dice.choice((1, 1, 2, 5))
        joined = localdate() - timedelta(days=dice.randrange(30, 4_000))
        cells = [str(number), f"Muster{dice.randrange(3_000):04d}", f"M{number}", f"Weg {dice.randrange(99)}", postcode, town]
        cells += [f"m{number}@bench.example", f"{joined:%d.%m.%Y}", str(shares), f"{100 * shares},00", dice.choice(("Kundschaft", ""))]
        out.write(";".join(cells) + "\r\n")
    return out.getvalue().encode()
