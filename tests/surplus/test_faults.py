"""A year is booked as a whole or not at all, wherever it breaks off; it never gives what is not there."""

from datetime import date
from typing import Any

import pytest

from allmende.ground import trail
from allmende.money import actions as money
from allmende.money import queries
from allmende.money.models import Booking, Payable
from allmende.surplus import actions
from allmende.surplus.models import Year, YearState
from tests.surplus.test_years import coop, prepared

pytestmark = pytest.mark.django_db
__all__ = ["coop"]  # the fixture


class PowerCut(Exception):
    """Somebody pulled the plug."""


@pytest.mark.parametrize("where", ["before", "after"])
def test_invariant_2_a_year_that_breaks_off_leaves_no_booking(coop: Any, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """§ 19 GenG: before and after every single write of the year, one after the other; at last it is booked whole."""
    of, board, members = coop
    year = prepared(of, board, distributed=100_00)
    before = Booking.objects.count()
    record, breaks = trail.record, 0
    while True:
        calls = [0]

        def recording(verb: str, _limit: int = breaks, _calls: list[int] = calls, **facts: Any) -> Any:
            _calls[0] += 1
            if where == "before" and _calls[0] > _limit:
                raise PowerCut
            made = record(verb, **facts)
            if where == "after" and _calls[0] > _limit:
                raise PowerCut
            return made

        with monkeypatch.context() as broken:
            broken.setattr(trail, "record", recording)
            try:
                actions.book_year(year, "GV 2026/3", date(2026, 5, 20), by=board)
                break
            except PowerCut:
                breaks += 1
        assert (Booking.objects.count(), Payable.objects.count(), Year.objects.get().state) == (before, 0, YearState.DRAFT)
        assert [queries.capital(one) for one in members] == [500_00, 300_00, 200_00]
    assert breaks >= 5
    assert [queries.capital(one) for one in members] == [500_00, 330_00, 220_00]


def test_invariant_2_taking_a_year_back_breaks_off_without_a_trace(coop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    of, board, members = coop
    year = actions.book_year(prepared(of, board, distributed=100_00), "GV 3", date(2026, 5, 20), by=board)
    before = Booking.objects.count()

    def crash(*_args: Any, **_more: Any) -> None:
        raise PowerCut

    with monkeypatch.context() as broken:
        broken.setattr(money, "reverse_booking", crash)
        with pytest.raises(PowerCut):
            actions.reverse_year(year, by=board)
    assert (Booking.objects.count(), Year.objects.get().state) == (before, YearState.BOOKED)
    assert [queries.capital(one) for one in members] == [500_00, 330_00, 220_00]
    assert queries.owed_sum(of) == 50_00
