"""The letters are made as real PDFs: tagged, in the member's language, with what counts in them."""

from datetime import date

import pytest

from allmende.leaving import actions, papers, settlements
from tests.leaving.conftest import Clock
from tests.leaving.house import House

pytestmark = pytest.mark.django_db


def test_every_letter_can_be_set(clock: Clock) -> None:
    """§§ 65, 68, 73 GenG: confirmation, exclusion and statement; accessible (PDF/UA)."""
    clock(date(2026, 9, 30))
    house = House()
    house.pay(house.member, 1_000_00)
    entered = actions.Entered("exclusion", date(2026, 9, 1), words="#strong[§ 10] der Satzung", hearing="gehört am 1. August")
    excluded, _new = actions.enter_exit(house.other, entered, by=house.board)
    found = house.confirmed(house.notice())
    clock(date(2027, 6, 1))
    seen = settlements.preview(house.of, found.effective_on).seen
    actions.settle(house.of, found.effective_on, accounts_on=date(2027, 5, 20), loss_cents=0, seen=seen, by=house.board)
    found.refresh_from_db()
    for made in (papers.receipt(found), papers.confirmation(found), papers.statement(found), papers.exclusion(excluded)):
        assert made.startswith(b"%PDF-1.7")
        assert b"/MarkInfo" in made or b"/StructTreeRoot" in made
