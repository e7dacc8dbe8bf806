"""Transfers (§ 76 GenG): both declare, the board agrees, the capital follows; nobody learns the list by it."""

from datetime import date
from typing import Any

import pytest

from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.leaving import actions, queries
from allmende.leaving.actions import Giving
from allmende.leaving.models import State, Transfer, TransferState
from allmende.members.models import EndReason
from allmende.members.queries import share_lines
from allmende.members.rules import held_on
from allmende.money.queries import capital
from tests import coops
from tests.leaving.conftest import Clock
from tests.leaving.house import House

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 30)


@pytest.fixture
def house(clock: Clock) -> House:
    clock(TODAY)
    house = House()
    house.pay(house.member, 1_000_00)
    return house


def wanted(house: House, quantity: int = 1) -> Transfer:
    giving = Giving(quantity, house.other, taker_name="Beet")
    return actions.want_transfer(house.member, giving, by=house.anna)[0]


def taken(house: House, quantity: int = 1) -> Transfer:
    found = wanted(house, quantity)
    actions.take_shares(found, shown=actions.acceptance(found), by=house.ben)
    found.refresh_from_db()
    return found


def test_both_declare_and_the_board_agrees(house: House) -> None:
    """§ 76 GenG: a part of the shares, with a quarter of the capital."""
    found = taken(house)
    assert (found.state, "Anna Acker" in found.declared_text, "Anna Beet" in found.taken_text) == (TransferState.AGREED, True, True)
    assert actions.agree_to_transfer(found, effective_on=TODAY, by=house.board)
    assert not actions.agree_to_transfer(found, effective_on=TODAY, by=house.second)
    assert [held_on(share_lines(one), TODAY) for one in (house.member, house.other)] == [3, 3]
    assert [capital(one) for one in (house.member, house.other)] == [750_00, 250_00]


def test_nobody_says_yes_for_somebody_else(house: House) -> None:
    with pytest.raises(NotAllowed):
        actions.want_transfer(house.member, Giving(1, house.other, taker_name="Beet"), by=house.board)
    found = wanted(house)
    for other in (house.anna, house.board, coops.person("fremd")):
        with pytest.raises(NotAllowed):
            actions.take_shares(found, shown=actions.acceptance(found), by=other)
    with pytest.raises(Refused):
        actions.agree_to_transfer(found, effective_on=TODAY, by=house.board)
    found = taken_now(found, house)
    for other in (house.anna, house.ben, house.administration):
        with pytest.raises(NotAllowed):
            actions.agree_to_transfer(found, effective_on=TODAY, by=other)


def taken_now(found: Transfer, house: House) -> Transfer:
    actions.take_shares(found, shown=actions.acceptance(found), by=house.ben)
    found.refresh_from_db()
    return found


def test_with_all_shares_the_membership_ends_the_day_before(house: House) -> None:
    """§ 76 GenG."""
    found = taken(house, 4)
    actions.agree_to_transfer(found, effective_on=TODAY, by=house.board)
    house.member.refresh_from_db()
    assert (house.member.ends_on, house.member.end_reason) == (date(2026, 9, 29), EndReason.TRANSFER)
    assert (capital(house.member), capital(house.other)) == (0, 1_000_00)


def test_a_notice_gives_way_to_the_transfer_of_everything(house: House) -> None:
    """§ 76 GenG: at any time until the exit."""
    notice = house.confirmed(house.notice())
    with pytest.raises(Refused):
        actions.agree_to_transfer(taken(house, 2), effective_on=TODAY, by=house.board)
    actions.stop_transfer(Transfer.objects.get(), by=house.anna)
    actions.agree_to_transfer(taken(house, 4), effective_on=TODAY, by=house.board)
    notice.refresh_from_db()
    house.member.refresh_from_db()
    assert (notice.state, house.member.end_reason) == (State.UNDONE, EndReason.TRANSFER)


@pytest.mark.parametrize("quantity", [0, -1, 5, 99])
def test_only_what_is_there_can_be_transferred(house: House, quantity: int) -> None:
    with pytest.raises(BadInput):
        wanted(house, quantity)


