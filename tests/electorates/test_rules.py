"""Who votes, with how many votes, by statute and law."""

from datetime import date
from typing import Any

import pytest

from allmende.electorates import rules
from allmende.electorates.rules import Candidate, Casting, Law, Line, Reason

DAY = date(2026, 12, 31)
JOINED = date(2020, 1, 1)
ALL = {"kind": "everybody"}
WITHOUT = {"kind": "everybody", "without_investing": True}
GROUPS = {"kind": "groups", "groups": ["partners"]}


def candidate(**fields: Any) -> Candidate:
    """An ordinary member with the number one."""
    return Candidate(**{"number": 1, "joined_on": JOINED, **fields})


@pytest.mark.parametrize(
    ("fields", "basis", "law", "reason"),
    [
        ({}, ALL, Law(), ""),
        ({"ends_on": date(2026, 12, 31)}, ALL, Law(), ""),  # whose exit is 31 December still votes that day
        ({"ends_on": date(2026, 12, 30)}, ALL, Law(), Reason.ENDED),
        ({"joined_on": date(2026, 12, 31)}, ALL, Law(), ""),
        ({"joined_on": date(2027, 1, 1)}, ALL, Law(), Reason.JOINED_LATER),
        ({"kind": "supporting"}, ALL, Law(is_by_geng=False), Reason.SUPPORTING),
        ({"kind": "investing"}, ALL, Law(), Reason.INVESTING_NONE),
        ({"kind": "investing"}, ALL, Law(investing_vote=True), ""),
        ({"kind": "investing"}, WITHOUT, Law(investing_vote=True), Reason.INVESTING_LEFT_OUT),
        ({"kind": "investing"}, WITHOUT, Law(), Reason.INVESTING_NONE),
        ({}, WITHOUT, Law(investing_vote=True), ""),
        ({"group": "employees"}, GROUPS, Law(), Reason.OTHER_GROUP),
        ({"group": "partners"}, GROUPS, Law(), ""),
        ({}, {"kind": "list", "members": [2]}, Law(), Reason.NOT_LISTED),
        ({}, {"kind": "representatives"}, Law(), Reason.NO_ORGANISATION),
        ({"is_legal": True}, {"kind": "representatives"}, Law(), ""),
        ({}, {"kind": "offices", "offices": ["board"]}, Law(), Reason.NOT_MEANT),
        ({}, {"kind": "everybody", "barred": [1]}, Law(), Reason.OWN_INTEREST),
        ({"kind": "investing"}, {"kind": "everybody", "barred": [1]}, Law(), Reason.INVESTING_NONE),
    ],
)
def test_the_first_reason_that_holds_is_said(fields: dict[str, Any], basis: dict[str, Any], law: Law, reason: str) -> None:
    assert rules.why_not(candidate(**fields), basis, DAY, law) == reason


THREE = {"kind": "everybody", "votes": {"by": "members", "members": {"1": 3}, "place": "§ 30"}}
SEVEN = {"kind": "everybody", "votes": {"by": "members", "members": {"1": 7}, "place": "§ 30"}}
SIZES = {"kind": "representatives", "votes": {"by": "size", "steps": [[100, 1], [1000, 4], [None, 9]], "place": "§ 12"}}


@pytest.mark.parametrize(
    ("basis", "law", "votes"),
    [
        (ALL, Law(most_votes=3), 1),
        (THREE, Law(most_votes=1), 1),
        (THREE, Law(most_votes=2), 2),
        (THREE, Law(most_votes=3), 3),
        (SEVEN, Law(most_votes=7), 3),  # never more than three (§ 43 III Nr. 1)
        ({**THREE, "threshold": "2/3"}, Law(most_votes=3), 3),
        ({**THREE, "threshold": "3/4"}, Law(most_votes=3), 1),
        ({**THREE, "threshold": "9/10"}, Law(most_votes=3), 1),
        ({**SEVEN, "threshold": "3/4"}, Law(is_mostly_cooperatives=True), 7),
        (SEVEN, Law(is_by_geng=False), 7),
    ],
)
def test_nobody_has_more_votes_than_statute_and_law_allow(basis: dict[str, Any], law: Law, votes: int) -> None:
    assert rules.votes_of([candidate(), candidate(number=2)], basis, law) == [votes, 1]


def test_in_a_cooperative_of_businesses_the_roll_holds_the_votes_of_the_statute_and_the_count_the_tenth() -> None:
    law = Law(is_mostly_entrepreneurs=True, most_votes=50)
    table = {"kind": "everybody", "threshold": "3/4", "votes": {"by": "members", "members": {"1": 70}, "place": "§ 30"}}
    assert rules.votes_of([candidate(number=number) for number in range(1, 4)], table, law) == [50, 1, 1]
    assert [rules.has_tenth(one) for one in (law, Law(), Law(is_mostly_entrepreneurs=True, is_mostly_cooperatives=True))] == [
        True,
        False,
        False,
    ]


