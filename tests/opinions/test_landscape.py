"""Groups of opinion: small examples worked out by hand, and Polis's own results."""

import csv
import json
from math import comb, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from allmende.opinions.landscape import Smoothing, cluster, landscape, place, plane, silhouette, smooth
from allmende.opinions.landscape.groups import joined, named_like, numbers_to_try
from allmende.opinions.landscape.plane import Plane, counted_in, hushed, like
from allmende.opinions.landscape.weighing import (
    Count,
    Standing,
    agreed_by_most,
    consensus,
    counts,
    likely,
    proportion_test,
    representative,
    spread,
    two_proportions_test,
)

N = np.nan
VOTES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "votes"
here = pytest.mark.skipif(not VOTES.is_dir(), reason="LOUD: ../shared/data/votes is missing, Polis's own results are NOT compared")


def camps(*sizes: int, statements: int = 8) -> Any:
    """Camps that answer by a pattern each: the first agrees to the first half, the second to the second, the third to every other one."""
    half = statements // 2
    patterns = [[1] * half + [-1] * half, [-1] * half + [1] * half, [1, -1] * half]
    rows = [patterns[camp] for camp, size in enumerate(sizes) for _one in range(size)]
    return np.array(rows, dtype=float)


def agreement(one: Any, other: Any) -> float:
    """The adjusted Rand index of two groupings: 1 the same, 0 as by chance."""
    table = np.array([[((one == a) & (other == b)).sum() for b in np.unique(other)] for a in np.unique(one)])
    pairs, rows, columns = (sum(comb(int(n), 2) for n in part.ravel()) for part in (table, table.sum(axis=1), table.sum(axis=0)))
    chance = rows * columns / comb(len(one), 2)
    return (pairs - chance) / ((rows + columns) / 2 - chance)


# ---------------------------------------------------------------------------------------------------------------- the plane


def test_the_centre_is_the_average_of_known_answers_and_the_axis_what_differs() -> None:
    found = plane(np.array([[1, 1], [1, -1], [1, N]]))
    assert found.centre.tolist() == [1, 0]
    assert found.axes.round(9).tolist() == [[0, 1], [0, 0]]


def test_somebody_with_few_answers_is_pushed_outwards() -> None:
    on = Plane(np.zeros(4), np.array([[0.5, 0.5, 0.5, 0.5], [0.5, -0.5, 0.5, -0.5]]))
    assert place(np.array([[1, 1, 1, 1], [1, N, N, N]]), on).tolist() == [[2, 0], [1, 1]]
    assert place(np.array([[N, N, N, N]]), on).tolist() == [[0, 0]]


def test_seven_answers_are_needed_or_all_of_fewer_statements() -> None:
    many = np.full((20, 10), N)
    many[:, :7] = 1
    many[3, 6] = N
    assert counted_in(many).tolist() == [at for at in range(20) if at != 3]
    assert counted_in(np.array([[1, 1, 1]] * 16 + [[1, 1, N]])).tolist() == list(range(16))


def test_where_too_few_have_enough_those_with_the_most_come_along_but_nobody_without_an_answer() -> None:
    answers = np.full((4, 9), N)
    answers[0, :8] = 1
    answers[1, :2] = 1
    answers[3, 0] = 1
    assert counted_in(answers).tolist() == [0, 1, 3]


def test_a_hidden_statement_tells_nobody_apart() -> None:
    found = plane(hushed(np.array([[1, 1, -1], [1, -1, 1]]), frozenset({2})))
    assert found.centre.tolist() == [1, 0, 0]
    assert found.axes.round(9).tolist() == [[0, 1, 0], [0, 0, 0]]


def test_left_stays_left_when_more_statements_come() -> None:
    old = Plane(np.zeros(2), np.array([[1.0, 0], [0, 1.0]]))
    new = Plane(np.zeros(3), np.array([[-0.8, 0, 0.6], [0, 1.0, 0]]))
    assert like(new, old).axes.tolist() == [[0.8, 0, -0.6], [0, 1, 0]]


# ---------------------------------------------------------------------------------------------------------------- groups


def test_two_heaps_are_two_groups_the_larger_first() -> None:
    points = np.array([[5.0, 0], [5, 1], [0, 0], [0, 1], [0, 2]])
    labels, score = cluster(points, 2)
    assert labels.tolist() == [1, 1, 0, 0, 0]
    assert score == silhouette(points, labels) > 0.7


def test_the_silhouette_by_hand_and_of_who_is_alone() -> None:
    points = np.array([[0.0, 0], [0, 2], [0, 10]])
    assert silhouette(points, np.array([0, 0, 1])) == round(((10 - 2) / 10 + (8 - 2) / 8 + 0) / 3, 9)
    assert silhouette(points, np.array([0, 0, 0])) == 0


@pytest.mark.parametrize(("people", "tried"), [(3, [2]), (12, [2, 3]), (25, [2, 3, 4]), (36, [2, 3, 4, 5]), (900, [2, 3, 4, 5])])
def test_more_groups_are_looked_for_with_more_people(people: int, tried: list[int]) -> None:
    assert list(numbers_to_try(people)) == tried


