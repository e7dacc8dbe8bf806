"""The steps of filling a committee, and the walk through all ways that equal options open.

At every tie the count could go on in several ways. `Search` walks all of them and gathers the committees at their ends, so that nobody is
preferred by the order of a list; with a lot it walks one way only and says where the lot spoke.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Generic, TypeVar

Ballots = Sequence[tuple[frozenset[int], int]]
Members = tuple[int, ...]
State = TypeVar("State", bound=Hashable)

MOST_COMMITTEES = 1_000  # more equal committees are not listed: it is said that there are more
MOST_STATES = 20_000  # nor are more ways to get there followed,
MOST_WORK = 20_000_000  # and fewer when there are very many different ballots


@dataclass(frozen=True, slots=True)
class Stage:
    """One seat: who was equal, who took it, and the number by which all were compared.

    `values` has one number for each option, None where it could not be taken. What it says depends on the phase: for `gain` the growth of
    the score (most wins), for `loss` what the score loses when the option leaves (least leaves), for `load` the greatest load on a
    supporter afterwards (least wins), for `price` what a supporter pays at most (least wins), for `approvals` their number (most wins).
    `left` is the money the voters still hold afterwards, in seats.
    """

    phase: str
    taken: int
    tied: Members
    values: tuple[Fraction | None, ...] = ()
    left: Fraction | None = None

    def as_json(self) -> dict[str, object]:
        """Plain values for JSON, fractions as text."""
        values = [None if value is None else str(value) for value in self.values]
        left = None if self.left is None else str(self.left)
        return {"phase": self.phase, "taken": self.taken, "tied": list(self.tied), "values": values, "left": left}


@dataclass(frozen=True, slots=True)
class Move(Generic[State]):
    """What may happen next: the equal options with the state each leads to, and the numbers they were compared by."""

    phase: str
    values: tuple[Fraction | None, ...]
    ways: tuple[tuple[int, State], ...]
    left: Callable[[State], Fraction] | None = None

    def stage(self, taken: int, state: State) -> Stage:
        """The same as a step that was taken."""
        tied = tuple(option for option, _ in self.ways)
        return Stage(self.phase, taken, tied, self.values, self.left(state) if self.left else None)


@dataclass(slots=True)
class Search(Generic[State]):
    """Walk from a state through `moves` (None at an end) and read the committee of each end with `members`."""

    moves: Callable[[State], Move[State] | None]
    members: Callable[[State], Members]
    ballots: Ballots
    complete: bool = True
    seen: set[State] = field(default_factory=set)

    def everywhere(self, start: State) -> list[Members]:
        """The committees at all ends, in the order of the list. Sets `complete` to False where it had to stop before."""
        found: set[Members] = set()
        waiting = [start]
        self.seen = {start}
        most = max(100, min(MOST_STATES, MOST_WORK // (1 + sum(len(approved) for approved, _ in self.ballots))))
        while waiting:
            state = waiting.pop()
            move = self.moves(state)
            if move is None:
                found.add(self.members(state))
            else:
                waiting.extend(self._new(then for _, then in reversed(move.ways)))
            if waiting and (len(found) >= MOST_COMMITTEES or len(self.seen) >= most):
                self.complete = False
                break
        return sorted(found)

    def _new(self, states: Iterable[State]) -> list[State]:
        fresh = [state for state in states if state not in self.seen]
        self.seen.update(fresh)
        return fresh

    def along(self, start: State, order: Sequence[int]) -> tuple[Members, tuple[Stage, ...]]:
        """One way: of equal options the one that stands first in `order` is taken. With every step."""
        rank = {option: place for place, option in enumerate(order)}
        state, stages = start, []
        while (move := self.moves(state)) is not None:
            taken, state = min(move.ways, key=lambda way: rank[way[0]])
            stages.append(move.stage(taken, state))
        return self.members(state), tuple(stages)
