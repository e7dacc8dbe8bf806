"""What is right for money between a cooperative and its members. Cents and days in, cents and days out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise

from allmende.constitution.rules import add_months
from allmende.ground.money import share_out

DAYS_TO_PAY = 14  # first payment after an admission: time for the notice to arrive and a transfer to be made; no statute is shorter
DAYS_BETWEEN_REMINDERS = 14  # a transfer needs days, people need a weekend
REMINDERS = 3  # friendly, plain, last; then the board talks to the member


@dataclass(frozen=True)
class Rate:
    """A part of what is to be paid, and until when."""

    cents: int
    due_on: date


def rates(shares: int, share_cents: int, at_once: int, instalment: int, months: int, first_due_on: date) -> list[Rate]:
    """How shares are paid (§ 7 Nr. 1 GenG): so much at once per share, then instalments per share every so many months until all is paid.

    Without instalments only what is due at once is asked for; the rest when the cooperative calls for it.
    """
    left = shares * share_cents
    plan = [Rate(min(left, shares * at_once), first_due_on)] if at_once else []
    left -= sum(rate.cents for rate in plan)
    number = 0
    while instalment and left > 0:
        number += 1
        part = min(left, shares * instalment)
        plan.append(Rate(part, add_months(first_due_on, number * months)))
        left -= part
    return plan


def first_due_on(today: date, effective_on: date) -> date:
    """Until when the first payment on shares is asked for; nobody is late on the day they are asked, also when entered afterwards."""
    return max(today, effective_on) + timedelta(days=DAYS_TO_PAY)


def goes_along(amounts: Sequence[int], given: int, held: int) -> list[int]:
    """Which part of each amount follows `given` of `held` shares to another member: in proportion, and in sum exact to the cent.

    The amounts are what is paid in and then what is still to be paid, in their order. Each running total is shared out for itself
    (`share_out`), so that taker and giver together have neither a cent more nor one less, however the single parts are rounded.
    """
    totals = [share_out(total, [given, held - given])[0] for total in accumulate(amounts)]
    return [later - earlier for earlier, later in pairwise([0, *totals])]


def minimum_capital(amount: int, permille: int, total: int) -> int:
    """Below what a settlement may not take the capital (§ 8a GenG): the statute's sum, or its part of `total`, whichever is more.

    `total` is all members' capital at the end of the fiscal year before. A part of a cent counts as a whole one.
    """
    return max(amount, -(-total * permille // 1000))


def lowest_from(lines: Iterable[tuple[date, int]], day: date) -> int:
    """The smallest balance at the end of this or any later day, from what changed when."""
    known = sorted(lines)
    return min(sum(cents for since, cents in known if since <= one) for one in {day, *(since for since, _cents in known if since > day)})


def next_level(due_on: date, reminded_on: Sequence[date], today: date) -> int:
    """Which reminder is due today: 1 to 3, or 0 for none. The first the day after it was due, each further one a fortnight later."""
    if due_on >= today or len(reminded_on) >= REMINDERS:
        return 0
    if reminded_on and max(reminded_on) + timedelta(days=DAYS_BETWEEN_REMINDERS) > today:
        return 0
    return len(reminded_on) + 1


def is_reversible(kind: str, *, has_request: bool, has_payable: bool, touches_bank: bool) -> bool:
    """Whether a booking is taken back by hand. What belongs to a request, a sum owed or a transfer of shares is taken back there,
    so that nothing is left asked for or owed without its booking; money over the bank can always be corrected.
    """
    return kind != "reversal" and (touches_bank or (kind in {"opening", "other"} and not has_request and not has_payable))
