"""Giving notice: who may, on which day it ends, what is kept, taking it back."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from allmende.constitution.models import Form
from allmende.ground.models import Letter
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.leaving import actions, queries
from allmende.leaving.models import Reason, Scope, State, Termination
from allmende.leaving.queries import Wanted
from allmende.people.models import Notice
from tests import coops
from tests.leaving.conftest import Clock
from tests.leaving.house import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(clock: Clock) -> House:
    clock(date(2026, 9, 30))
    return House()


def test_only_the_member_gives_notice(house: House) -> None:
    for stranger in (house.ben, house.board, house.administration, coops.person("fremd")):
        with pytest.raises(NotAllowed):
            house.notice(by=stranger)
    assert not Termination.objects.exists()


def test_a_notice_of_30_september_ends_with_the_year_and_is_kept_word_by_word(house: House, letters: list[dict[str, Any]]) -> None:
    """§ 65 II, § 73 II GenG."""
    found = house.notice()
    assert (found.state, found.effective_on, found.payout_due_on) == (State.RECEIVED, date(2026, 12, 31), date(2027, 6, 30))
    assert (found.rule, found.paragraph, found.statute) == ("notice", "§ 65 Abs. 2", house.statute)
    assert "Anna Acker" in found.declared_text and str(house.of) in found.declared_text
    house.member.refresh_from_db()
    assert house.member.ends_on is None  # the board enters it
    assert letters[0]["paragraphs"][1] == found.declared_text
    letter = Letter.objects.get(kind="leaving.notice_received")
    assert letter.to == "anna@coops.example"
    assert Notice.objects.filter(kind="leaving.notice_came").count() == 3  # board, board, administration


def test_a_day_later_it_is_a_year_later(house: House, clock: Clock) -> None:
    """§ 65 II GenG."""
    clock(date(2026, 10, 1))
    assert house.notice().effective_on == date(2027, 12, 31)


def test_a_later_statute_changes_nothing_for_a_notice_in_between(house: House, clock: Clock) -> None:
    """§ 65 GenG: what counts is the statute in force on receipt; also where the fiscal year changes in between."""
    found = house.notice()
    coops.statute(house.of, valid_from=date(2026, 11, 1), notice_months=24, fiscal_month=6, payout_months=12)
    clock(date(2026, 11, 2))
    assert house.confirmed(found).effective_on == date(2026, 12, 31)
    assert found.payout_due_on == date(2027, 6, 30)
    later = house.notice(member=house.other, by=house.ben)
    assert (later.effective_on, later.payout_due_on) == (date(2029, 6, 30), date(2030, 6, 30))
    assert later.statute.notice_months == 24


def test_a_second_click_finds_the_first_notice(house: House) -> None:
    shown = queries.foresee(house.member, Wanted(), date(2026, 9, 30)).text
    first, is_new = actions.give_notice(house.member, Wanted(), shown=shown, by=house.anna)
    again, is_again_new = actions.give_notice(house.member, Wanted(), shown=shown, by=house.anna)
    assert (first, is_new, is_again_new) == (again, True, False)
    assert Termination.objects.count() == 1
    assert Letter.objects.filter(kind="leaving.notice_received").count() == 1


def test_two_open_exits_of_a_kind_are_refused_by_rule_and_by_the_database(house: House) -> None:
    """Invariant 4 of the domain."""
    found = house.notice()
    with pytest.raises(Refused, match="2026"):
        house.notice(Wanted(Scope.ALL, None, Reason.STATUTE_CHANGE, date(2026, 9, 15)))
    found.pk, found.uuid = None, None  # type: ignore[assignment]
    with pytest.raises(IntegrityError), transaction.atomic():
        Termination.objects.create(
            membership=house.member, received_on=date(2026, 9, 1), statute=house.statute, rule="notice", paragraph="§ 65",
            effective_on=date(2026, 12, 31), payout_due_on=date(2027, 6, 30),
        )  # fmt: skip


def test_what_was_shown_must_still_be_true(house: House) -> None:
    with pytest.raises(Refused, match=r"look|sieh|geändert"):
        actions.give_notice(house.member, Wanted(), shown="something else", by=house.anna)
    assert not Termination.objects.exists()


@pytest.mark.parametrize(("quantity", "fits"), [(1, True), (3, True), (4, False), (0, False), (-1, False), (None, False)])
def test_of_single_shares_the_mandatory_ones_stay(house: House, quantity: int | None, *, fits: bool) -> None:
    """§ 67b GenG: four are held, one is mandatory."""
    wanted = Wanted(Scope.SINGLE, quantity)
    if fits:
        found = house.notice(wanted)
        assert (found.quantity, found.paragraph, found.effective_on) == (quantity, "§ 67b", date(2026, 12, 31))
    else:
        with pytest.raises(BadInput):
            house.notice(wanted)


def test_who_holds_only_mandatory_shares_gives_up_none(house: House) -> None:
    only = house.join(shares=1, person=coops.person("cleo"))
    with pytest.raises(Refused):
        house.notice(Wanted(Scope.SINGLE, 1), only, by=only.person)


def test_where_the_statute_asks_for_a_signature_nothing_is_sent(clock: Clock) -> None:
    """§ 65 II GenG; text form by the board's permission until the end of 2029 (§ 177 GenG)."""
    clock(date(2026, 9, 30))
    house = House(exit_form=Form.WRITTEN)
    assert not queries.foresee(house.member, Wanted(), date(2026, 9, 30)).is_text_enough
    with pytest.raises(Refused):
        house.notice()
    coops.statute(house.of, valid_from=date(2026, 9, 1), exit_form=Form.WRITTEN, text_form_since=date(2026, 9, 1))
    assert house.notice().state == State.RECEIVED
    clock(date(2030, 1, 1))
    assert not queries.foresee(house.other, Wanted(), date(2030, 1, 1)).is_text_enough


