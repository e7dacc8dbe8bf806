"""Rules, papers and codes as plain values."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.ballots import boxes, rules
from allmende.ballots.rules import Wrong

END = datetime(2026, 6, 24, 16, tzinfo=UTC)
GOOD: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"method": "majority"}, {"threshold": "1/2", "base": "cast", "classes": False}),
    (
        {"method": "majority", "threshold": "6/8", "abstentions": "in", "seats": 9},
        {"threshold": "3/4", "base": "present", "classes": False},
    ),
    ({"method": "score", "scale": [0, 10]}, {"scale": [0, 10], "seats": 1, "ties": "open"}),
    ({"method": "dots"}, {"dots": 5, "most": 5, "seats": 1, "ties": "open"}),
    ({"method": "committee", "seats": 3, "way": "mes", "ties": "lot"}, {"seats": 3, "way": "mes", "ties": "lot"}),
    ({"method": "budget", "budget": 5}, {"budget": 5, "ties": "open"}),
    ({"method": "consent", "ties": "lot"}, {}),
]


@pytest.mark.parametrize(("said", "found"), GOOD)
def test_a_rule_holds_what_its_method_knows_and_nothing_else(said: dict[str, Any], found: dict[str, Any]) -> None:
    assert rules.normal(said) == {"method": said["method"], "quorum": "0", "matter": "ordinary"} | found
    assert rules.normal(rules.normal(said)) == rules.normal(said)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "method"),
        ({"method": "dictator"}, "method"),
        ({"method": "majority", "threshold": "1/3"}, "threshold"),
        ({"method": "majority", "threshold": "0.75x"}, "threshold"),
        ({"method": "majority", "base": "some"}, "base"),
        ({"method": "majority", "quorum": "3/2"}, "quorum"),
        ({"method": "stv", "seats": True}, "seats"),
        ({"method": "score", "scale": [5, 5]}, "scale"),
        ({"method": "dots", "dots": 3, "most": 4}, "most"),
        ({"method": "budget"}, "budget"),
        ({"method": "irv", "ties": "rejected"}, "ties"),
    ],
)
def test_a_rule_nobody_can_count_by_is_refused(said: dict[str, Any], code: str) -> None:
    with pytest.raises(Wrong) as wrong:
        rules.normal(said)
    assert wrong.value.code == code


@pytest.mark.parametrize(
    ("method", "labels", "costs", "found"),
    [
        ("majority", [], [], []),
        ("majority", ["A"], [None], ["no_options_wanted"]),
        ("irv", ["A"], [None], ["two_options"]),
        ("irv", ["A", "a"], [None, None], ["options_differ"]),
        ("stv", ["A", "B"], [None, None], ["too_many_seats"]),
        ("budget", ["A", "B"], [5, None], ["costs"]),
    ],
)
def test_what_stands_in_the_way_of_opening(method: str, labels: list[str], costs: list[int | None], found: list[str]) -> None:
    assert rules.problems(rules.normal({"method": method, "seats": 3, "budget": 9}), labels, costs) == found


def test_statute_and_duties_need_their_majority() -> None:
    rule = rules.normal({"method": "majority", "threshold": "2/3", "matter": "statute"})
    assert rules.problems(rule, [], [], Fraction(3, 4)) == ["matter_needs_majority"]
    assert rules.problems(rule | {"threshold": "3/4"}, [], [], Fraction(3, 4)) == []
    assert rules.problems(rules.normal({"method": "consent", "matter": "duties"}), [], [], Fraction(9, 10)) == ["matter_needs_majority"]


@pytest.mark.parametrize(
    ("rule", "said", "code"),
    [
        ({"method": "consent"}, {"answer": "objection", "reason": "  "}, "reason"),
        ({"method": "consent"}, {"answer": "concern", "reason": "x" * 2001}, "long_reason"),
        ({"method": "approval"}, {"approved": [0, 0]}, "twice"),
        ({"method": "approval"}, {"approved": [3]}, "option"),
        ({"method": "approval"}, {"approved": [True]}, "option"),
        ({"method": "approval"}, {"approved": "01"}, "option"),
        ({"method": "score"}, {"grades": [6, 0, 0]}, "grade"),
        ({"method": "score"}, {"grades": [1.5, 0, 0]}, "option"),
        ({"method": "dots"}, {"grades": [3, 3, 0]}, "too_many_dots"),
        ({"method": "irv"}, {"ranking": [[0, 1]]}, "equal_places"),
        ({"method": "irv"}, {"ranking": [[0], [0]]}, "twice"),
        ({"method": "schulze"}, {"ranking": [[]]}, "shape"),
    ],
)
def test_papers_that_are_none(rule: dict[str, Any], said: Any, code: str) -> None:
    with pytest.raises(Wrong) as wrong:
        rules.read_choice(rules.normal(rule), 3, said)
    assert wrong.value.code == code


def test_the_end_is_the_first_moment_at_which_nothing_counts() -> None:
    assert not rules.is_over(END, END - timedelta(microseconds=1))
    assert rules.is_over(END, END)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(["-", " ", ""]), st.booleans())
def test_a_code_is_read_however_it_is_typed(between: str, small: bool) -> None:
    code = boxes.new_code()
    typed = between.join(code[at : at + 4] for at in range(0, 20, 4))
    assert rules.read_code(typed.lower() if small else typed) == code
    assert rules.read_code(typed + "2") is rules.read_code(typed.replace(code[0], "0")) is None


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.integers(0, 5), st.one_of(st.none(), st.integers(1, 6)), max_size=6))
def test_places_given_make_a_ranking_of_just_those_that_have_one(places: dict[int, int | None]) -> None:
    ranking = rules.ranking_of(places)
    assert sorted(one for place in ranking for one in place) == sorted(option for option, at in places.items() if at is not None)
    if ranking:
        assert rules.read_choice({"method": "schulze"}, 6, {"ranking": ranking}) == {"ranking": ranking}


def test_equal_rules_have_equal_hashes_and_other_ones_other() -> None:
    one = rules.hash_of({"a": 1, "b": 2}, "Frage", [["A", "", None]], "ff", "open")
    assert one == rules.hash_of({"b": 2, "a": 1}, "Frage", [["A", "", None]], "ff", "open")
    assert one != rules.hash_of({"a": 1, "b": 2}, "Frage", [["A", "", None]], "ff", "detached")
