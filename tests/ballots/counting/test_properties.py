"""What must hold for all ballots: order means nothing, more support never harms where that is promised, nothing gets lost."""

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.ballots.counting import count
from allmende.ballots.counting.profiles import Approvals, Choices, Grades, Rankings

few = settings(max_examples=25)
OPTIONS = ["A", "B", "C", "D"]
LOT = {"ties": "lot", "lot": [2, 0, 3, 1]}

answers = st.lists(
    st.tuples(st.sampled_from(["yes", "no", "abstain"]), st.integers(0, 3), st.sampled_from(["a", "b", "investing"])), max_size=25
)
approvals = st.lists(st.sets(st.integers(0, 3)), max_size=25)
grades = st.lists(st.lists(st.none() | st.integers(0, 5), min_size=4, max_size=4), max_size=25)
rankings = st.lists(st.permutations(range(4)).flatmap(lambda row: st.integers(0, 4).map(lambda cut: list(row)[:cut])), max_size=25)


def profile_of(method: str, raw: list[Any]) -> Any:
    if method == "majority":
        return Choices.of(raw)
    if method in {"approval", "seqpav", "seqphragmen"}:
        return Approvals.of(OPTIONS, raw)
    return Grades.of(OPTIONS, raw) if method in {"score", "dots"} else Rankings.of(OPTIONS, raw)


def same_for_any_order(method: str, raw: list[Any], shuffled: list[Any], **options: Any) -> None:
    assert count(method, profile_of(method, raw), **options) == count(method, profile_of(method, shuffled), **options)


@few
@given(st.data())
def test_the_order_of_ballots_changes_nothing(data: st.DataObject) -> None:
    cast, named, graded, ranked = (data.draw(kind) for kind in (answers, approvals, grades, rankings))
    shuffled = [data.draw(st.permutations(rows)) for rows in (cast, named, graded, ranked)]
    same_for_any_order("majority", cast, shuffled[0], classes=True)
    same_for_any_order("approval", named, shuffled[1], seats=2)
    same_for_any_order("score", graded, shuffled[2], by="average")
    same_for_any_order("dots", graded, shuffled[2], dots=20)
    for method in ("irv", "stv", "schulze"):
        same_for_any_order(method, ranked, shuffled[3], **LOT)


@few
@given(answers, st.integers(0, 24), st.sampled_from(["1/2", "2/3", "3/4"]), st.booleans())
def test_a_no_that_becomes_a_yes_never_harms(cast: list[tuple[str, int, str]], place: int, threshold: str, classes: bool) -> None:
    before = count("majority", Choices.of(cast), threshold=threshold, classes=classes)
    if before["outcome"] == "accepted" and place < len(cast):
        better = [*cast[:place], ("yes", *cast[place][1:]), *cast[place + 1 :]]
        assert count("majority", Choices.of(better), threshold=threshold, classes=classes)["outcome"] == "accepted"


@few
@given(approvals, st.integers(0, 24))
def test_one_more_approval_never_unseats(named: list[set[int]], place: int) -> None:
    before = count("approval", Approvals.of(OPTIONS, named), seats=2, **LOT)["elected"]
    for winner in before if place < len(named) else ():
        better = [*named[:place], named[place] | {winner}, *named[place + 1 :]]
        assert winner in count("approval", Approvals.of(OPTIONS, better), seats=2, **LOT)["elected"]


@few
@given(grades, st.integers(0, 24))
def test_a_better_grade_never_unseats(graded: list[list[int | None]], place: int) -> None:
    for winner in count("score", Grades.of(OPTIONS, graded), **LOT)["elected"] if place < len(graded) else ():
        row = list(graded[place])
        row[winner] = 5
        assert count("score", Grades.of(OPTIONS, [*graded[:place], row, *graded[place + 1 :]]), **LOT)["elected"] == [winner]


@few
@given(rankings, st.integers(0, 24))
def test_a_better_rank_never_unseats_by_schulze(ranked: list[list[int]], place: int) -> None:
    best = count("schulze", Rankings.of(OPTIONS, ranked))["places"]
    for winner in best[0]["options"] if place < len(ranked) else ():
        row = [winner, *(option for option in ranked[place] if option != winner)]
        after = count("schulze", Rankings.of(OPTIONS, [*ranked[:place], row, *ranked[place + 1 :]]))["places"]
        assert winner in after[0]["options"]


@few
@given(rankings)
def test_who_wins_every_comparison_wins_by_schulze(ranked: list[list[int]]) -> None:
    result = count("schulze", Rankings.of(OPTIONS, ranked))
    if result["condorcet_winner"] is not None:
        assert result["elected"] == [result["condorcet_winner"]]


@few
@given(rankings, st.integers(1, 4), st.sampled_from(["scottish", "wigm-prf"]), st.sets(st.integers(0, 3), max_size=2))
def test_stv_fills_the_seats_and_loses_no_vote(ranked: list[list[int]], seats: int, rule: str, gone: set[int]) -> None:
    result = count("stv", Rankings.of(OPTIONS, ranked, gone), seats=seats, rule=rule, **LOT)
    assert len(set(result["elected"])) == len(result["elected"]) == min(seats, 4 - len(gone))
    assert not gone & set(result["elected"])
    for stage in result["stages"]:
        parts = [*stage["votes"], stage["non_transferable"], stage["lost"]]
        assert sum(map(Fraction, parts)) == result["ballots"]
        assert min(map(Fraction, parts)) >= 0


@few
@given(rankings)
def test_the_winner_of_a_run_off_has_more_than_half_of_what_still_counts(ranked: list[list[int]]) -> None:
    result = count("irv", Rankings.of(OPTIONS, ranked), **LOT)
    for round_ in result["rounds"]:
        assert sum(votes or 0 for votes in round_["votes"]) + round_["exhausted"] == len(ranked)
    if result["elected"]:
        last = [votes or 0 for votes in result["rounds"][-1]["votes"]]
        assert 2 * last[result["elected"][0]] > sum(last) or sum(votes is not None for votes in result["rounds"][-1]["votes"]) == 1


@few
@given(rankings, st.integers(1, 3))
def test_an_open_tie_names_everybody_whom_some_lot_elects(ranked: list[list[int]], seats: int) -> None:
    profile = Rankings.of(OPTIONS, ranked)
    result = count("stv", profile, seats=seats)
    for lot in ([0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]):
        elected = sorted(count("stv", profile, seats=seats, lot=lot)["elected"])
        assert elected in result["possible"] if result["possible"] is not None else elected == sorted(result["elected"])
