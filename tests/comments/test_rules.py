"""The rules of comments by examples."""

from datetime import UTC, datetime, timedelta

import pytest

from allmende.comments import rules

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(("minutes", "may"), [(0, True), (30, True), (31, False)])
def test_one_may_change_for_half_an_hour(minutes: int, may: bool) -> None:
    assert rules.may_change(NOW - timedelta(minutes=minutes), NOW) is may


@pytest.mark.parametrize(("minutes", "may"), [(0, True), (10, True), (11, False), (None, False)])
def test_deleting_can_be_taken_back_for_ten_minutes(minutes: int | None, may: bool) -> None:
    assert rules.may_restore(None if minutes is None else NOW - timedelta(minutes=minutes), NOW) is may


@pytest.mark.parametrize(("written", "flood"), [(0, False), (19, False), (20, True)])
def test_twenty_an_hour_are_enough(written: int, flood: bool) -> None:
    assert rules.is_flood(written) is flood


@pytest.mark.parametrize(("place", "page"), [(0, 1), (49, 1), (50, 2)])
def test_fifty_threads_are_a_page(place: int, page: int) -> None:
    assert rules.page_of(place) == page


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Fragt @haus-eg.", ["haus-eg"]),
        ("@Haus-eG, @werk-eg und noch einmal @haus-eg", ["haus-eg", "werk-eg"]),
        ("post@haus-eg.example", []),
        ("https://social.example/@haus-eg", []),
        ("@haus-eg@social.example", []),
        ("@", []),
        ("", []),
    ],
)
def test_organisations_are_named_by_the_end_of_their_address(text: str, found: list[str]) -> None:
    assert rules.named_slugs(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Danke, @Anna Berg.", ["Anna Berg"]),
        ("@anna und @ANNA", ["Anna"]),
        ("@Annabell", []),
        ("@Ben (Demo)?", ["Ben (Demo)"]),
        ("anna@anna.example", []),
        ("@.*", []),
        ("@WEIß", ["Weiß"]),
        ("@ſimon", []),
    ],
)
def test_people_are_named_by_their_name_the_longest_first(text: str, found: list[str]) -> None:
    assert rules.named_people(text, ["Anna", "Anna Berg", "Ben (Demo)", "", "Weiß", "Simon"]) == found


def test_without_people_nobody_is_named() -> None:
    assert rules.named_people("@Anna", []) == []
