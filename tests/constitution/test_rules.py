"""Every limit that the law sets to a statute, its days and its offices, by tables."""

import re
from datetime import date
from typing import Any

import pytest

from allmende.constitution import choices, rules, wording
from allmende.constitution.rules import Term

TODAY = date(2026, 11, 22)


def faults(**said: Any) -> list[tuple[str, str]]:
    """What is wrong with a statute that says this and otherwise what the law says."""
    return [(fault.field, fault.what) for fault in rules.check_statute({**choices.BEGINNING, **said}, TODAY)]


def test_what_a_draft_begins_with_can_be_adopted() -> None:
    assert faults() == []
    assert rules.hints_for_statute(choices.BEGINNING) == []


WRITTEN = {"joining_form": "written", "text_form_since": date(2026, 1, 1), "text_form_evidence": "Beschluss 2026/01"}


@pytest.mark.parametrize(
    ("said", "field", "what"),
    [
        ({"share_cents": 0, "paid_in_cents": 0}, "share_cents", "too_low"),  # § 7a
        ({"mandatory_shares": 0}, "mandatory_shares", "too_low"),  # § 7a II
        ({"mandatory_shares": 3, "max_shares": 2}, "max_shares", "below_mandatory"),
        ({"paid_in_cents": 9_99}, "paid_in_cents", "below_a_tenth"),  # § 7 Nr. 1
        ({"paid_in_cents": 100_01}, "paid_in_cents", "above_the_share"),
        ({"paid_in_cents": 60_00, "instalment_cents": 40_01}, "instalment_cents", "above_what_is_left"),
        ({"instalment_cents": 1}, "instalment_cents", "above_what_is_left"),
        ({"instalment_months": 0}, "instalment_months", "too_low"),
        ({"minimum_capital_cents": 1, "minimum_capital_permille": 1}, "minimum_capital_permille", "both_capitals"),  # § 8a
        ({"liability": "limited", "liability_cents": 99_99}, "liability_cents", "below_the_share"),  # § 119
        ({"liability_cents": 100_00}, "liability_cents", "no_liable_sum"),
        ({"fiscal_month": 0}, "fiscal_month", "too_low"),
        ({"fiscal_month": 13}, "fiscal_month", "too_high"),
        ({"notice_months": 2}, "notice_months", "too_low"),  # § 65 II
        ({"notice_months": 61}, "notice_months", "too_high_without_entrepreneurs"),
        ({"notice_months": 121, "is_mostly_entrepreneurs": True}, "notice_months", "too_high"),
        ({"payout_months": 0}, "payout_months", "too_low"),  # § 73
        ({"payout_months": 61}, "payout_months", "too_high"),
        ({"convocation_days": 13}, "convocation_days", "too_low"),  # § 46 I
        ({"agenda_days": 6}, "agenda_days", "too_low"),  # § 46 II
        ({"agenda_days": 15}, "agenda_days", "above_convocation"),
        ({"investing_vote": "limited"}, "investing_vote", "no_investing_members"),  # § 8 II
        ({"board_size": 0}, "board_size", "too_low"),  # § 24
        ({"change_permille": 749}, "change_permille", "too_low"),  # § 16 II
        ({"change_permille": 1001}, "change_permille", "too_high"),
        ({"duties_permille": 899}, "duties_permille", "too_low"),  # § 16 III
        ({"petition_permille": 101}, "petition_permille", "too_high"),  # § 45
        ({"petition_permille": 0}, "petition_permille", "too_low"),
        ({"most_votes": 0}, "most_votes", "too_low"),  # § 43 III
        ({"most_votes": 4}, "most_votes", "too_high_without_entrepreneurs"),
        ({"reserve_permille": 0}, "reserve_permille", "too_low"),  # § 7 Nr. 2
        ({"interest_permille": 1001}, "interest_permille", "too_high"),  # § 21a
        (WRITTEN | {"joining_form": "text"}, "text_form_since", "text_form_anyway"),  # § 177
        (WRITTEN | {"text_form_since": date(2024, 12, 31)}, "text_form_since", "outside_transition"),
        (WRITTEN | {"text_form_since": date(2026, 11, 23)}, "text_form_since", "outside_transition"),
        (WRITTEN | {"text_form_evidence": ""}, "text_form_evidence", "no_evidence"),
        (WRITTEN | {"text_form_since": None}, "text_form_since", "evidence_without_day"),
    ],
)
def test_the_law_says_no(said: dict[str, Any], field: str, what: str) -> None:
    assert faults(**said) == [(field, what)]


