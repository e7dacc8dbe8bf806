"""Simple and qualified majority: yes or no to one question.

Everything is compared as fractions, never as percentages: 74 of 99 is not three quarters. What the votes are compared with is the base:

* "cast": votes cast. Abstentions are not cast (§ 43 II GenG: the majority of the votes cast; an abstention is no vote) unless the rule
  says `abstentions="in"`.
* "present": all votes that are present, or, where nobody counted them, all that were cast with abstentions.
* "all": all votes of those entitled.

Simple majority is more than one half; every other threshold is reached when it is met exactly ("at least three quarters"). A quorum asks
how many took part, abstentions included, out of all entitled or all present; `approval_quorum` asks how many of all entitled said yes.

Classes (groups of members): one may need a majority of its own (double majority), have a cap (at most this share of the counted votes), a
fixed share of the whole, or a guard: members who only invest may neither outvote the others nor block a majority (§ 8 II sentence 2
GenG). Then it is counted with and without them, both are shown, and where they differ the others decide.
Classes in which fewer than `small` people voted are shown together, so that nobody's vote can be read from the result.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .classes import ClassRule, ClassTally, Shown, classes_for, factors, shown, tallies
from .places import exact, read_fraction
from .profiles import Choices, require

BASES = ("cast", "present", "all")


@dataclass(frozen=True, slots=True)
class MajorityRule:
    """What was agreed before the vote. Raises CountError when it makes no sense."""

    threshold: Fraction = Fraction(1, 2)
    strict: bool = True
    base: str = "cast"
    abstentions: str = "out"
    quorum: Fraction | int | None = None
    quorum_base: str = "all"
    approval_quorum: Fraction | None = None
    classes: tuple[ClassRule, ...] = ()
    small: int = 5

    def __post_init__(self) -> None:
        require(0 < self.threshold <= 1, "The threshold lies above 0 and is at most 1.")
        require(not (self.strict and self.threshold == 1), "Nobody can be more than all.")
        require(self.base in BASES, "The base is cast, present or all.")
        require(self.abstentions in {"in", "out"}, "Abstentions are in or out.")
        require(self.quorum_base in {"present", "all"}, "A quorum is a share of those present or of all.")
        require(self.quorum is None or self.quorum >= 0, "A quorum is not negative.")

    def words(self) -> list[dict[str, Any]]:
        """The rule as keys of words (words.py) with their facts."""
        words: list[dict[str, Any]] = [
            {"key": "majority.more_than" if self.strict else "majority.at_least", "threshold": exact(self.threshold)},
            {"key": f"majority.base.{self.base}"},
        ]
        if self.base == "cast":
            words.append({"key": f"majority.abstentions.{self.abstentions}"})
        if self.quorum is not None:
            kind = "people" if isinstance(self.quorum, int) else self.quorum_base
            words.append({"key": f"majority.quorum.{kind}", "quorum": exact(self.quorum)})
        if self.approval_quorum is not None:
            words.append({"key": "majority.quorum.approval", "quorum": exact(self.approval_quorum)})
        for one in self.classes:
            words += one.words()
        return words


@dataclass(frozen=True, slots=True)
class Counted:
    """One way through the numbers: yes, no, abstentions as they count, what they are compared with, and whether it is enough."""

    yes: Fraction
    no: Fraction
    abstain: Fraction
    base: Fraction
    needed: Fraction
    reached: bool

    def as_json(self) -> dict[str, Any]:
        """Everything, to be published."""
        numbers = {"yes": self.yes, "no": self.no, "abstain": self.abstain, "base": self.base, "needed": self.needed}
        return {name: exact(number) for name, number in numbers.items()} | {"reached": self.reached}


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many took part and how many were needed."""

    kind: str
    counted: Fraction
    needed: Fraction
    of: Fraction | None
    reached: bool

    def as_json(self) -> dict[str, Any]:
        """Everything, to be published."""
        of = None if self.of is None else exact(self.of)
        return {"kind": self.kind, "counted": exact(self.counted), "needed": exact(self.needed), "of": of, "reached": self.reached}


