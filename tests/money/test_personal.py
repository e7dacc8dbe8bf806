"""What a person hears of their accounts when they ask, and what stays after the account is gone."""

from datetime import date

import pytest
from django.utils.timezone import localdate

from allmende.constitution.models import Cooperative
from allmende.members import actions as members
from allmende.members import keeping
from allmende.members.models import Membership
from allmende.money import actions, queries
from allmende.money.actions import Line
from allmende.money.models import Account, Booking, BookingKind, Request
from allmende.people import personal
from allmende.people.models import Person
from tests import coops

pytestmark = pytest.mark.django_db


def test_a_person_gets_their_own_lines_and_the_books_stay() -> None:
    """§ 257 HGB: books outlive accounts."""
    of = coops.cooperative()
    coops.statute(of, entry_fee_cents=5_00)
    board, anna = coops.office(of), coops.person("anna")
    member, other = coops.member(of, board, person=anna), coops.member(of, board)
    for request in Request.objects.filter(kind="shares"):
        actions.receive(request, 250_00, booked_on=localdate(), by=board)
    rows = personal.AREAS["member-account"].rows(anna)
    assert [(row["kind"], row["amount"]) for row in rows] == [("fee", "5.00"), ("payment", "250.00")]
    codes = {row["code"] for row in personal.AREAS["member-requests"].rows(anna)}
    assert codes == set(Request.objects.filter(membership=member).values_list("code", flat=True))
    assert any("257" in one.why for one in personal.kept(anna))
    assert personal.AREAS["member-account"].rows(coops.person("fremd")) == []
    anna.delete()
    assert queries.capital(member) == queries.capital(other) == 250_00
    assert Booking.objects.count() == 4


def former(of: Cooperative, board: Person, paid_on: date) -> Membership:
    """Somebody who paid a share on this day and left at the end of 2011."""
    member = coops.member(of, board, joined_on=date(2010, 1, 1))
    actions.receive(Request.objects.get(membership=member), 250_00, booked_on=paid_on, by=board)
    members.end_membership(member, ends_on=date(2011, 12, 31), reason="notice", declared_on=date(2011, 9, 30), by=board)
    return member


def test_bookings_keep_the_name_for_ten_years_after_their_year() -> None:
    """§ 257 HGB: the last line is of 2012, so the name is known until 31 December 2022; § 30 III GenG alone would be 2014."""
    of = coops.cooperative()
    coops.statute(of, valid_from=date(2010, 1, 1))
    board = coops.office(of, since=date(2010, 1, 1))
    member = former(of, board, date(2010, 2, 1))
    owed = actions.owe(
        member,
        "settlement",
        [Line(BookingKind.SETTLEMENT, Account.CAPITAL, Account.SETTLEMENT, 250_00, date(2012, 1, 1), member)],
        due_on=date(2012, 6, 30),
        by=board,
    )
    member.refresh_from_db()
    assert keeping.kept_until(member, date(2030, 1, 1)) == date.max  # a payout is open, however long ago
    assert members.erase_expired(date(2030, 1, 1)) == 0
    actions.pay_out(owed, 250_00, booked_on=date(2012, 6, 30), by=board)
    assert keeping.kept_until(member, date(2013, 1, 1)) == date(2022, 12, 31)
    assert members.erase_expired(date(2022, 12, 31)) == 0
    assert members.erase_expired(date(2023, 1, 1)) == 1


def test_a_payment_that_is_still_open_keeps_the_name_for_ten_years_and_not_for_ever() -> None:
    """§ 22 VI GenG: asked for until 2010, so until the end of 2020."""
    of = coops.cooperative()
    coops.statute(of, valid_from=date(2010, 1, 1))
    board = coops.office(of, since=date(2010, 1, 1))
    member = coops.member(of, board, joined_on=date(2010, 1, 1))
    Request.objects.update(due_on=date(2010, 2, 1))
    members.end_membership(member, ends_on=date(2011, 12, 31), reason="notice", declared_on=date(2011, 9, 30), by=board)
    member.refresh_from_db()
    assert keeping.kept_until(member, date(2013, 1, 1)) == date(2020, 12, 31)
    assert members.erase_expired(date(2020, 12, 31)) == 0
    assert members.erase_expired(date(2021, 1, 1)) == 1