def test_another_number_of_groups_is_taken_after_four_updates_in_a_row() -> None:
    state = smooth(2, None)
    seen = []
    for best in (3, 3, 2, 3, 3, 3, 3):
        state = smooth(best, state)
        seen.append(state.shown)
    assert seen == [2, 2, 2, 2, 2, 2, 3]
    assert state == Smoothing(shown=3, last=3, times=4)


def test_small_groups_join_the_nearest() -> None:
    points = np.array([[0.0, 0]] * 5 + [[10.0, 0]] * 5 + [[9.0, 0]] * 2)
    assert joined(points, np.array([0] * 5 + [1] * 5 + [2] * 2), 5).tolist() == [1] * 5 + [0] * 7
    assert joined(points, np.array([0] * 11 + [1]), 5).tolist() == [0] * 12


def test_group_a_stays_group_a() -> None:
    points = np.array([[0.0, 0], [9, 9], [9, 8]])
    assert named_like(np.array([1, 0, 0]), points, np.array([[0.0, 1], [8, 8]])).tolist() == [0, 1, 1]
    assert named_like(np.array([1, 0, 0]), points, np.zeros((3, 2))).tolist() == [1, 0, 0]


def test_three_camps_are_found_without_chance() -> None:
    answers = camps(14, 12, 10)
    found = landscape(answers)
    assert found.groups == 3
    assert found.labels.tolist() == [0] * 14 + [1] * 12 + [2] * 10
    turned = landscape(answers[::-1])
    assert turned.labels.tolist() == found.labels.tolist()[::-1]


@pytest.mark.parametrize("answers", [np.full((0, 0), N), np.full((0, 5), N), np.full((9, 0), N), np.ones((12, 8)), np.full((3, 3), N)])
def test_nothing_to_tell_apart_is_no_fault(answers: Any) -> None:
    assert landscape(answers).groups <= 1


# ------------------------------------------------------------------------------------------------------------- weighing


def test_tests_of_proportions_by_hand() -> None:
    assert likely(9, 10) == 10 / 12
    assert proportion_test(25, 26) == pytest.approx(4.811252243246882)  # as Polis computed it
    assert two_proportions_test(1, 1, 1, 1) == 0
    assert two_proportions_test(3, 0, 3, 3) == pytest.approx(0.75 / sqrt(5 / 8 * 3 / 8 * (1 / 4 + 1 / 4)))


def test_groups_count_the_same_whatever_their_size() -> None:
    large, small = Count(98, 0, 98), Count(0, 8, 8)
    assert consensus([large, small]) == 0.99 * 0.1
    assert spread([large, small]) == pytest.approx(0.89)


def test_what_stands_for_a_group_is_what_others_do_not_say() -> None:
    table = [counts(camps(10)), counts(camps(0, 10))]
    found = representative(0, table)
    assert [one.statement for one in found] == [0, 1, 2, 3, 4]
    assert [one.agrees for one in found] == [True, True, True, True, False]
    assert found[0] == Standing(0, True, 10, 10, 11 / 12, proportion_test(10, 10), 11.0, two_proportions_test(10, 0, 10, 10))
    assert representative(0, table, frozenset(range(1, 8)))[0].statement == 0


def test_what_most_agree_on_is_sure_and_more_than_half() -> None:
    table = [Count(9, 1, 10), Count(6, 4, 10), Count(0, 20, 20), Count(0, 0, 0)]
    assert agreed_by_most(table, agrees=True) == [0]
    assert agreed_by_most(table, agrees=False) == [2]


# ------------------------------------------------------------------------------------------------- Polis's own results


def exported(name: str) -> tuple[Any, Any, frozenset[int], Any]:
    """Answers, Polis's groups, moderated columns and rows of comments.csv, of a conversation as Polis exports it."""
    rows = list(csv.DictReader((VOTES / "polis" / name / "participants-votes.csv").open()))
    comments = {row["comment-id"]: row for row in csv.DictReader((VOTES / "polis" / name / "comments.csv").open())}
    columns = [column for column in rows[0] if column.isdigit()]
    answers = np.array([[float(row[one]) if row[one] else N for one in columns] for row in rows])
    hidden = frozenset(at for at, one in enumerate(columns) if comments.get(one, {}).get("moderated") == "-1")
    return answers, np.array([row["group-id"] for row in rows]), hidden, rows


@here
@pytest.mark.parametrize(("name", "least"), [("15-per-hour-seattle", 0.9), ("vtaiwan.uberx", 0.7)])
def test_groups_are_those_of_polis(name: str, least: float) -> None:
    """Of two further conversations Polis's groups do not come out of the last answers alone, for its server went on from the groups it had
    found before: london.youth.policing (26 people; three groups there, four here) and scoop-hivemind.ubi (234; four there, two here)."""
    answers, theirs, hidden, _rows = exported(name)
    found = landscape(answers, hidden=hidden)
    grouped = theirs[found.rows] != ""
    assert found.groups == len(set(theirs) - {""}) == 2
    assert agreement(found.labels[grouped], theirs[found.rows][grouped]) > least