@dataclass(frozen=True, slots=True)
class MajorityResult:
    """The outcome with its working."""

    rule: MajorityRule
    outcome: str
    decided_by: str
    voters: int
    counted: Counted
    quorums: tuple[Quorum, ...]
    classes: tuple[Shown, ...]
    without: Counted | None
    failing: tuple[str, ...]
    few: frozenset[str] = frozenset()
    hides_without: bool = False

    def as_json(self) -> dict[str, Any]:
        """Everything, to be published. `without` is the count without guarded classes, `failing` names classes without own majority.

        Where so few voted in a class that its numbers would tell how, it was counted all the same, and is not shown: `without` is left
        out (`without_hidden`), failing classes are not named (`failing_few` says how many).
        """
        return {
            "method": "majority",
            "outcome": self.outcome,
            "decided_by": self.decided_by,
            "voters": self.voters,
            "rule": self.rule.words(),
            **self.counted.as_json(),
            "threshold": exact(self.rule.threshold),
            "strict": self.rule.strict,
            "quorums": [quorum.as_json() for quorum in self.quorums],
            "classes": [one.as_json() for one in self.classes],
            "without": self.without.as_json() if self.without and not self.hides_without else None,
            "without_hidden": self.without is not None and self.hides_without,
            "failing": [name for name in self.failing if name not in self.few],
            "failing_few": sum(name in self.few for name in self.failing),
        }


def enough(yes: Fraction, base: Fraction, threshold: Fraction, strict: bool) -> bool:
    """Whether these votes are enough. Nothing is enough when nobody said yes."""
    needed = base * threshold
    return yes > 0 and (yes > needed if strict else yes >= needed)


def _base(rule: MajorityRule, one: ClassTally) -> Fraction:
    if rule.base == "cast":
        return Fraction(one.yes + one.no + (one.abstain if rule.abstentions == "in" else 0))
    if rule.base == "present":
        return Fraction(one.all_cast if one.present is None else one.present)
    require(one.eligible is not None, "To compare with all, the number of all votes is needed (eligible).")
    return Fraction(one.eligible or 0)


def _counted(rule: MajorityRule, rows: Sequence[ClassTally]) -> Counted:
    bases = {one.name: _base(rule, one) for one in rows}
    factor = factors(rule.classes, bases)

    def whole(numbers: Mapping[str, Fraction | int]) -> Fraction:
        return sum((number * factor[name] for name, number in numbers.items()), Fraction())

    yes, base = whole({one.name: one.yes for one in rows}), whole(bases)
    no, abstain = whole({one.name: one.no for one in rows}), whole({one.name: one.abstain for one in rows})
    return Counted(yes, no, abstain, base, base * rule.threshold, enough(yes, base, rule.threshold, rule.strict))


def _own(rule: MajorityRule, needs: ClassRule, one: ClassTally) -> bool:
    threshold = needs.majority or rule.threshold
    strict = threshold == Fraction(1, 2) if needs.strict is None else needs.strict
    return enough(Fraction(one.yes), _base(rule, one), threshold, strict)


def _whole(rows: Sequence[ClassTally], name: str) -> Fraction | None:
    parts = [getattr(one, name) for one in rows]
    return None if None in parts or not parts else Fraction(sum(parts))


def _quorums(rule: MajorityRule, rows: Sequence[ClassTally]) -> list[Quorum]:
    found: list[Quorum] = []
    if isinstance(rule.quorum, int):
        voters = Fraction(sum(one.voters for one in rows))
        found.append(Quorum("people", voters, Fraction(rule.quorum), None, voters >= rule.quorum))
    elif rule.quorum is not None:
        of = _whole(rows, "eligible" if rule.quorum_base == "all" else "present")
        require(of is not None, "For a quorum the number of all votes is needed (eligible, or present).")
        cast = Fraction(sum(one.all_cast for one in rows))
        needed = rule.quorum * (of or 0)
        found.append(Quorum(rule.quorum_base, cast, needed, of, cast >= needed and cast > 0))
    if rule.approval_quorum is not None:
        of = _whole(rows, "eligible")
        require(of is not None, "For a quorum of approval the number of all votes is needed (eligible).")
        yes, needed = Fraction(sum(one.yes for one in rows)), rule.approval_quorum * (of or 0)
        found.append(Quorum("approval", yes, needed, of, yes >= needed and yes > 0))
    return found


