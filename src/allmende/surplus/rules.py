"""What becomes of a year's surplus or loss, and of the members' business with their cooperative. Cents in, cents out, sums to the cent.

Remainders go cent by cent to the largest fractions, the lower member number first where they are equal (`ground.money.share_out`), so
that the parts always add up to what was resolved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from allmende.constitution.rules import add_months
from allmende.ground.money import share_out

REFUND_MONTHS = 12  # § 22 KStG: paid or credited within twelve months after the end of the year
PAYOUT_MONTHS = 1  # how long a resolved distribution may take until it leaves the bank, where nothing else is resolved


@dataclass(frozen=True)
class Holding:
    """A member as a distribution sees them. `room` is what is missing until all shares are full; 0 for those who left."""

    member: int
    weight: int
    room: int = 0


@dataclass(frozen=True)
class Part:
    """What one member gets (or bears, below zero): credited to their shares first, the rest is paid out."""

    member: int
    weight: int
    cents: int
    credited: int = 0

    @property
    def paid_out(self) -> int:
        """What is to be transferred."""
        return self.cents - self.credited


def distribute(cents: int, holdings: Sequence[Holding], *, fills_shares: bool = True) -> list[Part]:
    """§ 19 GenG: a profit by the Geschäftsguthaben at the end of the year before, credited until the shares are full, then paid out.

    Raises ValueError where there is something to distribute and nobody with a Geschäftsguthaben.
    """
    parts = share_out(cents, [one.weight for one in holdings])
    credits = [min(part, one.room) if fills_shares and part > 0 else 0 for part, one in zip(parts, holdings, strict=True)]
    return [Part(one.member, one.weight, part, credit) for one, part, credit in zip(holdings, parts, credits, strict=True)]


def bear(cents: int, holdings: Sequence[Holding]) -> list[Part]:
    """§ 19 GenG: a loss is written off by the Geschäftsguthaben; nobody bears more than they have. Negative parts.

    Raises ValueError where the loss is larger than all Geschäftsguthaben together.
    """
    if cents > sum(one.weight for one in holdings):
        raise ValueError("The loss is larger than all capital.")
    return [
        Part(one.member, one.weight, -part, -part)
        for one, part in zip(holdings, share_out(cents, [h.weight for h in holdings]), strict=True)
    ]


def interest(permille: int, holdings: Sequence[Holding]) -> list[Part]:
    """§ 21a GenG: so many thousandths on the Geschäftsguthaben at the end of the year before, each rounded down to the cent."""
    return [Part(one.member, one.weight, one.weight * permille // 1000) for one in holdings]


def refund_cap(surplus: int, member_turnover: int, total_turnover: int) -> int:
    """§ 22 KStG: at most this much patronage refund is deductible: the surplus (before the refund, less side business) by the members'
    part of the turnover. Nothing where there is no surplus or no turnover.
    """
    if surplus <= 0 or member_turnover <= 0 or total_turnover <= 0:
        return 0
    return surplus * min(member_turnover, total_turnover) // total_turnover


def refunds(cents: int, bases: Mapping[int, int]) -> list[Part]:
    """One rate for all members (§ 22 KStG): the sum by each one's business, in the order of the mapping."""
    wanted = {member: base for member, base in bases.items() if base > 0}
    parts = share_out(cents, list(wanted.values()))
    return [Part(member, base, part) for (member, base), part in zip(wanted.items(), parts, strict=True)]


def rate_of(cents: int, base: int) -> str:
    """The rate in percent with up to four decimals, as it stands in the resolution: 15,000 of 600,000 is `2.5`."""
    if not base:
        return "0"
    hundredths_of_percent = cents * 1_000_000 // base
    whole, fraction = divmod(hundredths_of_percent, 10_000)
    return f"{whole}.{fraction:04d}".rstrip("0").rstrip(".")


def least_reserve(surplus: int, permille: int) -> int:
    """What the statute puts into the legal reserve (§ 7 Nr. 2 GenG), rounded up; nothing of a loss."""
    return -(-surplus * permille // 1000) if surplus > 0 else 0


def refund_due_on(year_end: date) -> date:
    """Until when a patronage refund must be paid or credited (§ 22 KStG)."""
    return add_months(year_end, REFUND_MONTHS)


@dataclass(frozen=True)
class Plan:
    """A year's result and what is to be done with it, in cents. All but `result`, `side_business` and turnovers are resolved by members."""

    result: int
    to_legal_reserve: int = 0
    to_other_reserve: int = 0
    from_reserve: int = 0
    distributed: int = 0
    interest: int = 0
    refund: int = 0

    @property
    def left(self) -> int:
        """What is carried forward to the next year. Interest and refund are expenses of the year: they lower the result beforehand."""
        return self.result + self.from_reserve - self.to_legal_reserve - self.to_other_reserve - self.distributed
