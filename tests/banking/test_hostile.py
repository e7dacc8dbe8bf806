"""Files and orders meant to do harm, and correcting the same thing twice."""

import pytest

from allmende.banking import camt, tables
from allmende.ground.refusals import BadInput, Refused
from allmende.money import actions as money
from allmende.money import queries as books
from allmende.money.models import Booking
from tests.banking.scene import Scene, entry, scene
from tests.banking.scene import camt as statement
from tests.banking.test_orders import came_back, debits, executed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("amount", ["9e999999", "-9e999999", "NaN", "sNaN", "Infinity", "1e-9999999", "0x10"])
def test_amounts_that_are_none_are_said_to_be_none(amount: str) -> None:
    with pytest.raises(BadInput):
        camt.read(statement(entry(1_00)).replace(b">1.00<", f">{amount}<".encode()))


@pytest.mark.parametrize("data", [b"a;" * 80_000 + b"\n", b"x" * 140_000 + b";b\n1;2\n", b'sep="\n1;2\n3;4\n', b'"' * 150_001])
def test_tables_out_of_measure_are_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(BadInput):
        tables.entries(tables.read(data), tables.guess(tables.read(data)))


def returned() -> tuple[Scene, Booking]:
    """Anna's debit was collected, booked, and came back; she has more capital from elsewhere."""
    of = scene()
    money.book(of.cooperative, [money.Line("opening", "opening", "capital", 500_00, of.anna.joined_on, of.anna)], by=of.board)
    run = debits(of)
    executed(of, run)
    item = run.items.get(membership=of.anna)
    came_back(of, item, "AM04")
    item.refresh_from_db()
    assert item.booking
    return of, item.booking


def left_of(of: Scene) -> int:
    """What Anna is still asked for."""
    return books.requests_with_paid(type(of.request(of.anna)).objects.filter(membership=of.anna)).get().left  # type: ignore[attr-defined]


def test_what_came_back_is_not_taken_back_once_more() -> None:
    of, collected = returned()
    with pytest.raises(Refused):
        money.reverse_by_hand(collected, text="doppelt", by=of.board)
    assert left_of(of) == 250_00
    assert books.capital(of.anna) == 500_00


def test_a_return_is_not_undone_after_the_request_was_paid_again() -> None:
    of, _collected = returned()
    money.receive(of.request(of.anna), 250_00, booked_on=of.anna.joined_on, by=of.board)
    back = Booking.objects.get(kind="return")
    with pytest.raises(Refused):
        money.reverse_by_hand(back, text="doch nicht", by=of.board)
    assert left_of(of) == 0
    assert books.capital(of.anna) == 750_00