def test_hardship_and_moving_depend_on_the_statute(clock: Clock) -> None:
    """§ 65 III, § 67 GenG."""
    clock(date(2026, 9, 30))
    house = House(notice_months=60, is_tied_to_district=True)
    hard = house.notice(Wanted(Scope.ALL, None, Reason.HARDSHIP, None, "Krankheit"))
    assert (hard.effective_on, hard.paragraph, hard.words) == (date(2026, 12, 31), "§ 65 Abs. 3", "Krankheit")
    moved = house.notice(Wanted(Scope.ALL, None, Reason.MOVED, date(2026, 9, 1)), house.other, by=house.ben)
    assert (moved.effective_on, moved.paragraph) == (date(2026, 12, 31), "§ 67")
    third = house.join(shares=1, person=coops.person("dana"))
    with pytest.raises(Refused, match="2026"):
        house.notice(Wanted(Scope.ALL, None, Reason.MOVED, date(2026, 10, 15)), third, by=third.person)


def test_until_the_board_has_confirmed_the_member_takes_it_back(house: House) -> None:
    found = house.notice()
    with pytest.raises(NotAllowed):
        actions.withdraw_notice(found, by=house.ben)
    found = actions.withdraw_notice(found, by=house.anna)
    assert found.state == State.WITHDRAWN
    assert actions.withdraw_notice(found, by=house.anna).state == State.WITHDRAWN  # twice is fine
    with pytest.raises(Refused):
        actions.confirm_exit(found, by=house.board)
    assert house.notice().state == State.RECEIVED  # and a new one can be given


def test_after_that_the_board_is_asked_and_consents(house: House, clock: Clock) -> None:
    found = house.confirmed(house.notice())
    found = actions.withdraw_notice(found, by=house.anna)
    assert (found.state, found.wants_back_at is not None) == (State.CONFIRMED, True)
    assert Notice.objects.filter(kind="leaving.asked_back").count() == 2
    assert actions.take_exit_back(found, why="Einvernehmlich", by=house.board)
    house.member.refresh_from_db()
    assert house.member.ends_on is None
    assert queries.most_to_give_up(house.member, house.statute, date(2026, 9, 30)) == 3
    assert not actions.take_exit_back(found, why="noch einmal", by=house.second)


def test_after_the_exit_nothing_is_taken_back(house: House, clock: Clock) -> None:
    found = house.confirmed(house.notice())
    clock(date(2026, 12, 31))
    assert queries.open_of(house.member).count() == 1
    clock(date(2027, 1, 1))
    with pytest.raises(Refused):
        actions.withdraw_notice(found, by=house.anna)
    with pytest.raises(Refused):
        actions.take_exit_back(found, why="zu spät", by=house.board)
    house.member.refresh_from_db()
    assert house.member.ends_on == date(2026, 12, 31)


def test_a_former_member_gives_no_notice(house: House, clock: Clock) -> None:
    house.confirmed(house.notice())
    clock(date(2027, 1, 2))
    with pytest.raises(NotAllowed):
        house.notice()
