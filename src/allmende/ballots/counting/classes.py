"""Classes of voters: what each one cast, caps and shares, own majorities, and how small ones are shown. Used by majority.py."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from .places import exact, read_fraction
from .profiles import Choices, require

ONE = Fraction(1)
INVESTING = "investing"
"""The class of members who only invest. It is guarded wherever it appears, for the law says so (§ 8 II sentence 2 GenG)."""


@dataclass(frozen=True, slots=True)
class ClassRule:
    """What is agreed for one class: own majority needed, cap, fixed share of the whole, guard. Raises CountError when it makes no sense."""

    name: str
    majority: Fraction | None = None
    strict: bool | None = None
    cap: Fraction | None = None
    share: Fraction | None = None
    guard: bool = False

    def __post_init__(self) -> None:
        require(self.majority is None or 0 < self.majority <= 1, "The majority of a class lies above 0 and is at most 1.")
        require(self.cap is None or 0 <= self.cap < 1, "The cap of a class is a share from 0 to less than 1.")
        require(self.share is None or 0 < self.share <= 1, "The share of a class lies above 0 and is at most 1.")
        require(self.cap is None or self.share is None, "A class has a cap or a fixed share, not both.")

    def words(self) -> list[dict[str, Any]]:
        """The rule as keys of words (words.py) with their facts."""
        words: list[dict[str, Any]] = []
        if self.majority is not None:
            words.append({"key": "class.majority", "class": self.name, "threshold": exact(self.majority)})
        if self.cap is not None:
            words.append({"key": "class.cap", "class": self.name, "cap": exact(self.cap)})
        if self.share is not None:
            words.append({"key": "class.share", "class": self.name, "share": exact(self.share)})
        return words + ([{"key": "class.guard", "class": self.name}] if self.guard else [])


@dataclass(frozen=True, slots=True)
class ClassTally:
    """What one class cast, in votes; `voters` counts heads. None where nobody counted who is entitled or present."""

    name: str
    yes: int = 0
    no: int = 0
    abstain: int = 0
    voters: int = 0
    eligible: int | None = None
    present: int | None = None

    @property
    def all_cast(self) -> int:
        """All votes that were handed in, abstentions too."""
        return self.yes + self.no + self.abstain


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the result: one class, or several small ones together, and by what their votes were multiplied."""

    names: tuple[str, ...]
    yes: int
    no: int
    abstain: int
    voters: int

    def as_json(self) -> dict[str, Any]:
        """Everything, to be published."""
        return {"classes": list(self.names), "yes": self.yes, "no": self.no, "abstain": self.abstain, "voters": self.voters}


def classes_for(value: Any, threshold: Fraction, seen: Collection[str]) -> tuple[ClassRule, ...]:
    """Rules for classes from a list of mappings (name, majority, cap, share, guard); True means: every class has to agree, by the same
    threshold. The guard of those who invest is added. Raises CountError."""
    if isinstance(value, bool):
        value = [ClassRule(name, majority=threshold) for name in sorted(seen) if name != INVESTING] if value else ()
    rules = read_classes(value or ())
    missing = INVESTING in seen and INVESTING not in {rule.name for rule in rules}
    return (*rules, ClassRule(INVESTING, guard=True)) if missing else rules


def read_classes(value: Any) -> tuple[ClassRule, ...]:
    """Rules for classes from a list of mappings. Raises CountError."""
    require(isinstance(value, Sequence) and not isinstance(value, str), "Classes are a list.")
    rules: list[ClassRule] = []
    for one in value:
        if isinstance(one, ClassRule):
            rules.append(one)
            continue
        require(isinstance(one, Mapping) and isinstance(one.get("name"), str), "Every class has a name.")
        known = {"name", "majority", "strict", "cap", "share", "guard"}
        require(set(one) <= known, f"A class knows no “{', '.join(sorted(set(one) - known))}”.")
        shares = {key: read_fraction(one[key], "A share of a class") for key in ("majority", "cap", "share") if one.get(key) is not None}
        rules.append(ClassRule(one["name"], strict=one.get("strict"), guard=one.get("guard") is True, **shares))
    require(len({one.name for one in rules}) == len(rules), "A class is named twice.")
    return tuple(rules)


