"""What the board does: enter what came by paper, confirm, exclude; crash between writes, double clicks, two at once."""

from datetime import date
from typing import Any

import pytest

from allmende.ground.models import Entry, Letter
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.leaving import actions, letters, queries
from allmende.leaving.actions import Entered
from allmende.leaving.models import Reason, Scope, State, Termination
from allmende.leaving.queries import Wanted
from allmende.members.actions import Named
from allmende.members.models import EndReason, Party, ShareEntry
from allmende.members.queries import register_on, share_lines
from allmende.members.rules import held_on
from tests import coops
from tests.leaving.conftest import Clock
from tests.leaving.house import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(clock: Clock) -> House:
    clock(date(2026, 9, 30))
    return House()


def test_the_board_confirms_and_nobody_else(house: House) -> None:
    found = house.notice()
    for other in (house.anna, house.administration, house.books, coops.person("fremd")):
        with pytest.raises(NotAllowed):
            actions.confirm_exit(found, by=other)
    assert actions.confirm_exit(found, by=house.board)
    house.member.refresh_from_db()
    assert (house.member.ends_on, house.member.end_reason) == (date(2026, 12, 31), EndReason.NOTICE)
    assert held_on(share_lines(house.member), date(2026, 12, 31)) == 4
    assert held_on(share_lines(house.member), date(2027, 1, 1)) == 0


def test_who_leaves_on_31_december_is_listed_that_day(house: House) -> None:
    """W #552: still listed and voting on 31 December, gone on 1 January."""
    house.confirmed(house.notice())
    assert house.member in register_on(house.of, date(2026, 12, 31))
    assert house.member not in register_on(house.of, date(2027, 1, 1))


def test_a_second_confirmation_changes_nothing(house: House) -> None:
    found = house.notice()
    assert [actions.confirm_exit(found, by=who) for who in (house.board, house.board, house.second)] == [True, False, False]
    assert ShareEntry.objects.filter(membership=house.member, kind="cancel").count() == 1
    assert Letter.objects.filter(kind="leaving.exit_confirmed").count() == 1