@pytest.mark.parametrize(
    "said",
    [
        {"paid_in_cents": 10_00},
        {"share_cents": 55, "paid_in_cents": 6},  # a tenth of an odd share, rounded up
        {"paid_in_cents": 60_00, "instalment_cents": 40_00},
        {"max_shares": 1},
        {"minimum_capital_permille": 900},
        {"liability": "limited", "liability_cents": 100_00},
        {"liability": "unlimited"},
        {"notice_months": 60},
        {"notice_months": 120, "is_mostly_entrepreneurs": True},
        {"most_votes": 3},
        {"most_votes": 5, "is_mostly_entrepreneurs": True},
        {"has_investing": True, "investing_vote": "limited"},
        {"agenda_days": 14},
        {"petition_permille": 50},
        {"payout_months": 24},
        WRITTEN,
    ],
)
def test_the_law_allows_it(said: dict[str, Any]) -> None:
    assert faults(**said) == []


def test_a_share_of_odd_cents_needs_a_whole_cent_more_than_a_tenth() -> None:
    (fault,) = rules.check_statute({**choices.BEGINNING, "share_cents": 55, "paid_in_cents": 5}, TODAY)
    assert (fault.what, fault.limit) == ("below_a_tenth", 6)


@pytest.mark.parametrize(
    ("said", "what"),
    [
        (WRITTEN, "expires"),
        ({"board_size": 1}, "board_of_one"),
        ({"has_supervisory": False}, "no_supervisory"),
        ({"notice_months": 13}, "long_notice"),
        ({"paid_in_cents": 50_00}, "rest_when_called"),
        ({"most_votes": 2}, "never_for_three_quarters"),
        ({"payout_months": 7}, "long_payout"),
    ],
)
def test_what_the_law_allows_with_consequences_is_said(said: dict[str, Any], what: str) -> None:
    assert [hint.what for hint in rules.hints_for_statute({**choices.BEGINNING, **said})] == [what]


def test_notice_of_more_than_two_years_opens_the_way_of_hardship() -> None:
    assert [hint.what for hint in rules.hints_for_statute({"notice_months": 25})] == ["long_notice", "hardship"]


FIRST = {"valid_from": date(2024, 3, 12), "adopted_on": date(2024, 3, 12), "registered_on": None}