def _numbers(value: Any, names: set[str], what: str) -> dict[str, int]:
    if value is None:
        return {}
    if isinstance(value, Mapping):
        require(all(type(number) is int and number >= 0 for number in value.values()), f"{what}: whole numbers of votes.")
        return dict(value)
    require(type(value) is int and value >= 0, f"{what}: a whole number of votes.")
    require(len(names) <= 1, f"{what}: with classes, say how many votes each class has.")
    return {next(iter(names), ""): int(value)}


def tallies(profile: Choices, eligible: Any = None, present: Any = None) -> list[ClassTally]:
    """What each class cast, classes in the order of their names. Raises CountError when more was cast than there is."""
    names = {cast.group for cast in profile.ballots}
    names |= {name for value in (eligible, present) if isinstance(value, Mapping) for name in value}
    rows = {name: ClassTally(name) for name in sorted(names or {""})}
    for cast in profile.ballots:
        row = rows[cast.group]
        votes = getattr(row, cast.answer) + cast.times * cast.weight
        rows[cast.group] = replace(row, voters=row.voters + cast.times, **{cast.answer: votes})
    entitled, here = _numbers(eligible, set(rows), "Those entitled"), _numbers(present, set(rows), "Those present")
    found = []
    for name, row in rows.items():
        full = replace(row, eligible=entitled.get(name), present=here.get(name))
        for limit in (full.eligible, full.present):
            require(limit is None or row.all_cast <= limit, "More votes were cast than there are.")
        found.append(full)
    return found


def factors(rules: Sequence[ClassRule], bases: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """By what the votes of each class are multiplied.

    Fixed shares: a class counts as its share of the whole, however many voted; a class in which nobody voted leaves its share to the
    others. Caps: a class with more than its cap of all counted votes is reduced to exactly the cap.
    """
    factor = dict.fromkeys(bases, ONE)
    shares = {rule.name: rule.share for rule in rules if rule.share is not None and bases.get(rule.name)}
    if any(rule.share is not None for rule in rules):
        named = {rule.name for rule in rules if rule.share is not None}
        require({name for name in bases if bases[name]} <= named, "With fixed shares every class needs its share.")
        whole = sum(shares.values(), Fraction())
        return factor | {name: share / whole / bases[name] for name, share in shares.items()}
    return factor | _capped({rule.name: rule.cap for rule in rules if rule.cap is not None and bases.get(rule.name)}, bases)


def _capped(caps: Mapping[str, Fraction], bases: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """One class over its cap makes the whole smaller, which may push another one over its own; so look again until none is left."""
    bound: set[str] = set()
    while True:
        free = sum((base for name, base in bases.items() if name not in bound), Fraction())
        room = ONE - sum((caps[name] for name in bound), Fraction())
        require(room > 0 or not free, "The caps of the classes add up to the whole.")
        whole = free / room if room > 0 else Fraction()
        over = {name for name, cap in caps.items() if name not in bound and bases[name] > cap * whole}
        if not over:
            return {name: caps[name] * whole / bases[name] for name in bound}
        bound |= over


def shown(rules: Sequence[ClassRule], rows: Sequence[ClassTally], small: int) -> tuple[Shown, ...]:
    """The rows of the result. Classes in which fewer than `small` voted are put together with the next larger one until they are many
    enough: a row of one person, or the difference to the total, would tell how this person voted."""
    if len(rows) < 2 and not rules:
        return ()
    kept: list[Shown] = []
    for row in sorted(rows, key=lambda row: (row.voters, row.name)):
        one = Shown((row.name,), row.yes, row.no, row.abstain, row.voters)
        if kept and kept[-1].voters < small:
            last = kept.pop()
            one = Shown(
                (*last.names, *one.names), last.yes + one.yes, last.no + one.no, last.abstain + one.abstain, last.voters + one.voters
            )
        kept.append(one)
    return tuple(sorted((replace(one, names=tuple(sorted(one.names))) for one in kept), key=lambda one: one.names))
