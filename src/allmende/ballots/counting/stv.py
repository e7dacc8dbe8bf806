"""Single transferable vote by the Scottish rule (Weighted Inclusive Gregory; Scottish Local Government Elections Order 2007, rules 45-52).

* Quota: valid ballots divided by seats + 1, whole part, plus one (rule 46). Who has it is elected (rule 47).
* The largest surplus goes first (rule 49). Every ballot of the elected passes on at its value times surplus divided by votes, five
  decimals, the rest ignored (rule 48); what is lost that way is shown as `lost`. Who has exactly the quota gets a stage too, in which
  nothing moves.
* Without a surplus the lowest is excluded; those ballots pass on at the value they had (rule 50).
* When no more are left than seats, they are elected (rule 52).
* Equal numbers: whoever was higher (lower) at the most recent stage where they differed, then by lot (rules 49 and 51).

`rule="wigm-prf"` is the reference rule of the Proportional Representation Foundation: four decimals, quota with a fraction, and ties
go to the lot at once. (Meek's rule is not built.)

All votes are whole numbers of the smallest part (0.00001), so nothing is ever rounded by a machine's arithmetic.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .places import read_seats
from .profiles import Rankings, require
from .rounds import Breaker, followed, possible, sequences
from .ties import LOT, OPEN, Broken, OpenTie, Ties, read_ties_of_rounds

HOPEFUL, ELECTED, EXCLUDED, WITHDRAWN = "hopeful", "elected", "excluded", "withdrawn"
DECIMALS = {"scottish": 5, "wigm-prf": 4}


def decimals(units: int, places: int) -> str:
    """Units as a fixed decimal: 1300 of 5 places is "0.01300"."""
    sign, units = ("-", -units) if units < 0 else ("", units)
    whole, rest = divmod(units, 10**places)
    return f"{sign}{whole}.{rest:0{places}d}"


@dataclass(frozen=True, slots=True)
class Stage:
    """How things stand after one step: what happened to whom, all votes (in smallest parts), who is elected since."""

    action: str
    option: int | None
    votes: tuple[int, ...]
    states: tuple[str, ...]
    non_transferable: int
    lost: int
    elected: tuple[int, ...]
    broken: tuple[Broken, ...]
    changes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StvResult:
    """Stages, who is elected in which order, and the tie that stopped the count, if one did."""

    options: tuple[str, ...]
    seats: int
    rule: str
    ballots: int
    empty: int
    quota: int
    stages: tuple[Stage, ...]
    elected: tuple[int, ...]
    ties: Ties
    tie: Broken | None
    possible: tuple[tuple[int, ...], ...] | None

    @property
    def places(self) -> int:
        """Decimal places of all numbers."""
        return DECIMALS[self.rule]

    @property
    def outcome(self) -> str:
        """elected, tie, or rejected when nobody could be elected."""
        return "tie" if self.tie and len(self.possible or ()) != 1 else ("elected" if self.elected else "rejected")

    def _stage(self, number: int, stage: Stage) -> dict[str, Any]:
        return {
            "stage": number,
            "action": stage.action,
            "option": stage.option,
            "name": None if stage.option is None else self.options[stage.option],
            "votes": [decimals(units, self.places) for units in stage.votes],
            "changes": [decimals(units, self.places) for units in stage.changes],
            "states": list(stage.states),
            "non_transferable": decimals(stage.non_transferable, self.places),
            "lost": decimals(stage.lost, self.places),
            "elected": list(stage.elected),
            "elected_names": [self.options[option] for option in stage.elected],
            "ties": [tie.as_json() for tie in stage.broken],
        }

    def as_json(self) -> dict[str, Any]:
        """Everything, to be published. An open tie that changes nothing about who is elected is shown, but does not stop the outcome."""
        return {
            "method": "stv",
            "outcome": self.outcome,
            "options": list(self.options),
            "seats": self.seats,
            "rule": [{"key": f"stv.{self.rule}", "seats": self.seats}, {"key": f"ties.{self.ties.rule}"}],
            "ballots": self.ballots,
            "empty": self.empty,
            "quota": decimals(self.quota, self.places),
            "elected": list(self.elected),
            "elected_names": [self.options[option] for option in self.elected],
            "ties": self.ties.as_json() | {"broken": [tie.as_json() for stage in self.stages for tie in stage.broken]},
            "tie": self.tie.as_json() if self.tie else None,
            "possible": None if self.possible is None else [list(one) for one in self.possible],
            "stages": [self._stage(number, stage) for number, stage in enumerate(self.stages)],
        }


class _Count:
    """One count. A ballot is kept as (sequence, place in it, value, times); it lies in the parcel of the option it stands for."""

    def __init__(self, profile: Rankings, seats: int, rule: str, breaker: Breaker) -> None:
        self.rule, self.seats, self.breaker = rule, seats, breaker
        self.one = 10 ** DECIMALS[rule]
        self.ballots, self.empty = sequences(profile)
        self.total = sum(times for _, times in self.ballots)
        self.quota = self.total // (seats + 1) * self.one + self.one if rule == "scottish" else self.total * self.one // (seats + 1) + 1
        self.states = [WITHDRAWN if option in profile.withdrawn else HOPEFUL for option in range(len(profile.options))]
        self.votes = [0] * len(profile.options)
        self.parcels: list[list[tuple[tuple[int, ...], int, int, int]]] = [[] for _ in profile.options]
        self.non_transferable = 0
        self.pending: list[int] = []
        self.elected: list[int] = []
        self.stages: list[Stage] = []

    @property
    def hopeful(self) -> list[int]:
        return [option for option, state in enumerate(self.states) if state == HOPEFUL]

    @property
    def history(self) -> list[Sequence[int]]:
        """Votes at the end of every stage; empty for a rule that does not look back."""
        return [stage.votes for stage in self.stages]

    def run(self) -> Broken | None:
        """Count to the end, or to the tie that was left open."""
        for sequence, times in self.ballots:
            self._pass_on(sequence, 0, self.one, times)
        self._end("first", None, [0] * len(self.votes))
        try:
            while self._goes_on():
                self._step()
        except OpenTie as tie:
            return tie.tie
        return None

    def _goes_on(self) -> bool:
        return len(self.elected) < self.seats and HOPEFUL in self.states

    def _step(self) -> None:
        before = list(self.votes)
        if self.pending:
            self._end("surplus", self._transfer_surplus(), before)
        else:
            self._end("exclusion", self._exclude(), before)

    def _pass_on(self, sequence: tuple[int, ...], place: int, value: int, times: int) -> None:
        while place < len(sequence):
            option = sequence[place]
            if self.states[option] == HOPEFUL:
                self.parcels[option].append((sequence, place, value, times))
                self.votes[option] += value * times
                return
            place += 1
        self.non_transferable += value * times

    def _transfer_surplus(self) -> int:
        highest = max(self.votes[option] for option in self.pending)
        tied = {option for option in self.pending if self.votes[option] == highest}
        if highest == self.quota:  # nothing moves, so nobody needs to break this tie
            option = next((one for one in self.breaker.ties.lot if one in tied), min(tied))
        else:
            option = self.breaker.take(tied, "transfer", self.history, lowest=False)
        self.pending.remove(option)
        votes, surplus = self.votes[option], self.votes[option] - self.quota
        parcel, self.parcels[option] = self.parcels[option], []
        self.votes[option] = self.quota
        for sequence, place, value, times in parcel:
            self._pass_on(sequence, place + 1, value * surplus // votes, times)
        return option

    def _exclude(self) -> int:
        hopeful = self.hopeful
        lowest = min(self.votes[option] for option in hopeful)
        option = self.breaker.take({one for one in hopeful if self.votes[one] == lowest}, "exclusion", self.history, lowest=True)
        self.states[option] = EXCLUDED
        parcel, self.parcels[option] = self.parcels[option], []
        self.votes[option] = 0
        for sequence, place, value, times in parcel:
            self._pass_on(sequence, place + 1, value, times)
        return option

    def _elect(self) -> list[int]:
        """Who reached the quota, and everybody when no more are left than seats."""
        new = sorted((option for option in self.hopeful if self.votes[option] >= self.quota), key=lambda option: -self.votes[option])
        for option in new:
            self.states[option] = ELECTED
            self.pending.append(option)
        left = self.seats - len(self.elected) - len(new)
        hopeful = self.hopeful
        if left <= 0:
            for option in hopeful:
                self.states[option] = EXCLUDED
        elif len(hopeful) <= left:
            new += sorted(hopeful, key=lambda option: -self.votes[option])
            for option in hopeful:
                self.states[option] = ELECTED
        self.elected += new
        return new

    def _end(self, action: str, option: int | None, before: Sequence[int]) -> None:
        new = self._elect()
        lost = self.total * self.one - sum(self.votes) - self.non_transferable
        changes = tuple(now - then for now, then in zip(self.votes, before, strict=True))
        broken, self.breaker.broken = tuple(self.breaker.broken), []
        votes, states = tuple(self.votes), tuple(self.states)
        self.stages.append(Stage(action, option, votes, states, self.non_transferable, lost, tuple(new), broken, changes))


def stv(profile: Rankings, seats: int = 1, rule: str = "scottish", ties: Any = None) -> StvResult:
    """Count. Raises CountError for a wrong number of seats or an unknown rule.

    A tie that is left open ends the count there. Then `possible` says who could be elected, whatever way it went; if that is always the
    same, they are elected, and the stages go on by one of the ways, whose ties are marked as assumed.
    """
    require(isinstance(profile, Rankings), "STV is counted from rankings.")
    require(rule in DECIMALS, f"STV is counted by one of these rules: {', '.join(DECIMALS)}.")
    read_seats(seats, len(profile.options))
    breaker = read_ties_of_rounds(ties, len(profile.options))
    if rule == "wigm-prf":  # this rule does not look back
        breaker = Ties(LOT if breaker.lot else OPEN, breaker.lot, breaker.seed)

    def counted(assumed: Sequence[int]) -> tuple[_Count, Broken | None]:
        count = _Count(profile, seats, rule, Breaker(breaker, assumed))
        return count, count.run()

    def ending(assumed: Sequence[int]) -> tuple[tuple[int, ...], Broken | None]:
        count, tie = counted(assumed)
        return tuple(count.elected), tie

    count, tie = counted(())
    ways = None if tie is None else possible(ending)
    if ways and len(ways) == 1:
        count = followed(counted)
    return StvResult(
        profile.options,
        seats,
        rule,
        count.total,
        count.empty,
        count.quota,
        tuple(count.stages),
        tuple(count.elected),
        breaker,
        tie,
        None if ways is None else tuple(ways),
    )
