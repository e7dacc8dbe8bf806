"""What is right for money between a cooperative and its members. Cents and days in, cents and days out."""

from dataclasses import dataclass
from datetime import date

from allmende.constitution.rules import add_months


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
