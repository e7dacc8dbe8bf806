"""A list is entered as a whole or not at all, once, and taken back while nothing has followed."""

import time
from datetime import date

import pytest
from django.utils import timezone
from django.utils.timezone import localdate

from allmende.banking.models import Mandate, PayoutAccount
from allmende.constitution.models import OfficeKind
from allmende.ground import queue
from allmende.ground.models import Letter
from allmende.ground.refusals import NotAllowed, Refused
from allmende.intake import actions
from allmende.intake.checking import Options
from allmende.intake.models import ColumnMemory, Entered, Intake, State
from allmende.members import actions as members
from allmende.members import queries as register
from allmende.members.models import Group, Membership, Particulars, ShareEntry
from allmende.money import actions as money
from allmende.money import queries as balances
from allmende.money.models import Booking, Payable, Request
from tests import coops

pytestmark = pytest.mark.django_db
LIST = """Nr;Nachname;Vorname;Ort;Eintritt;Austritt;Anteile;Guthaben;Gruppe;IBAN;Mandat vom;Mandatsreferenz
3;Muster;A;Jena;01.02.2019;;2;500,00;Beschäftigte;DE89370400440532013000;01.02.2019;ALT-3
12;Beispiel;B;Gera;15.06.2021;;4;750,00;Gäste;DE89370400440532013000;;
7;Probe;C;Weimar;01.01.2018;31.12.2023;1;100,00;;;;
"""


@pytest.fixture
def scene():
    made = coops.cooperative()
    coops.statute(made)
    coops.group(made)
    return made, coops.office(made)


def _rehearsed(cooperative, board, text: str = LIST, **options: object) -> Intake:
    made = actions.upload(cooperative, text.encode(), "alte-liste.csv", by=board)
    actions.choose_columns(made, made.columns, by=board)
    return actions.rehearse(made, Options(opening_on=date(2025, 12, 31), **options), by=board)  # type: ignore[arg-type]


def _entered(cooperative, board, text: str = LIST, **options: object) -> Intake:
    found = _rehearsed(cooperative, board, text, **options)
    assert actions.start(found, by=board)
    queue.run_all()
    found.refresh_from_db()
    return found


def test_a_list_becomes_members_shares_and_capital(scene) -> None:
    cooperative, board = scene
    found = _entered(cooperative, board)
    assert (found.state, found.fault, bytes(found.rows), bytes(found.findings)) == (State.DONE, "", b"", b"")
    assert list(Membership.objects.values_list("number", "joined_on", "ends_on", "end_reason")) == [
        (3, date(2019, 2, 1), None, ""), (7, date(2018, 1, 1), date(2023, 12, 31), "notice"), (12, date(2021, 6, 15), None, ""),
    ]  # fmt: skip
    assert [(one.number, one.shares, one.group) for one in register.register_on(cooperative, localdate())] == [
        (3, 2, "employees"),
        (12, 4, "gaste"),
    ]
    assert [one.number for one in register.register_on(cooperative, date(2023, 12, 31))] == [3, 7, 12]
    assert {one.number: balances.capital(one) for one in Membership.objects.all()} == {3: 500_00, 7: 0, 12: 750_00}
    assert list(Payable.objects.values_list("kind", "cents", "due_on")) == [("settlement", 100_00, date(2024, 6, 30))]
    assert set(Booking.objects.values_list("kind", "debit", "credit")) == {
        ("opening", "opening", "capital"),
        ("opening", "opening", "settlement"),
    }
    assert set(Booking.objects.values_list("booked_on", flat=True)) == {date(2025, 12, 31)}
    assert Request.objects.count() == 0
    assert list(Entered.objects.values_list("row", "number", "shares", "cents")) == [
        (2, 3, 2, 500_00),
        (3, 12, 4, 750_00),
        (4, 7, 1, 100_00),
    ]
    cooperative.refresh_from_db()
    assert cooperative.next_number == 13


def test_nobody_is_written_to_and_accounts_come_along(scene) -> None:
    _entered(*scene)
    assert Letter.objects.count() == 0
    assert list(Mandate.objects.values_list("reference", "signed_on", "holder", "membership__number")) == [
        ("ALT-3", date(2019, 2, 1), "A Muster", 3)
    ]
    assert list(PayoutAccount.objects.values_list("membership__number", flat=True)) == [12]


def test_unknown_groups_are_made_or_mapped_or_left_out(scene) -> None:
    cooperative, board = scene
    _entered(cooperative, board, groups={"gaste": "employees"})
    assert [one.key for one in Group.objects.filter(cooperative=cooperative)] == ["employees"]
    assert {one.group for one in register.register_on(cooperative, localdate())} == {"employees"}


def test_the_open_rest_is_asked_for_only_where_it_is_wanted(scene) -> None:
    cooperative, board = scene
    due = localdate()
    _entered(cooperative, board, ask_rest=True, due_on=due)
    assert list(Request.objects.values_list("membership__number", "kind", "cents", "due_on")) == [(12, "shares", 250_00, due)]


def test_rows_with_errors_keep_the_whole_list_out_unless_they_are_left_out(scene) -> None:
    cooperative, board = scene
    bad = LIST + "13;Falsch;D;Jena;30.02.2020;;1;0;;;;\n"
    found = _rehearsed(cooperative, board, bad)
    assert found.sums["with_errors"] == 1
    with pytest.raises(Refused, match="errors|Fehler"):
        actions.start(found, by=board)
    actions.rehearse(found, Options(opening_on=date(2025, 12, 31), leave_out=True), by=board)
    actions.start(found, by=board)
    queue.run_all()
    assert Membership.objects.count() == 3


