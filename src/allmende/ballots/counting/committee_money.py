"""Rules in which the voters pay for the committee: a seat costs 1, and only those pay for an option who approve it.

Method of Equal Shares: every voter holds an equal share of all seats; the option is taken that costs its supporters least, each paying the
same or all she has left. Sequential Phragmén: everybody starts with nothing and goes into debt together, as little as possible. Equal
Shares rarely fills all seats; what then follows is named in the rule: Phragmén with what is left, most approvals, or a greater share.

Voters with the same ballot and the same money lie together, so that fractions are needed for few numbers only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .committee_search import Ballots, Members, Move

Money = int | Fraction


@dataclass(frozen=True, slots=True)
class Purses:
    """Who sits, and what is left to each kind of ballot: `money[kind[b]]` to a voter of ballot b. `debts` when Phragmén goes on."""

    members: Members
    money: tuple[Fraction, ...]
    kind: tuple[int, ...]
    debts: bool = False


@dataclass(frozen=True, slots=True)
class Market:
    """The ballots, sorted by what they support, and what follows when nothing can be paid any more (`phragmen` or nothing)."""

    ballots: Ballots
    options: int
    seats: int
    supporters: tuple[tuple[int, ...], ...]
    completion: str = ""

    @classmethod
    def of(cls, ballots: Ballots, options: int, seats: int, completion: str = "") -> "Market":
        """Find the supporters of each option."""
        rows: list[list[int]] = [[] for _ in range(options)]
        for row, (approved, _) in enumerate(ballots):
            for option in approved:
                rows[option].append(row)
        return cls(ballots, options, seats, tuple(map(tuple, rows)), completion)

    def start(self, share: Fraction, debts: bool = False) -> Purses:
        """Nobody sits, everybody holds the same."""
        return Purses((), (share,), (0,) * len(self.ballots), debts)

    def left(self, state: Purses) -> Fraction:
        """All the money the voters still hold."""
        return sum((state.money[kind] * times for kind, (_, times) in zip(state.kind, self.ballots, strict=True)), Fraction(0))

    def moves(self, state: Purses) -> Move[Purses] | None:
        """The next seat, or None at the end."""
        if len(state.members) == self.seats:
            return None
        prices = [None if option in state.members else self._price(state, option) for option in range(self.options)]
        known = [price for price in prices if price is not None]
        if known:
            least = min(known)
            ways = tuple((option, self._paid(state, option, least)) for option, price in enumerate(prices) if price == least)
            return Move("load" if state.debts else "price", tuple(prices), ways, None if state.debts else self.left)
        if state.debts:  # only options are left that nobody approved
            idle = [option for option in range(self.options) if option not in state.members]
            return Move("load", tuple(prices), tuple((option, self._paid(state, option, Fraction(0))) for option in idle))
        if self.completion == "phragmen":
            return self.moves(Purses(state.members, state.money, state.kind, debts=True))
        return None

    def _kinds(self, state: Purses, option: int) -> dict[int, int]:
        kinds: dict[int, int] = {}
        for row in self.supporters[option]:
            kind = state.kind[row]
            kinds[kind] = kinds.get(kind, 0) + self.ballots[row][1]
        return kinds

    def _price(self, state: Purses, option: int) -> Fraction | None:
        """What a supporter pays at most (or owes afterwards); None when they cannot pay."""
        purses = sorted((state.money[kind], times) for kind, times in self._kinds(state, option).items())
        total, payers = sum((money * times for money, times in purses), Fraction(0)), sum(times for _, times in purses)
        if not payers:
            return None
        if state.debts:
            return (1 - total) / payers
        return None if total < 1 else price(Fraction(1), purses, payers)

    def _paid(self, state: Purses, option: int, price: Fraction) -> Purses:
        supporters = set(self.supporters[option])
        after: dict[Fraction, int] = {}
        kinds: list[int] = []
        change: dict[tuple[int, bool], int] = {}
        for row, kind in enumerate(state.kind):
            pays = row in supporters
            if (kind, pays) not in change:
                money = state.money[kind]
                if pays:
                    money = -price if state.debts else money - min(money, price)
                change[kind, pays] = after.setdefault(money, len(after))
            kinds.append(change[kind, pays])
        return Purses(tuple(sorted((*state.members, option))), tuple(after), tuple(kinds), state.debts)


def price(cost: Money, purses: Sequence[tuple[Money, Money]], payers: Money) -> Fraction:
    """The greatest payment when all pay the same towards the cost, and those who have less give all they have.

    `purses` are (money, number of voters), poorest first; together they must reach the cost. `payers` are all voters.
    """
    for money, times in purses:
        if money * payers >= cost:
            break
        cost -= money * times
        payers -= times
    return Fraction(cost) / payers