@here
@pytest.mark.parametrize("name", ["15-per-hour-seattle", "london.youth.policing", "scoop-hivemind.ubi", "vtaiwan.uberx"])
def test_answers_are_counted_as_polis_does(name: str) -> None:
    answers, _theirs, _hidden, rows = exported(name)
    assert [int(row["n-votes"]) for row in rows] == (~np.isnan(answers)).sum(axis=1).tolist()
    assert sum(one.agree for one in counts(answers)) == int((answers == 1).sum())


def computed(name: str) -> tuple[dict[str, Any], Any, list[int]]:
    """What the Polis server computed, and the answers it did that from (agreement is -1 there), with the numbers of people."""
    folder = VOTES / "polis_math" / name
    math, votes = json.loads((folder / "math-pca2.json").read_text()), json.loads((folder / "votes.json").read_text())
    who = [one.get("participant_id", one.get("pid")) for one in votes]
    what = [one.get("statement_id", one.get("tid")) for one in votes]
    people = sorted(set(who))
    answers = np.full((len(people), len(math["tids"])), N)
    for at in sorted(range(len(votes)), key=lambda one: float(votes[one]["modified"])):
        answers[people.index(who[at]), math["tids"].index(what[at])] = votes[at]["vote"]
    return math, answers, people


CONVERSATIONS = ["25ptpt-3gp-no-strict-with-meta", "below-100-ptpts"]


@here
@pytest.mark.parametrize("name", CONVERSATIONS)
def test_centre_axes_and_places_are_exactly_those_of_the_polis_server(name: str) -> None:
    math, answers, people = computed(name)
    quiet = hushed(answers, frozenset(math["tids"].index(one) for one in math["mod-out"]))
    found = plane(quiet)
    assert np.abs(found.centre) == pytest.approx(np.abs(math["pca"]["center"]), abs=1e-12)
    theirs = np.array(math["pca"]["comps"])
    assert np.abs((found.axes * theirs).sum(axis=1)) == pytest.approx([1, 1], abs=1e-9)
    base = math["base-clusters"]
    spots = {one: (x, y) for members, x, y in zip(base["members"], base["x"], base["y"], strict=True) for one in members}
    mine = dict(zip(people, place(quiet, found).tolist(), strict=True))
    for one, spot in spots.items():
        assert np.abs(mine[one]) == pytest.approx(np.abs(spot), abs=1e-9)


@here
def test_the_three_groups_of_the_polis_server_are_found() -> None:
    math, answers, people = computed(CONVERSATIONS[0])
    found = landscape(answers, hidden=frozenset(math["tids"].index(one) for one in math["mod-out"]))
    base = dict(zip(math["base-clusters"]["id"], math["base-clusters"]["members"], strict=True))
    theirs = {one: group["id"] for group in math["group-clusters"] for member in group["members"] for one in base[member]}
    assert [people[row] for row in found.rows] == sorted(math["in-conv"])
    assert np.bincount(found.labels).tolist() == [11, 10, 6]
    assert agreement(found.labels, np.array([theirs[people[row]] for row in found.rows])) == 1


@here
def test_who_is_grouped_by_the_server_besides_was_taken_in_while_there_were_few() -> None:
    """Below 15 people Polis takes in those with the most answers and keeps them for good, so its groups depend on what was before."""
    math, answers, people = computed(CONVERSATIONS[1])
    found = landscape(answers, hidden=frozenset(math["tids"].index(one) for one in math["mod-out"]))
    mine = {people[row] for row in found.rows}
    kept = {one: int((~np.isnan(answers[people.index(one)])).sum()) for one in set(math["in-conv"]) - mine}
    assert mine < set(math["in-conv"])
    assert kept == {5: 1, 10: 2, 11: 1, 14: 1}


@here
@pytest.mark.parametrize("name", CONVERSATIONS)
def test_counts_consensus_and_what_stands_for_groups_are_those_of_the_polis_server(name: str) -> None:
    math, _answers, _people = computed(name)
    groups = sorted(math["group-votes"], key=int)
    table = [
        [Count(votes["A"], votes["D"], votes["S"]) for votes in (math["group-votes"][one]["votes"][str(tid)] for tid in math["tids"])]
        for one in groups
    ]
    for at, tid in enumerate(math["tids"]):
        assert consensus([row[at] for row in table]) == pytest.approx(math["group-aware-consensus"][str(tid)], abs=1e-9)
    without = frozenset(math["tids"].index(one) for one in math["mod-out"])
    for at, one in enumerate(groups):
        theirs = math["repness"][one]
        found = representative(at, table, without)
        assert {math["tids"][it.statement] for it in found} == {it["tid"] for it in theirs}
        by_tid = {it["tid"]: it for it in theirs}
        for it in found:
            their = by_tid[math["tids"][it.statement]]
            assert (it.successes, it.trials, "agree" if it.agrees else "disagree") == (
                their["n-success"], their["n-trials"], their["repful-for"],
            )  # fmt: skip
            assert (it.likely_test, it.ratio) == pytest.approx((their["p-test"], their["repness"]), abs=1e-9)