def read_rule(options: Mapping[str, Any], seen: Collection[str] = ()) -> MajorityRule:
    """A rule from what was published or stored, for these classes: fractions as "3/4", classes as a list. Raises CountError."""
    threshold = read_fraction(options.get("threshold") or Fraction(1, 2), "The threshold")
    strict = options.get("strict")
    quorum = options.get("quorum")
    approval = options.get("approval_quorum")
    small = options.get("small", 5)
    require(strict is None or isinstance(strict, bool), "Strict is true or false.")
    require(type(small) is int and small >= 0, "The size of a small class is a whole number.")
    return MajorityRule(
        threshold,
        threshold == Fraction(1, 2) if strict is None else strict,
        str(options.get("base") or "cast"),
        str(options.get("abstentions") or "out"),
        quorum if quorum is None or type(quorum) is int else read_fraction(quorum, "The quorum"),
        str(options.get("quorum_base") or "all"),
        None if approval is None else read_fraction(approval, "The quorum of approval"),
        classes_for(options.get("classes"), threshold, seen),
        small,
    )


def decide(rule: MajorityRule, rows: Sequence[ClassTally]) -> MajorityResult:
    """The outcome of these numbers: first the quorum, then the majority, then the classes."""
    quorums = _quorums(rule, rows)
    counted = _counted(rule, rows)
    by_name = {one.name: one for one in rows}
    failing = tuple(
        need.name
        for need in rule.classes
        if need.majority is not None and not _own(rule, need, by_name.get(need.name, ClassTally(need.name)))
    )
    guarded = {one.name for one in rule.classes if one.guard}
    others = [one for one in rows if one.name not in guarded]
    without = _counted(rule, others) if others and len(others) < len(rows) else None
    reached, decided_by = counted.reached, "all"
    if without is not None and without.reached != counted.reached:
        reached, decided_by = without.reached, "without"
    if failing and reached:
        reached, decided_by = False, "classes"
    outcome = "accepted" if reached else "rejected"
    if not all(quorum.reached for quorum in quorums):
        outcome, decided_by = "no_quorum", "quorum"
    voters = sum(one.voters for one in rows)
    few = frozenset(one.name for one in rows if 0 < one.voters < rule.small)
    apart = sum(one.voters for one in others)
    hides = any(0 < number < rule.small for number in (apart, voters - apart))
    rows_shown = shown(rule.classes, rows, rule.small)
    return MajorityResult(rule, outcome, decided_by, voters, counted, tuple(quorums), rows_shown, without, failing, few, hides)


def majority(profile: Choices, eligible: Any = None, present: Any = None, **options: Any) -> MajorityResult:
    """Count yes and no.

    `eligible` and `present` are numbers of votes: one for all, or a mapping from class to number. Options are those of MajorityRule, with
    fractions as "3/4". Equal numbers of yes and no are no majority, so there is nothing to break (`ties`). Raises CountError when the
    rule makes no sense or a number it needs is missing.
    """
    require(isinstance(profile, Choices), "A majority is counted from answers: yes, no, abstain.")
    known = {"threshold", "strict", "base", "abstentions", "quorum", "quorum_base", "approval_quorum", "classes", "small", "ties"}
    require(set(options) <= known, f"A majority knows no “{', '.join(sorted(set(options) - known))}”.")
    rows = tallies(profile, eligible, present)
    return decide(read_rule(options, [row.name for row in rows]), rows)
