"""Votes depend neither on contributions nor on capital (§ 43 III GenG: one member, one vote)."""

import ast
from pathlib import Path

import pytest

from allmende.contributions import queries
from allmende.contributions.spread import spread
from allmende.money.models import Booking
from tests.contributions.scene import scene

HOUSE = Path(__file__).resolve().parents[2] / "src" / "allmende"


def test_nothing_where_votes_are_counted_knows_of_contributions() -> None:
    for room in ("constitution", "members", "money", "banking"):
        for path in (HOUSE / room).rglob("*.py"):
            names = {
                name
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                for name in (
                    [node.module or ""]
                    if isinstance(node, ast.ImportFrom)
                    else [one.name for one in node.names]
                    if isinstance(node, ast.Import)
                    else []
                )
            }
            assert not any("contributions" in name for name in names), path


@pytest.mark.django_db
def test_a_member_has_one_vote_whatever_they_contribute_or_paid_in() -> None:
    of = scene()
    rich = of.member("rich", "partners", shares=50)
    of.member("poor", "employees")
    of.confirmed(rich, 20_000)
    Booking.objects.create(
        cooperative=of.cooperative,
        kind="payment",
        debit="bank",
        credit="capital",
        member_credit=rich,
        cents=12_500_00,
        booked_on=rich.joined_on,
    )
    shown = spread(of.board, of.cooperative, queries.year_of(of.cooperative), of.hours)
    assert {row.name: row.votes for row in shown.rows if row.name in {"Partners", "Employees"}} == {"Partners": 1, "Employees": 1}
    assert sum(row.votes for row in shown.rows) == 3


@pytest.mark.django_db
def test_investing_members_vote_only_where_the_statute_says_so() -> None:
    silent, voting = scene(has_investing=True), scene("Anderswo eG", has_investing=True, investing_vote="limited")
    for of, votes in ((silent, 1), (voting, 2)):
        of.member(kind="investing")
        shown = spread(of.board, of.cooperative, queries.year_of(of.cooperative), of.hours)
        assert shown.total is not None
        assert (shown.total.members, shown.total.votes) == (2, votes)