def test_mandatory_shares_stay_unless_all_go(clock: Clock) -> None:
    clock(TODAY)
    house = House(mandatory_shares=2, max_shares=5)
    with pytest.raises(BadInput):
        wanted(house, 3)
    with pytest.raises(Refused):  # the taker would hold six
        wanted(house, 4)
    assert wanted(house, 2).quantity == 2


def test_one_transfer_at_a_time_and_a_second_click_finds_it(house: House) -> None:
    first = wanted(house)
    assert wanted(house) == first
    with pytest.raises(Refused):
        wanted(house, 2)


def test_who_is_no_member_yet_joins_first(house: House) -> None:
    found, _new = actions.want_transfer(house.member, Giving(1, newcomer="Cleo"), by=house.anna)
    with pytest.raises(BadInput):
        actions.record_taker(found, None, taken_on=TODAY, evidence="Brief", by=house.administration)
    cleo = house.join(shares=1, person=coops.person("cleo"))
    with pytest.raises(NotAllowed):
        actions.record_taker(found, cleo, taken_on=TODAY, evidence="Brief", by=house.anna)
    assert actions.record_taker(found, cleo, taken_on=TODAY, evidence="Brief", by=house.administration)
    found.refresh_from_db()
    assert (found.state, found.taker, found.newcomer) == (TransferState.AGREED, cleo, "")


@pytest.mark.parametrize("who", ["giver", "taker", "board"])
def test_giver_and_taker_withdraw_and_the_board_refuses(house: House, who: str) -> None:
    found = wanted(house)
    if who == "board":
        with pytest.raises(BadInput):
            actions.stop_transfer(found, by=house.board)
        assert actions.stop_transfer(found, why="Satzung § 9", by=house.board)
    else:
        assert actions.stop_transfer(found, by=house.anna if who == "giver" else house.ben)
    found.refresh_from_db()
    assert found.state == (TransferState.REFUSED if who == "board" else TransferState.WITHDRAWN)
    assert not actions.stop_transfer(found, why="noch einmal", by=house.board)


def test_a_transfer_by_letter_names_its_proof(house: House) -> None:
    giving = Giving(1, house.other, taker_name="Beet")
    with pytest.raises(BadInput):
        actions.enter_transfer(house.member, giving, declared_on=TODAY, evidence=" ", by=house.board)
    with pytest.raises(NotAllowed):
        actions.enter_transfer(house.member, giving, declared_on=TODAY, evidence="Brief", by=house.books)
    found, _new = actions.enter_transfer(house.member, giving, declared_on=date(2026, 9, 1), evidence="Brief", by=house.administration)
    assert found.state == TransferState.AGREED
    for early in (date(2026, 8, 31), date(2026, 10, 1)):
        with pytest.raises(BadInput):
            actions.agree_to_transfer(found, effective_on=early, by=house.board)
    assert actions.agree_to_transfer(found, effective_on=date(2026, 9, 15), by=house.board)


def test_number_and_name_have_to_fit(house: House) -> None:
    """§ 31 GenG: nobody reads the list by guessing; the same answer for a wrong number and a wrong name."""
    number = house.other.number
    assert queries.member_by(house.of, number, " beet ") == house.other
    assert queries.member_by(house.of, number, "Anna Beet") == house.other
    for wrong in ((number, "Acker"), (number, ""), (number, "Anna"), (99, "Beet"), (house.member.number, "Beet")):
        assert queries.member_by(house.of, *wrong) is None


def test_a_crash_while_agreeing_leaves_everything_as_it_was(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from allmende.leaving.actions import transfers

    found = taken(house, 4)

    def crash(*_args: Any, **_more: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(transfers.letters, "transfer_done", crash)
        with pytest.raises(ZeroDivisionError):
            actions.agree_to_transfer(found, effective_on=TODAY, by=house.board)
    found.refresh_from_db()
    house.member.refresh_from_db()
    assert (found.state, house.member.ends_on, capital(house.member)) == (TransferState.AGREED, None, 1_000_00)
