"""Consent, approval, score, dots, and how ties are broken."""

import hashlib
from collections import Counter

import pytest

from allmende.ballots.counting import METHODS, CountError, count
from allmende.ballots.counting.profiles import Approvals, Choices, Grades, Heap, Positions, Rankings
from allmende.ballots.counting.ties import Ties, lot_order

THREE = ["Anna", "Ben", "Cem"]


# ----------------------------------------------------------------------------------------------------------------- consent


@pytest.mark.parametrize(
    ("answers", "options", "outcome"),
    [
        (["consent"] * 3, {}, "accepted"),
        (["consent", "aside", ("concern", "too fast")], {}, "accepted"),
        (["consent", ("objection", "It harms the fund.")], {}, "objections"),
        (["consent", ("objection", " ")], {}, "accepted"),
        (["consent", "objection"], {"reasons": False}, "objections"),
        (["consent"], {"quorum": "1/2", "eligible": 3}, "no_quorum"),
        (["consent", "aside"], {"quorum": "1/2", "eligible": 4}, "accepted"),
        (["consent"], {"quorum": 2}, "no_quorum"),
        ([("objection", "No.")], {"quorum": 2}, "objections"),
        ([], {}, "no_quorum"),
    ],
)
def test_a_round_of_consent_ends_by_its_objections(answers: list[str], options: dict[str, object], outcome: str) -> None:
    assert count("consent", Positions.of(answers), **options)["outcome"] == outcome


def test_objections_and_concerns_are_listed_in_an_order_that_tells_nothing() -> None:
    result = count("consent", Positions.of([("objection", "b"), ("objection", "a"), ("concern", "c"), "objection"]), round=2)
    assert (result["objections"], result["concerns"], result["objections_without_reason"]) == (["a", "b"], ["c"], 1)
    assert result["rule_in_words"] == ["Round 2: the proposal passes when nobody objects with a reason."]


# ---------------------------------------------------------------------------------------------------------------- approval


def test_most_approvals_win_and_equal_totals_are_equal_places() -> None:
    result = count("approval", Approvals.of(THREE, [[0, 1], [1], [2, 1], [0, 2]]))
    assert (result["approvals"], result["elected_names"], result["outcome"]) == ([2, 3, 2], ["Ben"], "elected")
    assert result["places"] == [{"place": 1, "options": [1], "total": "3"}, {"place": 2, "options": [0, 2], "total": "2"}]


def test_a_tie_at_the_border_stays_open_and_says_between_whom() -> None:
    result = count("approval", Approvals.of(THREE, [[0, 1], [1], [2, 1], [0, 2]]), seats=2)
    assert (result["outcome"], result["elected"]) == ("tie", [1])
    assert result["tie"] == {"between": [0, 2], "about": "seat", "how": "open", "taken": None}


def test_the_recorded_lot_gives_the_seat() -> None:
    result = count("approval", Approvals.of(THREE, [[0, 1], [1], [2, 1], [0, 2]]), seats=2, ties="lot", lot=[2, 1, 0])
    assert (result["outcome"], result["elected"]) == ("elected", [1, 2])
    assert result["ties"]["broken"] == [{"between": [0, 2], "about": "seat", "how": "lot", "taken": 2}]


def test_a_tie_inside_the_seats_needs_no_lot() -> None:
    result = count("approval", Approvals.of(THREE, [[0, 1], [0, 1]]), seats=2)
    assert (result["outcome"], result["elected"], result["tie"]) == ("elected", [0, 1], None)


@pytest.mark.parametrize(("threshold", "elected"), [("1/2", []), ("1/3", [0]), (None, [0])])
def test_a_threshold_may_leave_seats_empty(threshold: str | None, elected: list[int]) -> None:
    result = count("approval", Approvals.of(THREE, [[0], [0], [1], [2]]), threshold=threshold)
    assert result["elected"] == elected
    assert result["outcome"] == ("elected" if elected else "rejected")


def test_no_ballots_elect_nobody_by_any_method() -> None:
    empty = {
        "approval": Approvals.of(THREE, []),
        "score": Grades.of(THREE, []),
        "dots": Grades.of(THREE, []),
        "irv": Rankings.of(THREE, []),
        "stv": Rankings.of(THREE, []),
        "schulze": Rankings.of(THREE, []),
    }
    for method, profile in empty.items():
        result = count(method, profile)
        assert (result["elected"], result["outcome"]) in (([], "rejected"), ([], "tie")), method
    assert count("majority", Choices.of([]))["outcome"] == "rejected"


# ---------------------------------------------------------------------------------------------------------- score and dots


def test_scores_by_sum_and_by_average() -> None:
    ballots = [(5, None, 3), (4, None, 3), (0, 5, 3)]
    by_sum = count("score", Grades.of(THREE, ballots))
    assert (by_sum["sums"], by_sum["graded"], by_sum["averages"]) == ([9, 5, 9], [3, 1, 3], ["3", "5", "3"])
    assert (by_sum["outcome"], by_sum["tie"]["between"]) == ("tie", [0, 2])
    assert count("score", Grades.of(THREE, ballots), by="average")["elected"] == [1]
    assert count("score", Grades.of(THREE, ballots), by="average", least=2, seats=2)["elected"] == [0, 2]
    assert by_sum["spread"][0] == {"0": 1, "4": 1, "5": 1}