def test_investing_members_never_have_more_than_one_vote() -> None:
    assert rules.votes_of([candidate(kind="investing")], THREE, Law(most_votes=3, investing_vote=True)) == [1]


@pytest.mark.parametrize(("size", "votes"), [(None, 1), (0, 1), (100, 1), (101, 4), (1000, 4), (1001, 9)])
def test_a_scale_by_size_takes_the_step_that_fits(size: int | None, votes: int) -> None:
    assert rules.wanted_votes(candidate(size=size), SIZES) == votes


@pytest.mark.parametrize(
    ("fields", "how"),
    [
        ({"has_account": True}, Casting.ACCOUNT),
        ({}, Casting.NO_ACCOUNT),
        ({"is_legal": True, "has_account": True, "has_representative": True}, Casting.REPRESENTATIVE),
        ({"is_legal": True, "has_account": True}, Casting.ACCOUNT),
        ({"is_legal": True}, Casting.NO_REPRESENTATIVE),
        ({"has_account": True, "died": True}, Casting.HEIRS),
    ],
)
def test_how_a_ballot_reaches_a_member(fields: dict[str, Any], how: str) -> None:
    assert rules.casting(candidate(**fields)) == how


@pytest.mark.parametrize(
    ("basis", "codes"),
    [
        ({}, ["kind"]),
        ({"kind": "kings"}, ["kind"]),
        ({"kind": "groups"}, ["groups"]),
        ({"kind": "groups", "groups": []}, ["groups"]),
        ({"kind": "groups", "groups": [1]}, ["groups"]),
        ({"kind": "list", "members": ["1"]}, ["members"]),
        ({"kind": "list", "members": [True]}, ["members"]),
        ({"kind": "list", "members": [2**40]}, ["members"]),
        ({"kind": "circle", "circle": 5}, ["circle"]),
        ({"kind": "everybody", "barred": "all"}, ["barred"]),
        ({"kind": "everybody", "without_investing": "yes"}, ["without_investing"]),
        ({"kind": "everybody", "threshold": "1/0"}, ["threshold"]),
        ({"kind": "everybody", "threshold": "5/4"}, ["threshold"]),
        ({"kind": "everybody", "votes": {"by": "members", "members": {"1": 3}}}, ["place"]),
        ({"kind": "everybody", "votes": {"by": "members", "members": {"1": 0}, "place": "§ 3"}}, ["votes"]),
        ({"kind": "everybody", "votes": {"by": "wealth", "place": "§ 3"}}, ["votes"]),
        ({"kind": "everybody", "votes": {"by": "size", "steps": [[5, 1], [3, 2], [None, 3]], "place": "§ 3"}}, ["steps"]),
        ({"kind": "everybody", "votes": {"by": "size", "steps": [[5, 1]], "place": "§ 3"}}, ["steps"]),
        (ALL, []),
        (THREE, []),
        (SIZES, []),
    ],
)
def test_a_basis_of_the_wrong_shape_is_noticed(basis: dict[str, Any], codes: list[str]) -> None:
    assert [one.code for one in rules.problems(basis)] == codes


def test_the_hash_does_not_depend_on_the_order_and_changes_with_every_vote() -> None:
    lines = [Line("m:b", "Kundschaft", False, 1, "member"), Line("m:a", "", True, 1, "investing")]
    said = rules.hash_of(DAY, ALL, lines)
    assert rules.canonical(DAY, ALL, lines) == (
        b'{"basis":{"kind":"everybody"},"day":"2026-12-31","voters":[["m:a","",1,1,"investing"],["m:b","Kundschaft",0,1,"member"]]}'
    )
    assert rules.hash_of(DAY, ALL, lines[::-1]) == said
    assert rules.hash_of(DAY, ALL, [lines[0], Line("m:a", "", True, 2, "investing")]) != said
    assert rules.hash_of(date(2026, 12, 30), ALL, lines) != said


def test_one_person_represents_at_most_two_members_by_law_and_more_in_associations() -> None:
    assert [rules.is_represented_too_often(before, Law()) for before in (0, 1, 2)] == [False, False, True]
    assert not rules.is_represented_too_often(5, Law(is_by_geng=False))


def test_groups_of_fewer_than_five_are_small() -> None:
    assert rules.small_groups({"a": 4, "b": 5, "c": 0, "d": 1}) == ["a", "d"]
