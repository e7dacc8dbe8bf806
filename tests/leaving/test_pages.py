"""The pages: who comes in, what they show, what they do; hostile input; how many questions a list asks."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from allmende.constitution.models import Form, OfficeKind
from allmende.leaving import actions, queries, settlements
from allmende.leaving.models import State, Termination, Transfer
from allmende.leaving.queries import Wanted
from allmende.members.models import Inspection
from allmende.money.models import Payable
from tests import coops
from tests.leaving.conftest import Clock
from tests.leaving.house import House, inside

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 30)
DESK = ("desk", "enter", "settlements", "dissolved", "enter_transfer")


@pytest.fixture
def house(clock: Clock) -> House:
    clock(TODAY)
    return House()


def test_the_desk_is_for_offices_only(house: House) -> None:
    found = house.notice()
    addresses = [*(house.url(name) for name in DESK), house.url("termination", found.uuid)]
    stranger = coops.person("fremd")
    for address in addresses:
        assert Client().get(address).status_code == 302  # to sign in
        for other in (stranger, house.anna, house.ben):
            assert inside(other).get(address).status_code == 404
        assert inside(house.board).get(address).status_code == 200
    audit = inside(coops.office(house.of, OfficeKind.AUDIT))
    assert audit.get(house.url("desk")).status_code == 200
    assert audit.get(house.url("enter")).status_code == 404


def test_letters_are_for_the_member_and_for_offices(house: House) -> None:
    found = house.notice()
    address = house.url("document", found.uuid, "eingang")
    assert inside(house.ben).get(address).status_code == 404
    answer = inside(house.anna).get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in answer["Cache-Control"]
    assert inside(house.board).get(address).status_code == 200
    assert Inspection.objects.filter(membership=house.member, person=house.board).count() == 1
    for nothing in ("bestaetigung", "abrechnung", "ausschluss", "quatsch"):
        assert inside(house.anna).get(house.url("document", found.uuid, nothing)).status_code == 404


def test_a_member_sees_the_day_before_sending_and_then_sends_it(house: House) -> None:
    client, address = inside(house.anna), house.url("leave")
    house.pay(house.member, 1_000_00)
    said = {"scope": "all", "reason": "notice"}
    page = client.post(address, said).content.decode()
    assert "31. Dezember 2026" in page and "30. Juni 2027" in page and "1.000" in page
    assert not Termination.objects.exists()
    shown = queries.foresee(house.member, Wanted(), TODAY).text
    answer = client.post(address, {**said, "send": "1", "shown": shown.replace("\n", "\r\n")}, follow=True)
    assert answer.redirect_chain and Termination.objects.get().declared_text == shown
    client.post(address, {**said, "send": "1", "shown": shown})
    assert Termination.objects.count() == 1
    found = Termination.objects.get()
    assert client.get(house.url("withdraw", found.uuid)).status_code == 405
    assert inside(house.ben).post(house.url("withdraw", found.uuid)).status_code == 404
    client.post(house.url("withdraw", found.uuid))
    found.refresh_from_db()
    assert found.state == State.WITHDRAWN


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"scope": "single", "reason": "notice"},
        {"scope": "single", "reason": "notice", "quantity": "-1"},
        {"scope": "single", "reason": "notice", "quantity": "1.5"},
        {"scope": "single", "reason": "notice", "quantity": "99999999999999999999"},
        {"scope": "single", "reason": "notice", "quantity": "4"},
        {"scope": "all", "reason": "death"},
        {"scope": "all", "reason": "hardship", "words": "x"},
        {"scope": "all", "reason": "statute_change"},
        {"scope": "all", "reason": "statute_change", "event_on": "2026-02-30"},
        {"scope": "all", "reason": "notice", "words": "x" * 5_000},
        {"scope": "everything", "reason": "notice"},
    ],
)
def test_wrong_input_is_answered_in_words_and_kept(house: House, said: dict[str, str]) -> None:
    answer = inside(house.anna).post(house.url("leave"), {**said, "send": "1", "shown": "x"})
    assert answer.status_code == 200
    assert 'id="fehler"' in answer.content.decode()
    assert not Termination.objects.exists()


def test_html_in_reasons_stays_text(clock: Clock) -> None:
    clock(TODAY)
    house = House(notice_months=60)
    said = {"scope": "all", "reason": "hardship", "words": "<script>alert(1)</script>"}
    page = inside(house.anna).post(house.url("leave"), said).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page


def test_where_a_signature_is_needed_there_is_a_letter_to_print(clock: Clock) -> None:
    """§ 65 II GenG."""
    clock(TODAY)
    house = House(exit_form=Form.WRITTEN)
    client, said = inside(house.anna), {"scope": "all", "reason": "notice"}
    page = client.post(house.url("leave"), said).content.decode()
    assert 'name="paper"' in page and 'name="send"' not in page
    answer = client.post(house.url("leave"), {**said, "paper": "1"})
    assert (answer["Content-Type"], Termination.objects.count()) == ("application/pdf", 0)


def test_who_is_no_member_has_no_page_of_leaving(house: House) -> None:
    for name in ("leave", "transfer"):
        assert Client().get(house.url(name)).status_code == 302
        assert inside(house.board).get(house.url(name)).status_code == 404


def test_a_letter_is_entered_and_confirmed_by_the_pages(house: House) -> None:
    client = inside(house.board)
    said = {"number": house.member.number, "received_on": "2026-09-28", "scope": "single", "quantity": "2", "reason": "notice"}
    answer = client.post(house.url("enter") + "?reason=notice", {**said, "evidence": "Brief"})
    found = Termination.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, house.url("termination", found.uuid))
    for _click in range(2):
        assert client.post(house.url("termination", found.uuid), {"confirm": "1"}).status_code == 302
    found.refresh_from_db()
    assert found.state == State.CONFIRMED
    client.post(house.url("termination", found.uuid), {"back": "1", "b-why": "Irrtum"})
    found.refresh_from_db()
    assert (found.state, found.closed_why) == (State.WITHDRAWN, "Irrtum")


@pytest.mark.parametrize("number", ["", "0", "-3", "99", "abc", "9" * 30])
def test_an_unknown_number_is_said(house: House, number: str) -> None:
    answer = inside(house.board).post(
        house.url("enter"), {"number": number, "received_on": "2026-09-28", "scope": "all", "reason": "notice"}
    )
    assert answer.status_code == 200
    assert 'id="fehler"' in answer.content.decode()


def test_a_number_of_another_cooperative_is_unknown(house: House) -> None:
    other = coops.cooperative("Andere eG")
    coops.statute(other)
    foreign = coops.member(other, coops.office(other))
    type(foreign).objects.filter(pk=foreign.pk).update(number=77)
    said = {"number": 77, "received_on": "2026-09-28", "scope": "all", "reason": "notice"}
    assert inside(house.board).post(house.url("enter"), said).status_code == 200
    assert not Termination.objects.exists()
    mine = house.notice()
    address = f"/genossenschaft/{other.organisation.slug}/austritte/{mine.uuid}/"
    assert inside(coops.office(other)).get(address).status_code == 404
    assert inside(house.board).get(house.url("termination", uuid4())).status_code == 404
    assert inside(house.board).get(house.url("enter") + "?reason=quatsch").status_code == 404


def test_the_board_alone_decides_on_the_page(house: House) -> None:
    found = house.notice()
    client = inside(house.administration)
    assert 'name="confirm"' not in client.get(house.url("termination", found.uuid)).content.decode()
    answer = client.post(house.url("termination", found.uuid), {"confirm": "1"})
    assert answer.status_code == 200  # with the sentence in the form
    found.refresh_from_db()
    assert found.state == State.RECEIVED


def test_a_settlement_is_looked_at_and_booked(house: House, clock: Clock) -> None:
    house.pay(house.member, 1_000_00)
    house.confirmed(house.notice())
    clock(date(2027, 6, 1))
    client, address = inside(house.board), house.url("settlements") + "?am=2026-12-31"
    assert 'name="settle"' not in client.get(address).content.decode()
    said = {"accounts_on": "2027-05-20", "loss": "100,00"}
    looked = client.post(address, {**said, "look": "1"}).content.decode()
    assert "900" in looked and 'name="settle"' in looked
    assert not Payable.objects.exists()
    seen = settlements.preview(house.of, date(2026, 12, 31), 100_00).seen
    for _click in range(2):
        assert client.post(address, {**said, "settle": "1", "seen": seen}).status_code == 302
    assert Payable.objects.get().cents == 900_00
    for wrong in ("2026-13-01", "gestern"):
        assert client.get(house.url("settlements") + f"?am={wrong}").status_code == 400
    for loss in ("-1", "viel", "9" * 30):
        assert client.post(address, {**said, "loss": loss, "settle": "1"}).status_code == 200


def test_a_dissolution_is_shown_before_it_is_carried_out(house: House) -> None:
    house.confirmed(house.notice())
    client, address = inside(house.board), house.url("dissolved")
    assert house.url("termination", Termination.objects.get().uuid) in client.get(address + "?am=2026-09-30").content.decode()
    assert client.post(address, {"dissolved_on": "2026-09-30", "resolution": "GV 3"}).status_code == 200  # not ticked
    assert Termination.objects.get().state == State.CONFIRMED
    assert client.post(address, {"dissolved_on": "2026-09-30", "resolution": "GV 3", "is_sure": "on"}).status_code == 302
    assert Termination.objects.get().state == State.UNDONE


def test_shares_are_transferred_by_the_pages_and_nobody_learns_more_than_they_said(house: House) -> None:
    giver, said = inside(house.anna), {"quantity": "1", "taker_number": house.other.number, "taker_name": "beet"}
    wrong = giver.post(house.url("transfer"), {**said, "taker_name": "Rübe"}).content.decode()
    assert 'id="fehler"' in wrong and "Beet" not in wrong
    shown = giver.post(house.url("transfer"), said).content.decode()
    assert "Anna Beet" not in shown and 'name="send"' in shown
    giver.post(house.url("transfer"), {**said, "send": "1"})
    found = Transfer.objects.get()
    address = house.url("transferring", found.uuid)
    assert inside(coops.person("fremd")).get(address).status_code == 404
    assert "Anna Beet" not in giver.get(address).content.decode()
    taker = inside(house.ben)
    assert "Anna Acker" in taker.get(address).content.decode()
    taker.post(address, {"take": "1", "shown": actions.acceptance(found)})
    board = inside(house.board)
    assert board.post(address, {"agree": "1", "a-effective_on": "2026-09-30"}).status_code == 302
    found.refresh_from_db()
    assert found.state == "done"
    assert house.url("transferring", found.uuid) in giver.get(f"/genossenschaft/{house.slug}/ich/").content.decode()


@pytest.mark.parametrize("name", ["desk", "settlements"])
def test_three_exits_ask_no_more_than_one(house: House, name: str) -> None:
    members = [house.join(shares=1) for _one in range(3)]
    client = inside(house.board)
    address = house.url(name) + ("?am=2026-12-31" if name == "settlements" else "")

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    client.get(address)
    counts: list[Any] = []
    for member in members:
        entered = actions.Entered("notice", date(2026, 9, 1))
        house.confirmed(actions.enter_exit(member, entered, by=house.board)[0])
        counts.append(asked())
    assert counts[0] == counts[2]
    assert counts[2] <= 40


def test_what_waits_is_shown_to_the_board_and_to_who_is_asked(house: House) -> None:
    house.notice()
    giving = actions.Giving(1, house.member, taker_name="Acker")
    actions.want_transfer(house.other, giving, by=house.ben)
    overview = f"/genossenschaft/{house.slug}/"
    assert house.url("desk") in inside(house.board).get(overview).content.decode()
    assert house.url("desk") not in inside(house.anna).get(overview).content.decode()
    found = Transfer.objects.get()
    assert house.url("transferring", found.uuid) in inside(house.anna).get("/mein/").content.decode()
