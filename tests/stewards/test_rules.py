"""Domains that belong to one organisation, roles that claims give, and never the last owner by accident: tables of examples."""

from datetime import UTC, datetime, timedelta

import pytest

from allmende.stewards import rules

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(("website", "email", "domains"), [
    ("https://www.hofladen.example/kontakt", "", {"hofladen.example"}),
    ("http://HOFLADEN.example:8080", "", {"hofladen.example"}),
    ("hofladen.example", "", {"hofladen.example"}),
    ("https://shop.hofladen.example", "", {"shop.hofladen.example"}),  # nothing is derived: no parent domain
    ("https://shop.hofladen.example", "post@hofladen.example", {"shop.hofladen.example", "hofladen.example"}),
    ("https://bäckerei.example", "", {"xn--bckerei-5wa.example"}),
    ("", "post@hofladen.example", {"hofladen.example"}),
    ("", "hofladen@gmx.de", set()),
    ("", "hofladen@Posteo.DE", set()),
    ("https://hofladen.wordpress.com", "", set()),
    ("https://wordpress.com/hofladen", "", set()),
    ("https://www.facebook.com/hofladen", "hofladen@gmail.com", set()),
    ("https://hofladen.github.io", "", set()),
    ("https://sites.google.com/view/hofladen", "", set()),
    ("https://localhost/", "", set()),
    ("https://192.168.1.1/", "", set()),
    ("https://[kaputt", "", set()),
    ("https://hofladen..example", "", set()),
    ("", "", set()),
])  # fmt: skip
def test_only_the_very_domain_an_entry_names_is_its_own(website: str, email: str, domains: set[str]) -> None:
    assert rules.own_domains(website, email) == domains


@pytest.mark.parametrize(("address", "domain"), [
    ("anna@hofladen.example", "hofladen.example"), ("ANNA@Hofladen.Example", "hofladen.example"),
    ("anna@x@hofladen.example", "hofladen.example"),
    ("anna@bäckerei.example", "xn--bckerei-5wa.example"), ("anna", ""), ("anna@", ""),
])  # fmt: skip
def test_the_domain_of_an_address_is_what_follows_the_last_at(address: str, domain: str) -> None:
    assert rules.domain_of(address) == domain


@pytest.mark.parametrize(("has_owner", "wished", "role"), [
    (False, "", "owner"), (False, "editor", "owner"), (True, "", "editor"), (True, "editor", "editor"), (True, "owner", "owner"),
    (True, "member", "editor"), (True, "king", "editor"),
])  # fmt: skip
def test_who_comes_first_answers_for_the_entry(has_owner: bool, wished: str, role: str) -> None:
    assert rules.role_for(has_owner, wished) == role


@pytest.mark.parametrize(("owners", "before", "after", "loses"), [
    (1, "owner", None, True), (1, "owner", "editor", True), (1, "owner", "member", True), (1, "owner", "owner", False),
    (2, "owner", None, False), (2, "owner", "editor", False), (1, "editor", None, False), (0, "editor", None, False),
    (1, "member", None, False), (1, "editor", "owner", False),
])  # fmt: skip
def test_an_entry_loses_its_last_owner_only_when_the_only_one_stops(owners: int, before: str, after: str | None, loses: bool) -> None:
    assert rules.loses_last_owner(owners, before, after) is loses


@pytest.mark.parametrize(("proof", "has_owner", "proved", "waits"), [
    ("granted", False, None, True), ("granted", True, None, True), ("domain", True, None, False), ("domain", False, None, False),
    ("domain", True, 1, False), ("domain", True, 8, True), ("domain", False, 1, True), ("vouched", True, None, False),
])  # fmt: skip
def test_which_claims_stand_on_the_desk(proof: str, has_owner: bool, proved: int | None, waits: bool) -> None:
    proved_at = NOW - timedelta(days=proved) if proved else None
    assert rules.waits_for_caretakers(proof, has_owner, proved_at, NOW) is waits


@pytest.mark.parametrize(("days_ago", "past"), [(None, True), (0, False), (13, False), (14, False), (15, True)])
def test_a_link_is_past_after_its_days(days_ago: int | None, past: bool) -> None:
    sent_at = None if days_ago is None else NOW - timedelta(days=days_ago)
    assert rules.is_past(sent_at, rules.INVITATION_DAYS, NOW) is past


@pytest.mark.parametrize(("role", "than", "higher"), [
    ("owner", "editor", True), ("editor", "member", True), ("editor", "owner", False), ("owner", "owner", False),
])  # fmt: skip
def test_roles_have_an_order(role: str, than: str, higher: bool) -> None:
    assert rules.is_higher(role, than) is higher


@pytest.mark.parametrize(
    ("code", "good"), [("", True), ("DE", True), ("de", False), ("D", False), ("DEU", False), ("D1", False), ("ÄÖ", False)]
)
def test_a_country_has_two_letters(code: str, good: bool) -> None:
    assert rules.is_country(code) is good


def test_two_voices_are_enough() -> None:
    assert [rules.is_enough(n) for n in range(4)] == [False, False, True, True]