@pytest.mark.parametrize("step", ["end", "letter", "trail"])
def test_a_crash_between_the_writes_of_a_confirmation_leaves_nothing(house: House, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    from allmende.leaving.actions import exits

    found = house.notice()

    def crash(*_args: Any, **_more: Any) -> None:
        raise ZeroDivisionError

    places = {"end": (exits.members, "end_membership"), "letter": (letters, "confirmed"), "trail": (exits.trail, "record")}
    with monkeypatch.context() as broken:
        broken.setattr(*places[step], crash)
        with pytest.raises(ZeroDivisionError):
            actions.confirm_exit(found, by=house.board)
    found.refresh_from_db()
    house.member.refresh_from_db()
    assert (found.state, found.confirmed_at, house.member.ends_on) == (State.RECEIVED, None, None)
    assert held_on(share_lines(house.member), date(2027, 1, 1)) == 4
    assert actions.confirm_exit(found, by=house.board)


def test_single_shares_go_at_the_end_of_the_year(house: House) -> None:
    """§ 67b GenG."""
    found = house.confirmed(house.single(2))
    assert found.share_entry is not None
    assert [held_on(share_lines(house.member), day) for day in (date(2026, 12, 31), date(2027, 1, 1))] == [4, 2]
    assert actions.take_exit_back(found, why="doch nicht", by=house.board)
    assert held_on(share_lines(house.member), date(2027, 1, 1)) == 4


def test_who_leaves_altogether_takes_single_shares_along(house: House) -> None:
    found = house.confirmed(house.single(2))
    house.confirmed(house.notice())
    found.refresh_from_db()
    assert found.state == State.UNDONE
    assert [held_on(share_lines(house.member), day) for day in (date(2026, 12, 31), date(2027, 1, 1), date(2040, 1, 1))] == [4, 0, 0]


def test_a_special_reason_that_is_not_accepted_counts_as_an_ordinary_notice(clock: Clock) -> None:
    """§ 65 III GenG: the board looks at the reasons."""
    clock(date(2026, 9, 30))
    house = House(notice_months=36)
    found = house.notice(Wanted(Scope.ALL, None, Reason.HARDSHIP, None, "Krankheit"))
    house.confirmed(found, as_notice=True)
    assert (found.rule, found.effective_on, found.payout_due_on) == ("notice", date(2029, 12, 31), date(2030, 6, 30))


def test_a_letter_is_entered_with_the_day_it_came_in(house: House, clock: Clock) -> None:
    clock(date(2026, 10, 5))
    entered = Entered(Reason.NOTICE, date(2026, 9, 30), evidence="Brief vom 28. September")
    with pytest.raises(NotAllowed):
        actions.enter_exit(house.member, entered, by=house.books)
    found, is_new = actions.enter_exit(house.member, entered, by=house.administration)
    again, is_again_new = actions.enter_exit(house.member, entered, by=house.administration)
    assert (found.effective_on, is_new, again, is_again_new) == (date(2026, 12, 31), True, found, False)
    house.confirmed(found)


@pytest.mark.parametrize(
    ("entered", "sentence"),
    [
        (Entered(Reason.NOTICE, date(2026, 10, 1)), "eingegangen|come in"),
        (Entered(Reason.NOTICE, date(2024, 12, 31)), "beigetreten|joined"),
        (Entered(Reason.NOTICE, date(2019, 1, 1)), "Satzung|statute"),
        (Entered(Reason.MOVED, date(2026, 9, 1)), "Tag|day"),
        (Entered(Reason.DEATH, date(2026, 9, 1), event_on=date(2026, 10, 2)), "Zukunft|future"),
        (Entered(Reason.EXCLUSION, date(2026, 9, 1), hearing="am 1. August"), "Grund|reason"),
        (Entered(Reason.EXCLUSION, date(2026, 9, 1), words="§ 10 Abs. 1"), "gehört|angehört|heard"),
        (Entered(Reason.DISSOLUTION, date(2026, 9, 1), event_on=date(2026, 8, 1)), "aufgelöst|dissolved"),
        (Entered(Reason.DEATH, date(2026, 9, 1), scope=Scope.SINGLE, quantity=1, event_on=date(2026, 8, 1)), "einzelne|Single"),
    ],
)
def test_what_cannot_be_is_refused_in_words(house: House, entered: Entered, sentence: str) -> None:
    with pytest.raises(Refused, match=f"(?i){sentence}"):
        actions.enter_exit(house.member, entered, by=house.board)
    assert not Termination.objects.exists()


def test_an_exclusion_counts_from_the_sending_of_the_letter(house: House, clock: Clock) -> None:
    """§ 68 GenG: to the end of the fiscal year; rights end when the letter is sent."""
    clock(date(2026, 12, 20))
    entered = Entered(Reason.EXCLUSION, date(2026, 12, 15), words="§ 10 der Satzung", hearing="angehört am 1. Dezember")
    found, _new = actions.enter_exit(house.member, entered, by=house.board)
    assert found.effective_on == date(2026, 12, 31)
    with pytest.raises(BadInput):
        actions.confirm_exit(found, by=house.board)
    with pytest.raises(BadInput):
        actions.confirm_exit(found, dispatched_on=date(2026, 12, 14), by=house.board)
    clock(date(2027, 1, 4))
    house.confirmed(found, dispatched_on=date(2027, 1, 4))
    assert (found.dispatched_on, found.effective_on) == (date(2027, 1, 4), date(2027, 12, 31))
    house.member.refresh_from_db()
    assert house.member.end_reason == EndReason.EXCLUSION
    assert not queries.without_rights(house.of, date(2027, 1, 3)).exists()
    assert list(queries.without_rights(house.of, date(2027, 1, 4))) == [house.member]
    assert not queries.without_rights(house.of, date(2028, 1, 1)).exists()


def test_a_member_does_not_take_an_exclusion_back(house: House) -> None:
    entered = Entered(Reason.EXCLUSION, date(2026, 9, 1), words="§ 10", hearing="gehört")
    found, _new = actions.enter_exit(house.member, entered, by=house.board)
    with pytest.raises(Refused):
        actions.withdraw_notice(found, by=house.anna)


def test_of_a_member_who_died_nobody_gets_a_mail(house: House, clock: Clock) -> None:
    """§ 77 GenG: heard of in January, the exit is that of the year of the death."""
    clock(date(2027, 1, 20))
    entered = Entered(Reason.DEATH, date(2027, 1, 20), event_on=date(2026, 12, 30), contact="Erbin, Hauptstraße 1")
    found, _new = actions.enter_exit(house.member, entered, by=house.administration)
    house.confirmed(found)
    house.member.refresh_from_db()
    assert (house.member.ends_on, house.member.end_reason) == (date(2026, 12, 31), EndReason.DEATH)
    assert not Letter.objects.filter(to="anna@coops.example").exists()
    assert found.contact
    assert "Hauptstraße" not in str(list(Entry.objects.values_list("facts", flat=True)))


def test_an_organisation_is_dissolved_and_does_not_die(house: House) -> None:
    """§ 77a GenG."""
    firm = coops.member(house.of, house.board, named=Named(party=Party.LEGAL, firm="Saatgut GmbH"), is_opening=True)
    with pytest.raises(BadInput):
        actions.enter_exit(firm, Entered(Reason.DEATH, date(2026, 9, 1), event_on=date(2026, 8, 1)), by=house.board)
    found, _new = actions.enter_exit(firm, Entered(Reason.DISSOLUTION, date(2026, 9, 1), event_on=date(2026, 8, 1)), by=house.board)
    house.confirmed(found)
    assert (found.effective_on, found.paragraph) == (date(2026, 12, 31), "§ 77a")
    firm.refresh_from_db()
    assert firm.end_reason == EndReason.DISSOLUTION
