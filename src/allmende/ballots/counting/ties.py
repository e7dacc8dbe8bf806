"""Equal numbers: broken by a rule that was fixed before, by a recorded lot, or not at all. Never silently.

`Ties(rule, lot)`: the rule is "open" (the outcome says between whom the tie is), "backward" (whoever differed at the most recent earlier
stage), "lot", or "backward-lot" (first backward, then by lot). The lot is a list of options in the order in which they were drawn; the one
drawn first is taken for what is to be decided: gets the seat, is transferred first, is excluded.

A lot needs no hat: `lot_order("words published before", 5)` orders the options by the SHA-256 of "words:number", which anybody can
compute again (`printf '%s' 'words:1' | sha256sum`).
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .profiles import require

OPEN, BACKWARD, LOT, BACKWARD_LOT = "open", "backward", "lot", "backward-lot"
RULES = (OPEN, BACKWARD, LOT, BACKWARD_LOT)


def lot_order(seed: str, options: int) -> tuple[int, ...]:
    """The order in which the options are drawn, from a published text: by the SHA-256 of "seed:number", numbers from 1."""

    def drawn(option: int) -> str:
        return hashlib.sha256(f"{seed}:{option + 1}".encode()).hexdigest()

    return tuple(sorted(range(options), key=drawn))


@dataclass(frozen=True, slots=True)
class Broken:
    """One tie: between whom, about what ("seat", "transfer", "exclusion"), how it was broken and who was taken (None: left open)."""

    between: tuple[int, ...]
    about: str
    how: str = OPEN
    taken: int | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is published."""
        return {"between": list(self.between), "about": self.about, "how": self.how, "taken": self.taken}


class OpenTie(Exception):
    """A count cannot go on: the tie was left open."""

    def __init__(self, tie: Broken) -> None:
        super().__init__(tie.about)
        self.tie = tie


@dataclass(frozen=True, slots=True)
class Ties:
    """How ties are broken. As long as the lot is not drawn a tie stays open. Raises CountError for a rule that does not exist, and for a
    lot that names an option twice."""

    rule: str = OPEN
    lot: tuple[int, ...] = ()
    seed: str = field(default="")

    def __post_init__(self) -> None:
        require(self.rule in RULES, f"“{self.rule}” is not a way to break ties; there are {', '.join(RULES)}.")
        require(len(set(self.lot)) == len(self.lot), "The lot names an option twice.")

    def take(self, tied: Iterable[int], about: str, narrow: Callable[[set[int]], set[int]] | None = None) -> tuple[int, Broken | None]:
        """The one of these to take, and the record of how. `narrow` looks backward and leaves those who stay equal. Raises OpenTie."""
        between = tuple(sorted(tied))
        if len(between) == 1:
            return between[0], None
        left = set(between)
        if narrow and self.rule in {BACKWARD, BACKWARD_LOT}:
            left = narrow(left)
            if len(left) == 1:
                taken = left.pop()
                return taken, Broken(between, about, BACKWARD, taken)
        if self.lot and LOT in self.rule:
            drawn = [option for option in self.lot if option in left]
            require(bool(drawn), "The lot names none of those who are equal.")
            return drawn[0], Broken(between, about, LOT, drawn[0])
        raise OpenTie(Broken(tuple(sorted(left)), about))

    def drawn(self, tied: Iterable[int], seats: int, about: str = "seat") -> tuple[tuple[int, ...], list[Broken]]:
        """Take as many of these as there are seats, one after the other. Raises OpenTie."""
        left, taken, broken = set(tied), [], []
        for _ in range(seats):
            one, record = self.take(left, about)
            left.discard(one)
            taken.append(one)
            broken += [record] if record else []
        return tuple(taken), broken

    def as_json(self) -> dict[str, Any]:
        """As it is published with the result."""
        return {"rule": self.rule} | ({"lot": list(self.lot)} if self.lot else {}) | ({"seed": self.seed} if self.seed else {})


def read_ties(value: "Ties | str | Mapping[str, Any] | None", options: int, lot: Sequence[int] = (), seed: str = "") -> Ties:
    """Ties from what a rule says: a word, or a mapping with "rule" and "lot" (numbers from 0) or "seed". Raises CountError."""
    if isinstance(value, Ties):
        return value
    if isinstance(value, Mapping):
        lot, seed, value = value.get("lot") or lot, value.get("seed") or seed, value.get("rule")
    require(value is None or isinstance(value, str), "How ties are broken is a word, or a word with its lot.")
    require(isinstance(lot, Sequence) and set(map(type, lot)) <= {int}, "A lot is a list of numbers of options.")
    require(set(lot) <= set(range(options)), "The lot names an option that does not exist.")
    order = tuple(lot) or (lot_order(seed, options) if seed else ())
    return Ties(str(value or (LOT if order else OPEN)), order, seed)


def read_ties_of_rounds(value: "Ties | str | Mapping[str, Any] | None", options: int) -> Ties:
    """Ties of a method that counts in rounds: to look backward is part of its rule, the lot comes after that. Raises CountError."""
    read = read_ties(value, options)
    return Ties(BACKWARD_LOT if read.lot or LOT in read.rule else BACKWARD, read.lot, read.seed)
