"""What follows in money when something changes in the register: requests by the plan, capital that goes along, requests that end."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from allmende.ground.refusals import Refused
from allmende.members import actions as members
from allmende.members.models import Membership
from allmende.money import actions, queries
from allmende.money.models import Account, Request, Withdrawn
from allmende.people.models import Person
from tests import coops

pytestmark = pytest.mark.django_db
TODAY = localdate()
IN_TWO_WEEKS = TODAY + timedelta(days=14)


def asked(member: Membership) -> list[tuple[str, int, date]]:
    found = queries.open_requests(member.cooperative).filter(membership=member)
    return [(one.kind, one.left, one.due_on) for one in found]  # type: ignore[attr-defined]


def pay(member: Membership, cents: int, by: Person, on: date = TODAY) -> None:
    """Money comes in for the earliest open requests."""
    for request in queries.open_requests(member.cooperative).filter(membership=member):
        part = min(cents, request.left)  # type: ignore[attr-defined]
        if part:
            actions.receive(request, part, booked_on=on, by=by)
        cents -= part


def test_a_new_member_is_asked_for_shares_by_the_plan_and_for_the_entry_fee() -> None:
    """§ 7 Nr. 1 GenG: 100 of 250 euros at once, the rest in instalments of 60 every three months."""
    of = coops.cooperative()
    coops.statute(of, paid_in_cents=100_00, instalment_cents=60_00, instalment_months=3, entry_fee_cents=20_00)
    member = coops.member(of, coops.office(of), shares=2)
    rows = asked(member)
    assert [(kind, cents) for kind, cents, _due in rows] == [
        ("shares", 200_00), ("entry_fee", 20_00), ("shares", 120_00), ("shares", 120_00), ("shares", 60_00),
    ]  # fmt: skip
    assert rows[0][2] == rows[1][2] == IN_TWO_WEEKS
    assert queries.balance(member, Account.RECEIVABLE) == -20_00
    assert queries.capital(member) == 0
    assert Request.objects.filter(membership=member, text__contains="2").count() == 4


def test_a_member_who_is_carried_over_is_asked_for_nothing() -> None:
    of = coops.cooperative()
    coops.statute(of, entry_fee_cents=20_00)
    assert asked(coops.member(of, coops.office(of), is_opening=True)) == []


def test_further_shares_are_asked_for_from_the_day_they_count() -> None:
    of = coops.cooperative()
    coops.statute(of)
    board = coops.office(of)
    member = coops.member(of, board)
    later = TODAY + timedelta(days=100)
    members.subscribe_shares(member, 3, declared_on=TODAY, effective_on=later, by=board)
    assert asked(member) == [("shares", 250_00, IN_TWO_WEEKS), ("shares", 750_00, later + timedelta(days=14))]


@pytest.mark.parametrize(
    ("paid", "given", "giver_has", "taker_has", "still_asked"),
    [
        (1000_00, 1, 750_00, 250_00, (0, 0)),
        (1000_00, 3, 250_00, 750_00, (0, 0)),
        (100_01, 1, 75_01, 25_00, (674_99, 225_00)),
        (0, 1, 0, 0, (750_00, 250_00)),
        (333_33, 4, 0, 333_33, (0, 666_67)),
    ],
)  # fmt: skip
def test_capital_and_what_is_still_to_be_paid_go_along_with_the_shares(
    paid: int, given: int, giver_has: int, taker_has: int, still_asked: tuple[int, int]
) -> None:
    """§ 76 GenG: both together are exact to the cent, whatever is rounded."""
    of = coops.cooperative()
    coops.statute(of)
    board = coops.office(of)
    giver, taker = coops.member(of, board, shares=4), coops.member(of, board, is_opening=True)
    pay(giver, paid, board)
    members.transfer_shares(giver, taker, given, declared_on=TODAY, effective_on=TODAY, by=board)
    assert (queries.capital(giver), queries.capital(taker)) == (giver_has, taker_has)
    assert (sum(row[1] for row in asked(giver)), sum(row[1] for row in asked(taker))) == still_asked
    assert queries.account_total(of, Account.CAPITAL, TODAY) == paid


def test_a_transfer_of_an_earlier_day_moves_the_money_not_before_it_came_in() -> None:
    of = coops.cooperative()
    coops.statute(of)
    board = coops.office(of)
    giver, taker = coops.member(of, board), coops.member(of, board, is_opening=True)
    pay(giver, 250_00, board, on=TODAY - timedelta(days=3))
    members.transfer_shares(giver, taker, 1, declared_on=TODAY, effective_on=TODAY - timedelta(days=30), by=board)
    assert queries.capital(giver, TODAY - timedelta(days=1)) == 250_00
    assert (queries.capital(giver), queries.capital(taker)) == (0, 250_00)


def test_shares_that_were_reversed_are_not_asked_for_any_more_and_what_was_paid_stays() -> None:
    of = coops.cooperative()
    coops.statute(of)
    board = coops.office(of)
    member = coops.member(of, board)
    entry = members.subscribe_shares(member, 2, declared_on=TODAY, effective_on=TODAY, by=board)
    request = queries.open_requests(of).get(share_entry=entry)
    actions.receive(request, 100_00, booked_on=TODAY, by=board)
    members.reverse_entry(entry, by=board)
    assert [row[1] for row in asked(member)] == [250_00]
    assert queries.capital(member) == 100_00
    with pytest.raises(Refused):
        actions.receive(request, 100_00, booked_on=TODAY, by=board)


def test_after_the_exit_nothing_is_paid_in_any_more_and_an_exit_undone_brings_it_back() -> None:
    """What falls due until the exit stays owed (§ 22 IV GenG); later instalments end with the membership and come back with it."""
    of = coops.cooperative()
    coops.statute(of, paid_in_cents=100_00, instalment_cents=50_00, instalment_months=6)
    board = coops.office(of)
    member = coops.member(of, board)
    ends_on = TODAY + timedelta(days=220)
    members.end_membership(member, ends_on=ends_on, reason="notice", declared_on=TODAY, by=board)
    assert [row[1] for row in asked(member)] == [100_00, 50_00]
    assert set(Request.objects.filter(membership=member).exclude(withdrawn_at=None).values_list("withdrawn_why", flat=True)) == {
        Withdrawn.ENDED
    }
    member.refresh_from_db()
    members.take_end_back(member, by=board)
    assert [row[1] for row in asked(member)] == [100_00, 50_00, 50_00, 50_00]
