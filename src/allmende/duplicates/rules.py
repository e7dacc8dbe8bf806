"""What is right for pairs and merges, in plain Python: what is worth asking, which entry stays, what both say together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allmende.directory.importers.base import BLANK, TERM_LISTS
from allmende.directory.rules import CIRCLES, HIDEABLE, level

SAME, BRANCH, UNSURE = "same", "branch", "unsure"
UNSURE_FROM = 0.25  # below this an uncertain pair is not worth a person's time

# Fields that hold one value, of which somebody chooses; fields that hold many, which are united; the rest follows its own rule.
MANY = (*TERM_LISTS, "keywords", "languages", "same_as")
OWN_WAY = frozenset({"state", "is_demo", "visibility"})
SINGLE = tuple(name for name in BLANK if name not in MANY and name not in OWN_WAY)

# The higher, the more visible; the entry that stays is at least as visible as the other one.
_VISIBLE = {"archived": 0, "draft": 1, "published": 2}


# Facts that tie two sites to one operator. Names that share a word of the trade do not: a register of 7,387 cooperatives held
# 4,929 pairs such as two rugby clubs in different towns, and nobody can look at those.
TIES = frozenset(
    "name_same name_same_but_form name_order website_same website_pages website_family website_same_far phone_same email_same "
    "register_same address_same".split()
)


def is_worth_asking(judgement: str, score: float, branch: float, facts: Iterable[str] = ()) -> bool:
    """Whether somebody should look at a pair. `facts` are the keys of the verdict's reasons."""
    if judgement == BRANCH:
        return not TIES.isdisjoint(facts)
    return judgement == SAME or (judgement == UNSURE and max(score, branch) >= UNSURE_FROM)


@dataclass(frozen=True)
class Standing:
    """What speaks for an entry to be the one that stays."""

    pk: int
    state: str
    stewards: int
    confirmed_at: datetime | None
    filled: int
    records: int
    created_at: datetime


def stays(one: Standing, other: Standing) -> int:
    """Which of two entries stays unless somebody chooses otherwise: the more visible, then the one with people who answer for it,
    then confirmed, then with more data, then with more sources, then the older."""

    def weight(it: Standing) -> tuple[Any, ...]:
        confirmed = it.confirmed_at.timestamp() if it.confirmed_at else 0.0
        return (_VISIBLE.get(it.state, -1), it.stewards > 0, confirmed > 0, it.filled, it.records, -it.created_at.timestamp(), -it.pk)

    return max(one, other, key=weight).pk


def may_stay(winner: str, loser: str) -> bool:
    """Whether an entry in the one state may stay for one in the other: nothing published may lead to what nobody sees."""
    return _VISIBLE.get(winner, -1) >= _VISIBLE.get(loser, 9)


def usual_choice(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> frozenset[str]:
    """The single fields that are taken from the entry that goes, unless somebody chooses otherwise: where the other says nothing."""
    return frozenset(name for name in SINGLE if not mine[name] and theirs[name])


def together(
    mine: Mapping[str, Any], theirs: Mapping[str, Any], from_theirs: Iterable[str], ruled: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The fields of the entry that stays, as they change: chosen single values, united lists, the narrower visibility."""
    wanted: dict[str, Any] = {name: theirs[name] for name in from_theirs if name in SINGLE}
    wanted |= {name: _united(mine[name], theirs[name], is_sorted=name in TERM_LISTS) for name in MANY}
    wanted["visibility"] = narrower(mine["visibility"], theirs["visibility"], ruled)
    return {name: value for name, value in wanted.items() if value != mine[name]}


def _united(mine: Sequence[Any], theirs: Sequence[Any], *, is_sorted: bool) -> list[Any]:
    both = list(dict.fromkeys([*mine, *theirs]))
    return sorted(both) if is_sorted else both


def narrower(mine: Mapping[str, str], theirs: Mapping[str, str], ruled: Mapping[str, str] | None) -> dict[str, str]:
    """What the entry says of who sees which field: where the two differ, the narrower circle, so that a merge publishes nothing."""
    found = dict(mine)
    for name in HIDEABLE:
        own, other = level(name, mine, ruled), level(name, theirs, ruled)
        if own != other:
            found[name] = max(own, other, key=CIRCLES.index)
    return found


def without(now: Sequence[Any], added: Iterable[Any], before: Sequence[Any]) -> list[Any]:
    """A list without what was added to it, keeping what came since and what was there before."""
    gone = set(added) - set(before)
    return [one for one in now if one not in gone]


def agreed(answers: Mapping[int, str], sides: tuple[int, int]) -> str:
    """What both sides say, where both have answered and say the same; else nothing."""
    said = {answers.get(side, "") for side in sides}
    return said.pop() if len(said) == 1 else ""
