"""What is known of a person, and that the register outlives the account."""

from datetime import date

import pytest

from allmende.leaving import actions, personal
from allmende.leaving.models import Termination
from allmende.people.personal import blockers
from tests.leaving.conftest import Clock
from tests.leaving.house import House

pytestmark = pytest.mark.django_db


def test_a_person_reads_their_exits_and_nobody_elses(clock: Clock) -> None:
    clock(date(2026, 9, 30))
    house = House()
    found = house.confirmed(house.notice())
    assert [row["text"] for row in personal.exits(house.anna)] == [found.declared_text]
    assert personal.exits(house.ben) == [] and personal.transfers(house.ben) == []
    assert [row["reason"] for row in personal.decided(house.board)] == ["notice"]
    assert "text" not in personal.decided(house.board)[0]
    assert len(personal.kept(house.anna)) == 1


def test_an_exit_stays_when_the_account_goes(clock: Clock) -> None:
    clock(date(2026, 9, 30))
    house = House()
    found = house.notice()
    personal.forget(house.anna)
    found.refresh_from_db()
    assert (found.created_by, bool(found.declared_text)) == (None, True)


def test_a_transfer_that_waits_is_withdrawn_first(clock: Clock) -> None:
    clock(date(2026, 9, 30))
    house = House()
    made, _new = actions.want_transfer(house.member, actions.Giving(1, newcomer="Cleo"), by=house.anna)
    assert any("übertragen" in one or "transfer" in one for one in blockers(house.anna))
    assert [row["newcomer"] for row in personal.transfers(house.anna)] == ["Cleo"]
    actions.stop_transfer(made, by=house.anna)
    assert personal.waiting(house.anna) == []


def test_the_contact_of_heirs_goes_after_the_settlement(clock: Clock) -> None:
    clock(date(2026, 9, 30))
    house = House()
    entered = actions.Entered("death", date(2026, 9, 1), event_on=date(2026, 8, 1), contact="Erbin, Hauptstraße 1")
    found, _new = actions.enter_exit(house.member, entered, by=house.board)
    assert actions.forget_contacts(date(2030, 1, 1)) == 0  # not settled: still needed
    house.confirmed(found)
    Termination.objects.update(state="settled", capital_cents=0, loss_cents=0, settled_cents=0)
    assert actions.forget_contacts(date(2027, 9, 28)) == 0
    assert actions.forget_contacts(date(2027, 9, 29)) == 1
