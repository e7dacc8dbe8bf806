"""What is right for offers and needs, as tables."""

from datetime import date, timedelta

import pytest

from allmende.exchange import rules

TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("state", "to", "may"),
    [
        ("draft", "open", True), ("draft", "closed", False), ("draft", "agreed", False), ("open", "agreed", True),
        ("open", "closed", True), ("open", "expired", True), ("open", "draft", False), ("agreed", "open", True),
        ("agreed", "expired", False), ("closed", "open", True),
        ("closed", "agreed", False), ("expired", "open", True), ("hidden", "open", False), ("hidden", "closed", False),
    ],
)  # fmt: skip
def test_from_where_a_listing_may_go_where(state: str, to: str, may: bool) -> None:
    assert rules.may_go(state, to) is may


@pytest.mark.parametrize(("days", "good"), [(-1, False), (0, True), (90, True), (366, True), (367, False)])
def test_it_ends_today_at_the_earliest_and_within_a_year(days: int, good: bool) -> None:
    assert rules.is_good_end(TODAY + timedelta(days=days), TODAY) is good


@pytest.mark.parametrize(
    ("days", "reminded", "due"), [(8, None, False), (7, None, True), (0, None, True), (-1, None, False), (3, TODAY, False)]
)
def test_people_are_reminded_once_in_the_last_week(days: int, reminded: date | None, due: bool) -> None:
    assert rules.is_to_be_reminded(TODAY + timedelta(days=days), reminded, TODAY) is due


@pytest.mark.parametrize(
    ("before", "days", "back"),
    [("open", 1, "open"), ("open", 0, "open"), ("open", -1, "expired"), ("agreed", -1, "agreed"), ("closed", 1, "closed")],
)
def test_what_was_taken_off_comes_back_as_it_was_or_expired(before: str, days: int, back: str) -> None:
    assert rules.state_when_back(before, TODAY + timedelta(days=days), TODAY) == back


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("", []), ("Lastenrad", ["Lastenrad"]), ("Lastenrad, Verleih", ["Lastenrad", "Verleih"]),
        (" #Rad ;rad,\n RAD,Hof ", ["Rad", "Hof"]),
        (",,;\n", []), ("zwei  Worte", ["zwei Worte"]),
    ],
)  # fmt: skip
def test_keywords_are_read_as_people_type_them(text: str, tags: list[str]) -> None:
    assert rules.tags_of(text) == tags