def test_very_many_different_ballots_are_counted_as_few_are() -> None:
    rows = [(number % 7, number // 7 % 11, number // 77 % 997, None if number % 5 else 1) for number in range(60_000)]
    options = ["A", "B", "C", "D"]
    many = Grades.of(options, rows)
    assert isinstance(many.ballots, Heap)
    assert (many.voters, many.ballots[0], many.ballots[-1][1]) == (60_000, ((0, 0, 0, 1), 1), 1)
    grouped = Grades.of(options, Counter(rows))
    for method, rule in (("score", {"scale": [0, 1000]}), ("dots", {"dots": 2000})):
        assert count(method, many, **rule) == count(method, grouped, **rule)
    with pytest.raises(CountError, match="one grade for each"):
        Grades.of(options, [*rows, (1,)])
    with pytest.raises(CountError, match="whole number"):
        Grades.of(options, [*rows, (1, 2, 3, 0.5)])  # type: ignore[list-item]


def test_dots_count_and_say_how_many_people_gave_some() -> None:
    result = count("dots", Grades.of(THREE, [(3, 2, None), (0, 4, 0), (None, None, None)]), dots=5)
    assert (result["totals"], result["supporters"], result["kept"], result["elected"]) == ([3, 6, 0], [1, 2, 0], 6, [1])


@pytest.mark.parametrize(
    ("method", "ballot", "options", "word"),
    [
        ("score", (6, 0, 0), {}, "scale"),
        ("score", (-1, 0, 0), {}, "scale"),
        ("score", (1, 0, 0), {"scale": [5, 0]}, "lowest"),
        ("score", (1, 0, 0), {"by": "feeling"}, "average"),
        ("score", (1, 0), {}, "one grade for each"),
        ("score", (1.5, 0, 0), {}, "whole number"),
        ("dots", (3, 3, 0), {"dots": 5}, "more than 5"),
        ("dots", (-1, 3, 0), {"dots": 5}, "less than no"),
        ("dots", (3, 0, 0), {"dots": 5, "most": 2}, "more than 2"),
    ],
)
def test_wrong_grades_and_scales_are_refused(method: str, ballot: tuple[int, ...], options: dict[str, object], word: str) -> None:
    with pytest.raises(CountError, match=word):
        count(method, Grades.of(THREE, [ballot]), **options)


# -------------------------------------------------------------------------------------------------- for all, and their ties


def test_a_quorum_can_be_asked_of_every_method() -> None:
    ballots = Approvals.of(THREE, [[0], [0]])
    assert count("approval", ballots, quorum="1/2", eligible=5)["outcome"] == "no_quorum"
    assert count("approval", ballots, quorum="1/2", eligible=4)["outcome"] == "elected"
    assert count("approval", ballots, quorum="0")["outcome"] == "elected"
    with pytest.raises(CountError, match="eligible"):
        count("approval", ballots, quorum="1/2")


def test_unknown_methods_options_and_ballots_are_refused() -> None:
    with pytest.raises(CountError, match="not a method"):
        count("dice", Approvals.of(THREE, []))
    with pytest.raises(CountError, match="seets"):
        count("approval", Approvals.of(THREE, []), seets=2)
    wrong = Positions.of(["consent"])
    for method in METHODS:
        if method != "consent":
            with pytest.raises(CountError):
                count(method, wrong)
    with pytest.raises(CountError):
        count("consent", Approvals.of(THREE, []))


def test_a_lot_can_be_computed_by_anybody_from_words_published_before() -> None:
    by_hand = sorted(range(3), key=lambda option: hashlib.sha256(f"Lottery of 4 May:{option + 1}".encode()).hexdigest())
    assert lot_order("Lottery of 4 May", 3) == tuple(by_hand)
    result = count("approval", Approvals.of(THREE, [[0], [1], [2]]), ties="lot", seed="Lottery of 4 May")
    assert result["elected"] == by_hand[:1]


def test_a_lot_that_was_not_drawn_yet_leaves_the_tie_open() -> None:
    assert count("approval", Approvals.of(THREE, [[0], [1]]), ties="lot")["outcome"] == "tie"


@pytest.mark.parametrize("ties", ["coin", {"rule": "lot", "lot": [0, 0]}, {"lot": [7]}, {"lot": "012"}, 7])
def test_ways_to_break_ties_that_do_not_exist_are_refused(ties: object) -> None:
    with pytest.raises(CountError):
        count("approval", Approvals.of(THREE, [[0], [1]]), ties=ties)


def test_a_lot_that_names_none_of_the_equals_is_refused() -> None:
    with pytest.raises(CountError, match="none of those"):
        count("approval", Approvals.of(THREE, [[0], [1]]), ties=Ties("lot", (2,)))
