"""Who is enough, which statement comes next, which ones are nearly the same; what may be shown of groups."""

from datetime import UTC, datetime

import numpy as np
import pytest

from allmende.opinions import rules
from allmende.opinions.landscape import landscape
from allmende.opinions.landscape.report import cells, outline, report
from tests.opinions.test_landscape import camps

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EARLIER, LATER = datetime(2026, 11, 22, 11, tzinfo=UTC), datetime(2026, 11, 22, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "starts_at", "ends_at", "expected"),
    [
        ("open", None, None, True),
        ("draft", None, None, False),
        ("closed", None, None, False),
        ("open", NOW, LATER, True),
        ("open", LATER, None, False),
        ("open", EARLIER, NOW, False),
    ],
)
def test_answers_are_taken_from_the_first_second_to_before_the_last(
    state: str, starts_at: datetime | None, ends_at: datetime | None, expected: bool
) -> None:
    assert rules.is_answerable(state, starts_at, ends_at, NOW) is expected


@pytest.mark.parametrize(
    ("state", "people", "has_picture", "is_final", "expected"),
    [
        ("open", 9, False, False, False),
        ("open", 10, False, False, True),
        ("open", 4, True, False, False),
        ("open", 5, True, False, True),
        ("closed", 0, True, False, True),
        ("closed", 9, True, True, False),
        ("draft", 99, False, False, False),
    ],
)
def test_a_picture_waits_for_ten_people_and_then_for_five_more(
    state: str, people: int, has_picture: bool, is_final: bool, expected: bool
) -> None:
    assert rules.is_due(state, people, has_picture=has_picture, is_final=is_final) is expected


def test_everybody_is_asked_in_an_order_of_their_own_which_stays() -> None:
    orders = {person: rules.next_of(range(1, 40), person) for person in range(1, 30)}
    assert len(set(orders.values())) > 10
    assert orders == {person: rules.next_of(list(range(39, 0, -1)), person) for person in range(1, 30)}
    assert rules.next_of([], 1) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Die Lieferung soll kostenlos bleiben.", [1]),
        ("Kostenlos soll die Lieferung bleiben!", [1]),
        ("Die Lieferung soll für alle kostenlos bleiben", [1]),
        ("Räder sind besser als Lieferwagen.", []),
        ("Lieferung", []),
        ("", []),
    ],
)
def test_nearly_the_same_statements_are_found(text: str, found: list[int]) -> None:
    assert rules.alike(text, {1: "Die Lieferung soll kostenlos bleiben.", 2: "Wir liefern mit Rädern."}) == found


# ----------------------------------------------------------------------------------------------------- what may be shown


@pytest.mark.parametrize(
    ("groups", "outside", "shown"),
    [
        ([12, 9], 0, [True, True]),
        ([12, 4], 0, [False, False]),  # with one shown, the sum of all less that one would tell of four
        ([12, 9, 4], 0, [True, False, False]),
        ([12, 4, 3], 0, [True, False, False]),
        ([12, 9], 3, [True, False]),
        ([12, 9], 5, [True, True]),
        ([12, 0], 0, [True, False]),
        ([3, 2], 0, [False, False]),
    ],
)
def test_no_number_stands_for_fewer_than_five_also_not_by_subtraction(groups: list[int], outside: int, shown: list[bool]) -> None:
    assert cells(groups, outside, 5) == shown


def test_nothing_is_shown_of_fewer_than_ten_people() -> None:
    answers = camps(5, 4)
    told = report(landscape(answers, least=5), answers, list(range(1, 9)), hidden=frozenset(), least=5, least_people=10)
    assert told == {
        "people": 9, "answers": 0, "grouped": 0, "groups": [], "statements": [], "is_enough": False, "unites": [], "divides": [],
    }  # fmt: skip


def test_a_report_says_what_unites_and_what_divides() -> None:
    answers = np.c_[camps(12, 8), np.ones(20), -np.ones(20)]
    numbers = list(range(1, 11))
    told = report(landscape(answers, least=5), answers, numbers, hidden=frozenset({0}), least=5, least_people=10)
    assert [group["people"] for group in told["groups"]] == [12, 8]
    assert told["unites"] == [{"number": 9, "agrees": True}, {"number": 10, "agrees": False}]
    assert told["divides"] == [2, 3, 4, 5, 6, 7, 8]
    assert told["statements"][0] == {
        "number": 2, "agree": 12, "disagree": 8, "passed": 0, "seen": 20,
        "groups": [{"agree": 12, "disagree": 0, "passed": 0, "seen": 12}, {"agree": 0, "disagree": 8, "passed": 0, "seen": 8}],
        "consensus": round(13 / 14 * 1 / 10, 4), "rejected": round(1 / 14 * 9 / 10, 4), "spread": round(13 / 14 - 1 / 10, 4),
    }  # fmt: skip


def test_without_groups_it_says_what_most_agree_on_and_what_splits_everybody() -> None:
    answers = np.c_[np.ones(11), np.r_[np.ones(6), -np.ones(5)]]
    told = report(landscape(answers, least=6), answers, [1, 2], hidden=frozenset(), least=6, least_people=10)
    assert told["groups"] == [] and told["grouped"] == 0
    assert told["unites"] == [{"number": 1, "agrees": True}]
    assert told["divides"] == [2]


def test_a_statement_few_have_answered_is_left_out() -> None:
    answers = np.c_[camps(12, 8), np.r_[np.ones(4), np.full(16, np.nan)]]
    told = report(landscape(answers, least=5), answers, list(range(1, 10)), hidden=frozenset(), least=5, least_people=10)
    assert [row["number"] for row in told["statements"]] == list(range(1, 9))


def test_an_outline_is_made_of_sums_and_lies_along_its_people() -> None:
    points = np.array([[0.0, 0], [1, 1], [2, 2], [3, 3], [4, 4]])
    assert outline(points) == {"x": 2.0, "y": 2.0, "long": 3.2, "short": 0.0, "turn": 45.0}