def test_what_changed_since_the_rehearsal_stops_everything(scene) -> None:
    cooperative, board = scene
    found = _rehearsed(cooperative, board)
    actions.start(found, by=board)
    coops.member(cooperative, board, number=12)
    queue.run_all()
    found.refresh_from_db()
    assert (found.state, Membership.objects.count(), Booking.objects.filter(kind="opening").count()) == (State.OPEN, 1, 0)
    assert found.fault
    assert found.sums["with_errors"] == 1


def test_a_crash_in_the_middle_leaves_nothing(scene, monkeypatch) -> None:
    cooperative, board = scene
    found = _rehearsed(cooperative, board)
    actions.start(found, by=board)
    monkeypatch.setattr(actions.banking, "carry_over", lambda *_args, **_named: 1 / 0)
    queue.run_all()
    assert (Membership.objects.count(), Booking.objects.count(), ShareEntry.objects.count()) == (0, 0, 0)
    assert Intake.objects.get().state == State.QUEUED  # the queue tries again


def test_a_double_click_and_a_second_run_enter_once(scene) -> None:
    cooperative, board = scene
    found = _rehearsed(cooperative, board)
    assert actions.start(found, by=board)
    assert not actions.start(found, by=board)
    queue.run_all()
    found.refresh_from_db()
    assert not actions.enter_list(found)
    assert Membership.objects.count() == 3


def test_only_the_board_starts_and_undoes(scene) -> None:
    cooperative, board = scene
    clerk = coops.office(cooperative, OfficeKind.ADMINISTRATION)
    found = _rehearsed(cooperative, clerk)
    for by in (clerk, coops.person("fremd")):
        with pytest.raises(NotAllowed):
            actions.start(found, by=by)
    with pytest.raises(NotAllowed):
        actions.upload(cooperative, LIST.encode(), "x.csv", by=coops.office(cooperative, OfficeKind.SUPERVISORY))
    actions.start(found, by=board)
    queue.run_all()
    with pytest.raises(NotAllowed):
        actions.undo(found, by=clerk)


def test_a_list_is_taken_back_without_a_trace_in_the_register(scene) -> None:
    cooperative, board = scene
    found = _entered(cooperative, board, ask_rest=True, due_on=localdate())
    assert actions.undo(found, by=board) == 3
    for model in (Membership, Particulars, ShareEntry, Booking, Payable, Request, Mandate, PayoutAccount):
        assert model.objects.count() == 0, model
    cooperative.refresh_from_db()
    assert cooperative.next_number == 1
    assert actions.undo(found, by=board) == 0
    assert Entered.objects.count() == 3


def _later_shares(one: Membership, board) -> None:
    members.subscribe_shares(one, 1, declared_on=localdate(), effective_on=localdate(), by=board)


def _later_name(one: Membership, board) -> None:
    members.change_particulars(one, members.Named(family_name="Neu"), from_on=localdate(), by=board)


def _later_payment(one: Membership, board) -> None:
    made = money.ask_for(one, "fee", 10_00, due_on=localdate(), by=board)
    money.receive(made, 10_00, booked_on=localdate(), by=board)


def _later_account(one: Membership, board) -> None:
    Membership.objects.filter(pk=one.pk).update(person=board)


@pytest.mark.parametrize("follow", [_later_shares, _later_name, _later_payment, _later_account])
def test_what_has_followed_forbids_the_way_back(scene, follow) -> None:
    cooperative, board = scene
    found = _entered(cooperative, board)
    follow(Membership.objects.get(number=12), board)
    with pytest.raises(Refused):
        actions.undo(found, by=board)
    assert Membership.objects.count() == 3
    assert Entered.objects.exclude(membership=None).count() == 3


def test_after_two_weeks_a_list_stays(scene) -> None:
    cooperative, board = scene
    found = _entered(cooperative, board)
    Intake.objects.update(done_at=timezone.now() - timezone.timedelta(days=15))
    with pytest.raises(Refused):
        actions.undo(found, by=board)


def test_lists_nobody_entered_go_after_a_week(scene) -> None:
    cooperative, board = scene
    _rehearsed(cooperative, board)
    assert actions.forget(timezone.now()) == 0
    assert actions.forget(timezone.now() + timezone.timedelta(days=8)) == 1
    assert Intake.objects.count() == 0


def test_columns_are_remembered(scene) -> None:
    cooperative, board = scene
    made = actions.upload(cooperative, LIST.encode(), "x.csv", by=board)
    actions.choose_columns(made, ["", *made.columns[1:]], by=board)
    assert ColumnMemory.objects.get().columns["nr"] == ""
    assert actions.upload(cooperative, LIST.encode(), "y.csv", by=board).columns[0] == ""


@pytest.mark.parametrize("wrong", [[], ["name"], ["number"] * 12, ["evil", *[""] * 11], [""] * 12])
def test_columns_that_make_no_sense_are_refused(scene, wrong: list[str]) -> None:
    cooperative, board = scene
    made = actions.upload(cooperative, LIST.encode(), "x.csv", by=board)
    with pytest.raises(Refused):
        actions.choose_columns(made, wrong, by=board)


def test_three_hundred_members_take_seconds(scene) -> None:
    cooperative, board = scene
    rows = "\n".join(f"{at};Muster{at};A;Jena;01.02.2020;2;500,00" for at in range(1, 301))
    began = time.monotonic()
    found = _entered(cooperative, board, f"Nr;Nachname;Vorname;Ort;Eintritt;Anteile;Guthaben\n{rows}\n")
    assert found.state == State.DONE
    assert register.totals_on(cooperative, localdate()).shares == 600
    assert time.monotonic() - began < 18  # 1,000 in less than a minute
