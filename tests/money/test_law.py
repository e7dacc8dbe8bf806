"""What the law forbids has no way in; its example numbers. Paragraphs are those of the GenG where nothing else is said."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, models, transaction
from django.utils.timezone import localdate

from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.members import actions as members
from allmende.members.models import Membership
from allmende.money import actions, queries, statements
from allmende.money.actions import Line
from allmende.money.models import Account, Booking, BookingKind, Request
from allmende.people.models import Person
from tests import coops

pytestmark = pytest.mark.django_db
TODAY = localdate()


class Cast:
    def __init__(self, **statute: int) -> None:
        self.of = coops.cooperative()
        coops.statute(self.of, **statute)
        self.board: Person = coops.office(self.of)
        self.member = coops.member(self.of, self.board)

    def pay(self, cents: int, member: Membership | None = None, on: date = TODAY) -> None:
        line = Line(BookingKind.PAYMENT, Account.BANK, Account.CAPITAL, cents, on, member or self.member)
        actions.book(self.of, [line], by=self.board)

    def leaves(self, on: date, member: Membership | None = None) -> None:
        """The membership ends with this day, if it has not."""
        gone = Membership.objects.get(pk=(member or self.member).pk)
        if gone.ends_on is None:
            members.end_membership(gone, ends_on=on, reason="notice", declared_on=date(2025, 6, 1), by=self.board)

    def owe(self, cents: int, on: date = TODAY, member: Membership | None = None):  # type: ignore[no-untyped-def]
        self.leaves(on - timedelta(days=1), member)
        line = Line(BookingKind.SETTLEMENT, Account.CAPITAL, Account.SETTLEMENT, cents, on, member or self.member)
        return actions.owe(member or self.member, "settlement", [line], due_on=on, by=self.board)


@pytest.mark.parametrize("credit", [Account.BANK, Account.PAYABLE, Account.RECEIVABLE, Account.FEES, Account.OTHER, Account.INTEREST])
def test_capital_is_not_paid_out_waived_or_set_off_while_one_is_a_member(credit: str) -> None:
    """§ 22 IV: no payout; § 22 V: no set-off."""
    cast = Cast()
    cast.pay(250_00)
    with pytest.raises(Refused):
        actions.book(cast.of, [Line(BookingKind.OTHER, Account.CAPITAL, credit, 1_00, TODAY, cast.member)], by=cast.board)
    assert queries.capital(cast.member) == 250_00


def test_invariant_2_nothing_is_settled_while_one_is_a_member() -> None:
    """§§ 22 IV, 73 II: refused on the last day of the membership, possible from the day after."""
    cast = Cast()
    cast.pay(250_00, on=date(2025, 2, 1))
    line = Line(BookingKind.SETTLEMENT, Account.CAPITAL, Account.SETTLEMENT, 250_00, date(2025, 12, 31), cast.member)
    with pytest.raises(Refused, match="73"):
        actions.owe(cast.member, "settlement", [line], due_on=TODAY, by=cast.board)
    cast.leaves(date(2025, 12, 31))
    with pytest.raises(Refused, match="73"):
        actions.owe(cast.member, "settlement", [line], due_on=TODAY, by=cast.board)
    actions.owe(cast.member, "settlement", [replace(line, booked_on=date(2026, 1, 1))], due_on=TODAY, by=cast.board)
    assert (queries.capital(cast.member, date(2025, 12, 31)), queries.capital(cast.member)) == (250_00, 0)


@pytest.mark.parametrize("debit", [Account.RECEIVABLE, Account.PAYABLE, Account.SETTLEMENT, Account.OTHER])
def test_payments_on_shares_are_not_set_off_nor_lent(debit: str) -> None:
    """§ 22 IV 2, V."""
    cast = Cast()
    with pytest.raises(Refused):
        actions.book(cast.of, [Line(BookingKind.OTHER, debit, Account.CAPITAL, 1_00, TODAY, cast.member)], by=cast.board)


def test_a_payment_on_shares_is_not_waived() -> None:
    """§ 22 IV."""
    cast = Cast()
    with pytest.raises(Refused):
        actions.withdraw_by_hand(Request.objects.get(), by=cast.board)


@pytest.mark.parametrize(
    ("shares", "paid", "mandatory", "may"),
    [(1, 0, 1, True), (2, 0, 1, False), (2, 249_99, 1, False), (2, 250_00, 1, True), (3, 250_00, 1, False), (2, 0, 3, True),
     (4, 750_00, 1, True)],
)  # fmt: skip
def test_a_further_share_only_when_all_but_the_last_are_paid(shares: int, paid: int, mandatory: int, may: bool) -> None:
    """§ 15b II; mandatory shares are not waited for."""
    cast = Cast(mandatory_shares=1)
    member = coops.member(cast.of, cast.board, shares=shares)
    if paid:
        cast.pay(paid, member)
    if mandatory > 1:
        coops.statute(cast.of, mandatory_shares=mandatory, valid_from=TODAY)
    assert queries.may_take_further(member, 1) is may
    assert bool(queries.why_no_further(member, 1)) is not may


def test_never_more_shares_than_the_statute_allows() -> None:
    cast = Cast(max_shares=3)
    assert queries.may_take_further(cast.member, 2)
    assert not queries.may_take_further(cast.member, 3)


def test_a_settlement_waits_while_the_minimum_capital_would_be_undercut() -> None:
    """§ 8a II."""
    cast = Cast(minimum_capital_cents=300_00)
    other = coops.member(cast.of, cast.board)
    cast.pay(250_00)
    cast.pay(200_00, other)
    owed = cast.owe(250_00)
    assert queries.blocked_by_minimum(cast.of, 150_00, TODAY) == ""
    assert queries.blocked_by_minimum(cast.of, 150_01, TODAY)
    with pytest.raises(Refused, match="8a"):
        actions.pay_out(owed, 250_00, booked_on=TODAY, by=cast.board)
    actions.pay_out(owed, 150_00, booked_on=TODAY, by=cast.board)
    cast.pay(100_00, other)
    actions.pay_out(owed, 100_00, booked_on=TODAY, by=cast.board)
    assert queries.members_capital(cast.of, TODAY) == 300_00


def test_the_minimum_as_a_part_is_counted_by_the_end_of_the_year_before() -> None:
    """§ 8a I: nine tenths of what there was on 31 December."""
    cast = Cast(minimum_capital_permille=900)
    cast.pay(1000_00, on=date(2025, 12, 31))
    cast.pay(500_00, on=date(2026, 1, 1))
    assert queries.minimum_on(cast.of, date(2026, 6, 1)) == 900_00
    assert queries.minimum_on(cast.of, date(2027, 6, 1)) == 1350_00


def test_a_settlement_is_booked_the_day_after_the_exit_and_not_paid_before() -> None:
    """§ 73: a member whose exit is 31 December has the capital on that day and the claim from 1 January."""
    cast = Cast()
    cast.pay(250_00)
    exit_on = TODAY + timedelta(days=30)
    owed = cast.owe(250_00, on=exit_on + timedelta(days=1))
    assert (queries.capital(cast.member, exit_on), queries.capital(cast.member, exit_on + timedelta(days=1))) == (250_00, 0)
    with pytest.raises(Refused):
        actions.pay_out(owed, 250_00, booked_on=exit_on, by=cast.board)
    actions.pay_out(owed, 250_00, booked_on=exit_on + timedelta(days=1), by=cast.board)


def test_an_exit_undone_takes_the_settlement_back() -> None:
    """§ 75: as if it had not been."""
    cast = Cast()
    cast.pay(250_00)
    owed = cast.owe(250_00)
    actions.take_back_owed(owed, by=cast.board)
    assert (queries.capital(cast.member), queries.balance(cast.member, Account.SETTLEMENT), queries.owed_sum(cast.of)) == (250_00, 0, 0)
    assert not queries.open_payables(cast.of).exists()
    with pytest.raises(Refused):
        actions.take_back_owed(owed, by=cast.board)
    with pytest.raises(Refused):
        actions.pay_out(owed, 1, booked_on=TODAY, by=cast.board)


def test_the_balance_sheet_knows_who_stays_and_who_leaves() -> None:
    """§ 337 HGB."""
    cast = Cast()
    other = coops.member(cast.of, cast.board)
    cast.pay(250_00)
    cast.pay(200_00, other)
    ends_on = TODAY + timedelta(days=10)
    members.end_membership(other, ends_on=ends_on, reason="notice", declared_on=TODAY, by=cast.board)
    assert statements.capitals_on(cast.of, ends_on - timedelta(days=1)) == statements.Capitals(450_00, 0, 0)
    assert statements.capitals_on(cast.of, ends_on) == statements.Capitals(250_00, 200_00, 0)
    cast.owe(200_00, on=ends_on + timedelta(days=1), member=other)
    assert statements.capitals_on(cast.of, ends_on + timedelta(days=1)) == statements.Capitals(250_00, 0, 200_00)


def test_no_account_falls_below_zero_on_any_day() -> None:
    cast = Cast()
    cast.pay(100_00, on=TODAY)
    with pytest.raises(Refused):
        cast.owe(100_00, on=TODAY - timedelta(days=1))
    with pytest.raises(Refused):
        cast.owe(100_01)
    assert queries.capital(cast.member) == 100_00


def test_what_was_passed_on_cannot_be_reversed() -> None:
    cast = Cast()
    taker = coops.member(cast.of, cast.board, is_opening=True)
    request = Request.objects.get()
    made = actions.receive(request, 250_00, booked_on=TODAY, by=cast.board)
    members.transfer_shares(cast.member, taker, 1, declared_on=TODAY, effective_on=TODAY, by=cast.board)
    with pytest.raises(Refused):
        actions.reverse_by_hand(made, text="falsch", by=cast.board)
    with pytest.raises(Refused):
        actions.reverse_by_hand(Booking.objects.get(kind=BookingKind.TRANSFER), text="falsch", by=cast.board)


def test_members_of_others_and_people_without_office_do_not_book() -> None:
    cast, foreign = Cast(), coops.cooperative("Andere eG")
    coops.statute(foreign)
    stranger = coops.member(foreign, coops.office(foreign))
    line = Line(BookingKind.PAYMENT, Account.BANK, Account.CAPITAL, 1_00, TODAY, stranger)
    with pytest.raises(BadInput):
        actions.book(cast.of, [line], by=cast.board)
    with pytest.raises(NotAllowed):
        actions.receive(Request.objects.filter(membership=stranger).get(), 1_00, booked_on=TODAY, by=cast.board)
    with pytest.raises(NotAllowed):
        actions.reverse_booking(Booking(cooperative=foreign), by=cast.board)


@pytest.mark.parametrize("cents", [0, -1])
def test_nothing_is_booked_for_nothing(cents: int) -> None:
    cast = Cast()
    with pytest.raises(BadInput):
        cast.pay(cents)
    with pytest.raises(Refused):
        actions.receive(Request.objects.get(), cents, booked_on=TODAY, by=cast.board)


@pytest.mark.parametrize(
    "changed", [{"cents": 2}, {"booked_on": TODAY - timedelta(days=1)}, {"debit": "fees"}, {"text": "anders"}, {"kind": "loss"}]
)
def test_the_database_refuses_to_change_a_line_and_django_to_delete_it(changed: dict[str, object]) -> None:
    cast = Cast()
    cast.pay(250_00)
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.update(**changed)
    with pytest.raises(models.ProtectedError):
        Booking.objects.all().delete()