@pytest.mark.parametrize(
    ("is_first", "said", "found"),
    [
        (True, {}, []),
        (True, {"adopted_on": None}, [("adopted_on", "not_resolved")]),
        (True, {"valid_from": date(2024, 3, 11)}, [("valid_from", "before_resolved")]),
        (True, {"adopted_on": date(2026, 11, 23), "valid_from": date(2026, 11, 23)}, [("adopted_on", "not_yet")]),
        (True, {"registered_on": date(2024, 3, 1)}, [("registered_on", "registered_before_resolved")]),
        (True, {"adopted_on": date(1849, 1, 1), "valid_from": date(1849, 1, 1)}, [("valid_from", "too_early")]),
        (True, {"valid_from": date(2126, 1, 1)}, [("valid_from", "too_far_ahead")]),
        (False, {}, [("registered_on", "not_registered")]),
        (False, {"registered_on": date(2024, 6, 1)}, [("valid_from", "before_registered")]),
        (False, {"registered_on": date(2024, 6, 1), "valid_from": date(2024, 6, 1)}, []),
        (False, {"registered_on": date(2026, 11, 23), "valid_from": date(2026, 12, 1)}, [("registered_on", "not_yet")]),
    ],
)
def test_par_16_vi_a_change_holds_from_its_entry_in_the_register(
    is_first: bool, said: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    got = rules.check_dates(**{**FIRST, **said}, is_first=is_first, today=TODAY)
    assert [(fault.field, fault.what) for fault in got] == found


def d(text: str) -> date:
    """A day."""
    return date.fromisoformat(text)


BOARD = Term("board", d("2020-01-01"), d("2024-12-31"))


@pytest.mark.parametrize(
    ("new", "other", "what"),
    [
        (Term("supervisory", d("2024-12-31")), BOARD, ["board_and_supervisory"]),  # on one single day
        (Term("supervisory", d("2019-01-01"), d("2019-12-31")), BOARD, []),  # from the supervisory board to the board
        (Term("supervisory", d("2025-01-01")), BOARD, ["not_discharged"]),
        (Term("supervisory", d("2025-01-01")), Term("board", BOARD.since, BOARD.until, d("2025-06-17")), ["not_discharged"]),
        (Term("supervisory", d("2025-06-17")), Term("board", BOARD.since, BOARD.until, d("2025-06-17")), []),
        (Term("supervisory", d("2030-01-01")), Term("board", d("2020-01-01")), ["board_and_supervisory"]),  # in advance
        (Term("board", d("2030-01-01")), Term("supervisory", d("2029-01-01"), d("2029-12-31")), []),
        (Term("board", d("2030-01-01")), Term("supervisory", d("2031-01-01")), ["board_and_supervisory"]),
        (BOARD, Term("supervisory", d("2025-01-01")), ["not_discharged"]),  # entered later, held earlier
        (Term("board", d("2024-01-01")), BOARD, ["held_already"]),
        (Term("board", d("2025-01-01")), BOARD, []),
        (Term("other", d("2024-01-01")), Term("other", d("2024-01-01")), []),
        (Term("bookkeeping", d("2024-01-01")), BOARD, []),
    ],
)
def test_par_37_nobody_oversees_themselves(new: Term, other: Term, what: list[str]) -> None:
    assert [fault.what for fault in rules.check_term(new, [other])] == what


def test_every_fault_and_hint_is_a_sentence_with_its_paragraph() -> None:
    for what in {**wording._of_numbers(), **wording._of_hints(), **wording._of_days(), **wording._of_offices()}:
        said = wording.sentence(rules.Fault("notice_months", what, "§ 65 GenG", 3))
        assert said.endswith("(§ 65 GenG)")
        assert "%" not in said


def test_every_number_of_the_statute_is_asked_for_once_and_explained() -> None:
    names = [one.name for step in choices.STEPS for one in step.choices]
    assert len(names) == len(set(names)) == len(choices.BEGINNING)
    assert all(one.paragraph.startswith("§") and len(re.findall(r"[.?](?:\s|$)", str(one.means))) >= 2 for one in choices.CHOICES.values())


@pytest.mark.parametrize(
    ("members", "board", "supervisory", "said"),
    [
        (0, 1, False, []),
        (1, 1, False, ["too_few_members"]),
        (2, 2, True, ["too_few_members"]),
        (3, 1, False, []),
        (20, 1, False, []),
        (21, 1, True, ["board_too_small"]),
        (21, 2, False, ["supervisory_needed"]),
        (21, 1, False, ["board_too_small", "supervisory_needed"]),
        (21, 2, True, []),
    ],
)
def test_par_4_9_and_24_three_members_and_above_twenty_a_board_of_two_and_a_supervisory_board(
    members: int, board: int, supervisory: bool, said: list[str]
) -> None:
    assert [one.what for one in rules.faults_of_size(members, board, supervisory)] == said
