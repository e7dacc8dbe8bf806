"""Committees from approvals: who sits together so that large and small groups are heard in proportion.

A rule may leave several committees equal; then all of them are returned, and nobody is elected until a lot was drawn and recorded. All
numbers are whole or fractions: nothing is rounded anywhere. Source: Lackner and Skowron, "Multi-Winner Voting with Approval Preferences"
(2023), from where the names of the rules come. The law knows none of these rules, so a statute or election code has to name one.

>>> count("seqpav", ["Anna", "Ben", "Cem"], [(frozenset({0, 1}), 3), (frozenset({2}), 2)], 2, lot=[0, 1, 2]).elected
(0, 2)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from . import committee_scores as scores
from .committee_money import Market, Purses
from .committee_search import MOST_COMMITTEES, Ballots, Members, Search, Stage
from .profiles import Approvals, CountError, require

MOST_RISES = 20_000  # so often the share of the voters is raised to fill the committee

RULES = {
    "av": "Most approvals",
    "sav": "Satisfaction approval: each ballot is one vote, divided among the options it approves",
    "pav": "Proportional approval voting: the best of all committees",
    "slav": "Sainte-Laguë approval voting: the best of all committees",
    "cc": "Chamberlin-Courant: as many as possible have somebody they approve",
    "geom2": "Geometric approval voting: the best of all committees, each further seat counting half",
    "seqpav": "Sequential proportional approval voting",
    "seqslav": "Sequential Sainte-Laguë approval voting",
    "seqcc": "Sequential Chamberlin-Courant",
    "revseqpav": "Reverse sequential proportional approval voting",
    "seqphragmen": "Phragmén's sequential rule",
    "equal-shares": "Method of Equal Shares, filled up by Phragmén's sequential rule",
    "equal-shares-with-av-completion": "Method of Equal Shares, filled up by most approvals",
    "equal-shares-with-increment-completion": "Method of Equal Shares, filled up by raising everybody's share",
}


@dataclass(frozen=True, slots=True)
class CommitteeResult:
    """All equal committees, and the one that is elected: the only one, or the one the lot leads to, otherwise None.

    `decided_by` is `rule`, `lot` or `open`. `complete` is False when there are more equal committees than are listed. The stages lead to
    the elected committee, or, as long as that is open, to one of the equal ones. `share` is what each voter had to spend, in seats.
    """

    rule: str
    options: tuple[str, ...]
    seats: int
    voters: int
    committees: tuple[Members, ...]
    complete: bool
    elected: Members | None
    decided_by: str
    stages: tuple[Stage, ...] = ()
    lot: Members | None = None
    score: Fraction | None = None
    share: Fraction | None = None

    @property
    def outcome(self) -> str:
        """elected, or tie."""
        return "tie" if self.elected is None else "elected"

    @property
    def certain(self) -> Members:
        """Who sits in every one of the equal committees; nobody as long as not all of them are known."""
        return tuple(sorted(set(self.committees[0]).intersection(*self.committees[1:]))) if self.complete else ()

    @property
    def contested(self) -> Members:
        """Who sits in some of the listed committees only."""
        return tuple(sorted(set().union(*self.committees) - set(self.certain)))

    def as_json(self) -> dict[str, Any]:
        """Everything, to be published. Options are places in `options`, from 0; fractions are text."""
        return {
            "method": self.rule,
            "outcome": self.outcome,
            "options": list(self.options),
            "voters": self.voters,
            "seats": self.seats,
            "rule": RULES[self.rule],
            "elected": None if self.elected is None else list(self.elected),
            "elected_names": None if self.elected is None else [self.options[option] for option in self.elected],
            "decided_by": self.decided_by,
            "committees": [list(members) for members in self.committees],
            "complete": self.complete,
            "certain": list(self.certain),
            "contested": list(self.contested),
            "lot": None if self.lot is None else list(self.lot),
            "score": None if self.score is None else str(self.score),
            "share": None if self.share is None else str(self.share),
            "stages": [stage.as_json() for stage in self.stages],
        }


def count(rule: str, options: Sequence[str], ballots: Ballots, seats: int, *, lot: Sequence[int] | None = None) -> CommitteeResult:
    """Fill `seats` seats by one of RULES. `ballots` are sets of approved options with how often each was cast.

    `lot` is an order of all options, drawn and recorded: of equal options the one that was drawn first is taken. Raises CountError for an
    unknown rule, wrong ballots, seats or lot, and when the rule would have to try too many committees.
    """
    require(rule in RULES, f"“{rule}” is not a rule for committees; there are {', '.join(RULES)}.")
    require(
        type(seats) is int and 1 <= seats <= len(options), f"There must be at least 1 seat and at most {len(options)}, one for each option."
    )
    profile = Approvals(tuple(options), tuple(ballots))
    require(lot is None or sorted(lot) == list(range(len(options))), "A lot names each option once.")
    election = _Election(rule, len(options), _sorted(profile.ballots), seats, None if lot is None else tuple(lot))
    result = _WAYS[rule](election)
    return replace(result, options=profile.options)


def _sorted(ballots: Ballots) -> Ballots:
    """Equal ballots together, in an order of their own: nothing can depend on who voted when."""
    times: dict[frozenset[int], int] = {}
    for approved, number in ballots:
        times[approved] = times.get(approved, 0) + number
    return sorted(times.items(), key=lambda row: sorted(row[0]))


@dataclass(frozen=True, slots=True)
class _Election:
    """What is to be counted, checked."""

    rule: str
    options: int
    ballots: Ballots
    seats: int
    lot: Members | None

    @property
    def voters(self) -> int:
        return sum(times for _, times in self.ballots)

    @property
    def order(self) -> Members:
        """In which order one way through the ties is walked: by lot, or just to show one."""
        return self.lot or tuple(range(self.options))

    def result(self, found: Sequence[Members], complete: bool, chosen: Members, **more: Any) -> CommitteeResult:
        """Who is elected of the equal committees: the only one, or the one the lot chose."""
        certain = complete and len(found) == 1
        decided_by = "rule" if certain else "open" if self.lot is None else "lot"
        elected = None if decided_by == "open" else chosen
        facts = (self.rule, (), self.seats, self.voters, tuple(found), complete, elected, decided_by)
        return CommitteeResult(*facts, lot=self.lot, **more)

    def first(self, committees: Sequence[Members]) -> Members:
        """The committee that the lot prefers: whose member drawn first was drawn before those of the others, and so on."""
        rank = {option: place for place, option in enumerate(self.order)}
        return min(committees, key=lambda members: sorted(rank[option] for option in members))

    def follow(self, search: Search[Any], start: Any, **more: Any) -> CommitteeResult:
        """Walk all ways, and the one of the lot."""
        chosen, stages = search.along(start, self.order)
        return self.result(search.everywhere(start), search.complete, chosen, stages=stages, **more)


def _separable(election: _Election) -> CommitteeResult:
    values = (scores.satisfaction if election.rule == "sav" else scores.approvals)(election.ballots, election.options)
    found, complete = scores.most(values, election.seats)
    chosen, stages = _filled(election, values, ())
    return election.result(found, complete, chosen, stages=stages, score=sum((values[option] for option in chosen), Fraction(0)))


def _filled(election: _Election, values: list[Fraction], taken: Members) -> tuple[Members, tuple[Stage, ...]]:
    """The free seats for the greatest values, one after the other, equal ones in the order of the lot."""
    stages, members = list[Stage](), list(taken)
    while len(members) < election.seats:
        open_values = tuple(None if option in members else value for option, value in enumerate(values))
        top = max(value for value in open_values if value is not None)
        tied = tuple(option for option, value in enumerate(open_values) if value == top)
        members.append(min(tied, key=election.order.index))
        stages.append(Stage("approvals", members[-1], tied, open_values))
    return tuple(sorted(members)), tuple(stages)


def _best(election: _Election) -> CommitteeResult:
    found, complete, top = scores.best(election.ballots, election.options, election.seats, election.rule)
    return election.result(found, complete, election.first(found), score=top)


def _sequential(election: _Election) -> CommitteeResult:
    weight = scores.WEIGHTS[scores.SEQUENTIAL[election.rule]]
    moves = scores.adding(election.ballots, election.options, election.seats, election.rule)
    result = election.follow(Search(moves, tuple, election.ballots), ())
    return replace(result, score=_score(election, result, weight))


def _reverse(election: _Election) -> CommitteeResult:
    """The lot names who stays: of those equally dispensable the one that was drawn last leaves."""
    moves = scores.removing(election.ballots, election.options, election.seats)
    search, start = Search(moves, tuple, election.ballots), tuple(range(election.options))
    chosen, stages = search.along(start, election.order[::-1])
    result = election.result(search.everywhere(start), search.complete, chosen, stages=stages)
    return replace(result, score=_score(election, result, scores.WEIGHTS["pav"]))


def _score(election: _Election, result: CommitteeResult, weight: Callable[[int], Fraction]) -> Fraction | None:
    return None if result.elected is None else scores.score(election.ballots, result.elected, weight)


def _phragmen(election: _Election) -> CommitteeResult:
    market = Market.of(election.ballots, election.options, election.seats)
    return election.follow(_search(market), market.start(Fraction(0), debts=True))


def _search(market: Market) -> Search[Purses]:
    return Search(market.moves, lambda state: state.members, market.ballots)


def _share(election: _Election, seats: int) -> Fraction:
    return Fraction(seats, election.voters) if election.voters else Fraction(0)


def _equal_shares(election: _Election) -> CommitteeResult:
    market, share = Market.of(election.ballots, election.options, election.seats, "phragmen"), _share(election, election.seats)
    return election.follow(_search(market), market.start(share), share=share)


def _equal_shares_and_approvals(election: _Election) -> CommitteeResult:
    market, share = Market.of(election.ballots, election.options, election.seats), _share(election, election.seats)
    search = _search(market)
    paid, stages = search.along(market.start(share), election.order)
    values = scores.approvals(election.ballots, election.options)
    chosen, more = _filled(election, values, paid)
    parts = [scores.most(values, election.seats, taken) for taken in search.everywhere(market.start(share))]
    found = sorted(set().union(*(committees for committees, _ in parts)))[:MOST_COMMITTEES]
    complete = search.complete and all(whole for _, whole in parts) and len(found) < MOST_COMMITTEES
    return election.result(found, complete, chosen, stages=stages + more, share=share)


def _equal_shares_raised(election: _Election) -> CommitteeResult:
    """Everybody's share is raised, as if there were one seat more, until the committee is full: on the way of the lot, otherwise on any."""
    market = Market.of(election.ballots, election.options, election.seats)
    if sum(map(bool, market.supporters)) < election.seats:  # some seats can never be paid
        return _separable(election)
    for seats in range(election.seats, election.seats + MOST_RISES):
        search, start = _search(market), market.start(_share(election, seats))
        if election.lot is not None and len(search.along(start, election.lot)[0]) < election.seats:
            continue
        full = [members for members in search.everywhere(start) if len(members) == election.seats]
        if full:
            chosen, stages = search.along(start, election.order)
            way = (chosen, stages) if chosen in full else (full[0], ())
            return election.result(full, search.complete, way[0], stages=way[1], share=_share(election, seats))
    raise CountError(f"The committee was not full after everybody's share was raised {MOST_RISES:,} times. Use another completion.")


_WAYS: dict[str, Callable[[_Election], CommitteeResult]] = {
    **dict.fromkeys(scores.SEPARABLE, _separable),
    **dict.fromkeys(scores.BEST, _best),
    **dict.fromkeys(scores.SEQUENTIAL, _sequential),
    "revseqpav": _reverse,
    "seqphragmen": _phragmen,
    "equal-shares": _equal_shares,
    "equal-shares-with-av-completion": _equal_shares_and_approvals,
    "equal-shares-with-increment-completion": _equal_shares_raised,
}
