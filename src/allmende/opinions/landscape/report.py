"""What of a landscape may be shown: numbers that stand for at least five people, also when they are subtracted from each other."""

from typing import Any

import numpy as np

from allmende.opinions.landscape.plane import Matrix
from allmende.opinions.landscape.weighing import (
    Count,
    agreed_by_most,
    consensus,
    counts,
    likely,
    representative,
    spread,
)
from allmende.opinions.landscape.whole import Landscape

MOST_SHOWN = 8
CLEAR = 0.25  # two groups whose agreement is so far apart are divided
REACH = 1.6  # standard deviations: how far the outline of a group goes


def report(
    found: Landscape, answers: Matrix, numbers: list[int], *, hidden: frozenset[int], least: int, least_people: int
) -> dict[str, Any]:
    """Everything pages and exports read. `numbers` names the columns; `hidden` are columns that are not shown."""
    people = int((~np.isnan(answers)).any(axis=1).sum()) if answers.size else 0
    head = {"people": people, "answers": int((~np.isnan(answers)).sum()), "grouped": 0, "groups": [], "statements": []}
    if people < least_people:
        return head | {"answers": 0, "is_enough": False, "unites": [], "divides": []}
    table = [counts(answers[found.rows[found.labels == one]]) for one in range(found.groups)] if found.groups > 1 else []
    grouped = len(found.rows) if table else 0
    rest = np.setdiff1d(np.arange(len(answers)), found.rows if table else [])
    outside, everybody = counts(answers[rest]), counts(answers)
    shown = [column for column in range(len(numbers)) if column not in hidden]
    rows = {column: _row(column, numbers[column], everybody, table, outside, least) for column in shown}
    rows = {column: row for column, row in rows.items() if row}
    return head | {
        "is_enough": True,
        "grouped": grouped,
        "groups": [_group(found, one, table, rows, numbers, hidden) for one in range(len(table))],
        "statements": [row for row in rows.values() if row],
        "unites": _unites(rows, everybody, hidden),
        "divides": _divides(rows, is_grouped=bool(table)),
    }


def cells(groups: list[int], outside: int, least: int) -> list[bool]:
    """Which groups' answers to one statement may be shown, by their numbers.

    Small ones are not. Where all that is hidden together (with those who belong to no group) is still too few, the smallest of the others
    is hidden as well: otherwise the sum of all less what is shown would tell.
    """
    show = [count >= least for count in groups]
    rest = outside + sum(count for count, seen in zip(groups, show, strict=True) if not seen)
    while 0 < rest < least and any(show):
        smallest = min((at for at, seen in enumerate(show) if seen), key=lambda at: groups[at])
        show[smallest] = False
        rest += groups[smallest]
    return show


def _row(column: int, number: int, everybody: list[Count], table: list[list[Count]], outside: list[Count], least: int) -> dict[str, Any]:
    """One statement: nothing at all where fewer than `least` answered it."""
    whole = everybody[column]
    if whole.seen < least:
        return {}
    each = [row[column] for row in table]
    seen = cells([one.seen for one in each], outside[column].seen, least)
    is_whole = bool(each) and all(seen)
    return {
        "number": number,
        **_count(whole),
        "groups": [_count(one) if shown else None for one, shown in zip(each, seen, strict=True)],
        "consensus": round(consensus(each), 4) if is_whole else None,
        "rejected": round(consensus([Count(one.disagree, one.agree, one.seen) for one in each]), 4) if is_whole else None,
        "spread": round(spread([one for one, shown in zip(each, seen, strict=True) if shown]), 4) if sum(seen) > 1 else None,
    }


def _count(one: Count) -> dict[str, int]:
    return {"agree": one.agree, "disagree": one.disagree, "passed": one.seen - one.agree - one.disagree, "seen": one.seen}


def _group(
    found: Landscape, one: int, table: list[list[Count]], rows: dict[int, dict[str, Any]], numbers: list[int], hidden: frozenset[int]
) -> dict[str, Any]:
    """How many, where, how far they reach, and what stands for them."""
    points = found.points[found.labels == one]
    without = hidden | {column for column in range(len(numbers)) if column not in rows or rows[column]["groups"][one] is None}
    stands = [
        {"number": numbers[it.statement], "agrees": it.agrees, "successes": it.successes, "seen": it.trials}
        for it in representative(one, table, frozenset(without))
    ]
    return {"people": len(points), **outline(points), "stands": stands}


def outline(points: Matrix) -> dict[str, float]:
    """Middle, half axes and turn of the ellipse around a group: sums of all its people, no single point can be read from it."""
    middle = points.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(points.T, bias=True) if len(points) > 1 else np.zeros((2, 2)))
    long = vectors[:, 1] if vectors[0, 1] >= 0 else -vectors[:, 1]
    half = REACH * np.sqrt(np.maximum(values, 0))
    turn = float(np.degrees(np.arctan2(long[1], long[0])))
    return {
        "x": round(float(middle[0]), 3),
        "y": round(float(middle[1]), 3),
        "long": round(float(half[1]), 3),
        "short": round(float(half[0]), 3),
        "turn": round(turn, 1),
    }


def _unites(rows: dict[int, dict[str, Any]], everybody: list[Count], hidden: frozenset[int]) -> list[dict[str, Any]]:
    """What all groups agree (or disagree) on; without groups what most agree on."""
    grouped = [row for row in rows.values() if row["consensus"] is not None]
    if not grouped:
        without = hidden | (set(range(len(everybody))) - set(rows))
        both = [(at, agrees) for agrees in (True, False) for at in agreed_by_most(everybody, agrees=agrees, without=frozenset(without))]
        return [{"number": rows[at]["number"], "agrees": agrees} for at, agrees in both][:MOST_SHOWN]
    said = [(row["consensus"], row["number"], True) for row in grouped if _all_groups(row, "agree")]
    said += [(row["rejected"], row["number"], False) for row in grouped if _all_groups(row, "disagree")]
    return [{"number": number, "agrees": agrees} for _how, number, agrees in sorted(said, key=lambda one: (-one[0], one[1]))[:MOST_SHOWN]]


def _all_groups(row: dict[str, Any], word: str) -> bool:
    return all(likely(one[word], one["seen"]) > 0.5 for one in row["groups"])


def _divides(rows: dict[int, dict[str, Any]], *, is_grouped: bool) -> list[int]:
    """What groups see most differently; without groups what splits everybody into halves."""
    if is_grouped:
        found = sorted((-row["spread"], row["number"]) for row in rows.values() if (row["spread"] or 0) >= CLEAR)
        return [number for _how, number in found[:MOST_SHOWN]]
    halves = [
        (abs(row["agree"] - row["disagree"]) / row["seen"], row["number"])
        for row in rows.values()
        if row["agree"] + row["disagree"] > row["seen"] / 2 and min(row["agree"], row["disagree"]) >= row["seen"] / 4
    ]
    return [number for _how, number in sorted(halves)[:MOST_SHOWN]]
