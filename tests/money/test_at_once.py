"""Two at the same moment: a payment noted by two board members is booked once, what is owed leaves the bank once."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils.timezone import localdate

from allmende.ground.refusals import Refused
from allmende.members import actions as members
from allmende.money import actions, queries
from allmende.money.actions import Charging, Line
from allmende.money.models import Account, Booking, BookingKind, Request
from tests import coops

TODAY = localdate()


def at_once(do: Callable[[int], object]) -> list[str]:
    """Two threads do it together; says how it went for each."""
    ready, said = threading.Barrier(2), []

    def one(number: int) -> None:
        ready.wait(10)
        try:
            do(number)
            said.append("done")
        except Refused:
            said.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(said)


@pytest.mark.django_db(transaction=True)
def test_a_payment_a_payout_and_a_fee_happen_once() -> None:
    of = coops.cooperative()
    coops.statute(of)
    boards = [coops.office(of), coops.office(of)]
    member = coops.member(of, boards[0])
    request = Request.objects.get()
    assert at_once(lambda number: actions.receive(request, 150_00, booked_on=TODAY, seen=250_00, by=boards[number])) == ["done", "refused"]
    assert queries.capital(member) == 150_00

    tomorrow = TODAY + timedelta(days=1)
    members.end_membership(member, ends_on=TODAY, reason="notice", declared_on=TODAY, by=boards[0])
    line = Line(BookingKind.SETTLEMENT, Account.CAPITAL, Account.SETTLEMENT, 100_00, tomorrow, member)
    owed = actions.owe(member, "settlement", [line], due_on=tomorrow, by=boards[0])
    assert at_once(lambda number: actions.pay_out(owed, 60_00, booked_on=tomorrow, by=boards[number])) == ["done", "refused"]
    assert queries.balance(member, Account.SETTLEMENT) == 40_00

    charging = Charging("Beitrag", 10_00, TODAY)
    assert at_once(lambda number: actions.charge(of, charging, seen=1, by=boards[number])) == ["done", "refused"]
    assert queries.balance(member, Account.RECEIVABLE) == -10_00

    paid = Booking.objects.get(kind=BookingKind.PAYOUT)
    assert at_once(lambda number: actions.reverse_by_hand(paid, text="doppelt", by=boards[number])) == ["done", "refused"]
    assert queries.balance(member, Account.SETTLEMENT) == 100_00
