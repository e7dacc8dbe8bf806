"""Instant run-off: rank the options; the weakest is excluded round by round until one has more than half of the ballots that still count.

Ballots without a further choice (or without any) are exhausted and count no more. Options that are equally last go out together when all
of them together have fewer votes than the next one: then the order among them cannot matter. Other ties look backward, then to the lot,
or stay open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .profiles import Rankings, require
from .rounds import Breaker, followed, possible, sequences
from .ties import Broken, OpenTie, Ties, read_ties_of_rounds


@dataclass(frozen=True, slots=True)
class Round:
    """Votes for those who are left (None for the others), exhausted ballots, and who goes out after it."""

    votes: tuple[int | None, ...]
    exhausted: int
    excluded: tuple[int, ...]
    broken: tuple[Broken, ...]

    def as_json(self, number: int) -> dict[str, Any]:
        """Everything, to be published."""
        ties = [tie.as_json() for tie in self.broken]
        votes = list(self.votes)
        return {"round": number, "votes": votes, "exhausted": self.exhausted, "excluded": list(self.excluded), "ties": ties}


@dataclass(frozen=True, slots=True)
class IrvResult:
    """Rounds and the winner."""

    options: tuple[str, ...]
    ballots: int
    empty: int
    rounds: tuple[Round, ...]
    elected: tuple[int, ...]
    ties: Ties
    tie: Broken | None
    possible: tuple[tuple[int, ...], ...] | None

    @property
    def outcome(self) -> str:
        """elected, tie, or rejected when there were no ballots."""
        return "tie" if self.tie and len(self.possible or ()) != 1 else ("elected" if self.elected else "rejected")

    def as_json(self) -> dict[str, Any]:
        """Everything, to be published."""
        return {
            "method": "irv",
            "outcome": self.outcome,
            "options": list(self.options),
            "rule": [{"key": "irv"}, {"key": f"ties.{self.ties.rule}"}],
            "ballots": self.ballots,
            "empty": self.empty,
            "elected": list(self.elected),
            "elected_names": [self.options[option] for option in self.elected],
            "ties": self.ties.as_json() | {"broken": [tie.as_json() for one in self.rounds for tie in one.broken]},
            "tie": self.tie.as_json() if self.tie else None,
            "possible": None if self.possible is None else [list(one) for one in self.possible],
            "rounds": [one.as_json(number) for number, one in enumerate(self.rounds, 1)],
        }


class _Count:
    def __init__(self, profile: Rankings, breaker: Breaker) -> None:
        self.breaker = breaker
        self.ballots, self.empty = sequences(profile)
        self.total = profile.voters
        self.standing = {option for option in range(len(profile.options)) if option not in profile.withdrawn}
        self.options = len(profile.options)
        self.history: list[list[int]] = []
        self.rounds: list[Round] = []
        self.elected: tuple[int, ...] = ()

    def run(self) -> Broken | None:
        """Count to the end, or to the tie that was left open."""
        while self.ballots and self.standing:
            votes = self._votes()
            counted = sum(votes)
            winner = max(self.standing, key=lambda option: votes[option])
            if 2 * votes[winner] > counted or len(self.standing) == 1:
                self.elected = (winner,)
                self._write(votes, ())
                return None
            try:
                out = self._weakest(votes)
            except OpenTie as tie:
                self._write(votes, ())
                return tie.tie
            self._write(votes, out)
            self.standing -= set(out)
        return None

    def _votes(self) -> list[int]:
        votes = [0] * self.options
        for sequence, times in self.ballots:
            choice = next((option for option in sequence if option in self.standing), None)
            if choice is not None:
                votes[choice] += times
        return votes

    def _weakest(self, votes: list[int]) -> tuple[int, ...]:
        lowest = min(votes[option] for option in self.standing)
        tied = {option for option in self.standing if votes[option] == lowest}
        others = self.standing - tied
        if others and lowest * len(tied) < min(votes[option] for option in others):
            return tuple(sorted(tied))
        return (self.breaker.take(tied, "exclusion", self.history, lowest=True),)

    def _write(self, votes: list[int], out: tuple[int, ...]) -> None:
        seen = tuple(number if option in self.standing else None for option, number in enumerate(votes))
        broken, self.breaker.broken = tuple(self.breaker.broken), []
        self.rounds.append(Round(seen, self.total - sum(votes), out, broken))
        self.history.append(votes)


def irv(profile: Rankings, ties: Any = None) -> IrvResult:
    """Count. An open tie ends the count; `possible` says who could win then, and if it is always the same one, the rounds go on by
    one of the ways, whose ties are marked as assumed. Raises CountError for other ballots than rankings."""
    require(isinstance(profile, Rankings), "An instant run-off is counted from rankings.")
    require(bool(profile.options), "There are no options to choose from.")
    breaker = read_ties_of_rounds(ties, len(profile.options))

    def counted(assumed: Sequence[int]) -> tuple[_Count, Broken | None]:
        count = _Count(profile, Breaker(breaker, assumed))
        return count, count.run()

    def ending(assumed: Sequence[int]) -> tuple[tuple[int, ...], Broken | None]:
        count, tie = counted(assumed)
        return count.elected, tie

    count, tie = counted(())
    ways = None if tie is None else possible(ending)
    if ways and len(ways) == 1:
        count = followed(counted)
    known = None if ways is None else tuple(ways)
    return IrvResult(profile.options, count.total, count.empty, tuple(count.rounds), count.elected, breaker, tie, known)
