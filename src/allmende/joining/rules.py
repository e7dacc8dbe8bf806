"""What is right for joining. Plain values in, plain values out; paragraphs are those of the GenG."""

from datetime import date, timedelta

from allmende.constitution.rules import LONG_NOTICE_MONTHS
from allmende.members.rules import may_take_further

REMIND_AFTER_DAYS = 14  # § 15 II: enter and inform, or refuse and inform, without delay
DRAFT_HOURS = 24  # how long what was typed is kept between the steps
LINK_DAYS = 90  # how long an applicant's link leads to an admitted declaration; then the membership has it
MOST_SHARES = 100_000  # in one declaration, where the statute names no maximum


def duties(*, liability: str, entry_fee_cents: int, has_fees: bool, notice_months: int) -> list[str]:
    """§ 15a: what is to be acknowledged expressly, each for itself. The payment on shares always; the rest where the statute has it."""
    found = ["payment"]
    if liability != "none":
        found.append("liability")
    if entry_fee_cents or has_fees:
        found.append("further")
    if notice_months > LONG_NOTICE_MONTHS:
        found.append("notice")
    return found


def instalments(share_cents: int, at_once: int, instalment: int) -> int:
    """How many instalments follow the first payment of a share; 0 where the rest is asked for later or nothing is left."""
    left = share_cents - at_once
    return -(-left // instalment) if instalment and left > 0 else 0


def most_further(paid_cents: int, shares: int, mandatory: int, share_cents: int, most: int | None) -> int:
    """§ 15b II: how many further shares can be taken now. They are counted one after the other: each asks that all earlier ones
    except the last are fully paid, the mandatory ones are not waited for. Never above the statute's maximum.
    """
    room = MOST_SHARES if most is None else most - shares
    count = 0
    while count < room and may_take_further(paid_cents, shares + count, mandatory, share_cents):
        count += 1
    return count


def missing_for_further(paid_cents: int, shares: int, share_cents: int) -> int:
    """§ 15b II: how much is still to be paid before the next share."""
    return max(0, (shares - 1) * share_cents - paid_cents)


def is_overdue(declared_on: date, today: date) -> bool:
    """Whether a declaration waits longer than the board should let it wait."""
    return today - declared_on >= timedelta(days=REMIND_AFTER_DAYS)


def is_to_remind(declared_on: date, reminded_on: date | None, today: date) -> bool:
    """Whether the board hears of it today: after a fortnight, and every fortnight again."""
    return is_overdue(reminded_on or declared_on, today)
