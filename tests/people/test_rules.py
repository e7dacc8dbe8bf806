"""What is right about accounts, as tables of examples."""

import pytest

from allmende.people import rules

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0"


@pytest.mark.parametrize(
    ("area", "chosen", "wanted", "goes"),
    [
        ("stewards", None, True, True),
        ("stewards", True, True, True),
        ("stewards", False, True, False),
        ("stewards", None, False, False),
        ("stewards", True, False, False),
        ("account", False, True, True),
        ("account", False, False, True),
    ],
)
def test_mail_goes_as_chosen_and_always_for_safety(area: str, chosen: bool | None, wanted: bool, goes: bool) -> None:
    assert rules.goes_by_mail(area, chosen, wanted) is goes


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\\evil.example", "mein/", "", "/a\nb", "javascript:alert(1)"])
def test_a_path_that_leaves_the_house_is_none(path: str) -> None:
    assert not rules.is_own_path(path)


@pytest.mark.parametrize("path", ["/", "/mein/", "/karte/?q=a//b"])
def test_a_path_of_the_house(path: str) -> None:
    assert rules.is_own_path(path)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Anna\u00a0 Beispiel ", "Anna Beispiel"),
        ("Anna\r\nBcc: x@y.example", "Anna Bcc: x@y.example"),
        ("An\u200bna\u202e", "An na"),
        ("\uff21\uff4e\uff4e\uff41", "Anna"),
        ("a" * 500, "a" * 120),
        ("\x00\x07", ""),
    ],
)
def test_names_are_one_visible_line(typed: str, kept: str) -> None:
    assert rules.clean_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"), [(" Anna@Example.ORG ", "anna@example.org"), ("\u212aarl@x.org", "karl@x.org"), ("ſ@x.org", "s@x.org")]
)
def test_addresses_have_one_spelling(typed: str, kept: str) -> None:
    assert rules.clean_email(typed) == kept


@pytest.mark.parametrize(
    ("agent", "words"),
    [(FIREFOX, "Firefox, Linux"), (SAFARI, "Safari, iPhone"), (EDGE, "Edge, Windows"), ("curl/8", ""), ("", "")],
)
def test_a_device_in_few_words(agent: str, words: str) -> None:
    assert rules.device(agent) == words


def test_the_area_of_a_kind_is_what_stands_before_the_dot() -> None:
    assert rules.area_of("stewards.claim_accepted") == "stewards"
