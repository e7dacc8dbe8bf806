"""The pages of the books: who comes in, what they show, what they do."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from allmende.constitution.models import Cooperative, OfficeKind
from allmende.directory.models import Role, Stewardship
from allmende.members import actions as members
from allmende.members.models import Membership
from allmende.money import actions, queries
from allmende.money.actions import Line
from allmende.money.models import Account, BankAccount, Booking, BookingKind, Charge, Payable, Reminder, Request
from allmende.people.models import Person
from tests import coops

pytestmark = pytest.mark.django_db
TODAY = localdate()
IBAN = "DE89370400440532013000"


class House:
    """A cooperative with a board, a member with an account, another one, a bank account."""

    def __init__(self) -> None:
        self.of = coops.cooperative()
        self.slug = self.of.organisation.slug
        coops.statute(self.of)
        self.board = coops.office(self.of)
        self.anna = coops.person("anna")
        self.member = coops.member(self.of, self.board, person=self.anna)
        self.other = coops.member(self.of, self.board)
        self.request = Request.objects.get(membership=self.member)
        actions.add_account(self.of, iban=IBAN, bic="COBADEFFXXX", bank="Bank", holder="Gartenwerk eG", by=self.board)

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"money:{name}", args=[self.slug, *args])


@pytest.fixture
def house() -> House:
    return House()


def inside(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


OFFICES = ("money", "fees", "reminders", "payables", "ledger", "balance", "capitals", "capitals_csv", "export", "numbers", "accounts")


def test_the_books_open_for_offices_only(house: House) -> None:
    """Neither guests nor strangers nor members nor who looks after the entry nor the network's caretakers."""
    stranger, steward, caretaker = coops.person("fremd"), coops.person("pflege"), coops.person("netz")
    Stewardship.objects.create(person=steward, organisation=house.of.organisation, role=Role.OWNER, since=timezone.now())
    Person.objects.filter(pk=caretaker.pk).update(is_caretaker=True)
    caretaker.refresh_from_db()
    audit = coops.office(house.of, OfficeKind.AUDIT)
    for name in OFFICES:
        assert Client().get(house.url(name)).status_code == 302
        for nobody in (stranger, steward, caretaker, house.anna):
            assert inside(nobody).get(house.url(name)).status_code == 404, (name, nobody)
        for office in (house.board, audit):
            assert inside(office).get(house.url(name)).status_code == 200, name


def test_a_request_is_seen_by_its_member_and_by_offices(house: House) -> None:
    foreign = Request.objects.get(membership=house.other)
    for name in ("request", "request_code", "request_slip"):
        assert inside(house.anna).get(house.url(name, house.request.uuid)).status_code == 200
        assert inside(house.board).get(house.url(name, house.request.uuid)).status_code == 200
        assert inside(house.anna).get(house.url(name, foreign.uuid)).status_code == 404
        assert inside(coops.person("fremd" + name)).get(house.url(name, house.request.uuid)).status_code == 404


def test_a_member_can_neither_book_nor_withdraw_what_is_asked_for(house: House) -> None:
    anna = inside(house.anna)
    said = {"amount": "250", "booked_on": TODAY.isoformat(), "seen": "25000"}
    assert anna.post(house.url("receive", house.request.uuid), said).status_code == 403
    assert anna.post(house.url("withdraw", house.request.uuid)).status_code == 403
    assert not Booking.objects.exists()


def test_who_only_reads_cannot_write(house: House) -> None:
    audit = inside(coops.office(house.of, OfficeKind.SUPERVISORY))
    said = {"amount": "250", "booked_on": TODAY.isoformat(), "seen": "25000"}
    assert audit.post(house.url("receive", house.request.uuid), said).status_code == 403
    assert audit.post(house.url("fees"), {"label": "Beitrag", "amount": "10", "due_on": TODAY.isoformat()}).status_code == 403
    assert audit.post(house.url("accounts"), {"holder": "X", "iban": IBAN}).status_code == 403
    assert audit.post(house.url("reminders"), {"request": house.request.pk}).status_code == 403
    assert b"Zahlung buchen" not in audit.get(house.url("request", house.request.uuid)).content


def test_a_payment_is_noted_in_parts_and_a_second_click_books_nothing(house: House) -> None:
    board = inside(house.board)
    said = {"amount": "100", "booked_on": TODAY.isoformat(), "reference": "Auszug 7", "seen": "25000"}
    assert board.post(house.url("receive", house.request.uuid), said).status_code == 302
    assert board.post(house.url("receive", house.request.uuid), said).status_code == 409
    assert queries.capital(house.member) == 100_00
    page = board.get(house.url("request", house.request.uuid)).content.decode()
    assert "150,00" in page and "Auszug 7" in page


@pytest.mark.parametrize(
    "said", [{"amount": "-5"}, {"amount": "viel"}, {"amount": ""}, {"booked_on": "2999-01-01"}, {"booked_on": "gestern"}]
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(house: House, said: dict[str, str]) -> None:
    data = {"amount": "100", "booked_on": TODAY.isoformat(), "reference": "<b>x</b>", "seen": "25000"} | said
    answer = inside(house.board).post(house.url("receive", house.request.uuid), data)
    assert answer.status_code == 422 and "&lt;b&gt;x&lt;/b&gt;" in answer.content.decode()
    assert not Booking.objects.exists()


def test_too_much_is_refused(house: House) -> None:
    data = {"amount": "250,01", "booked_on": TODAY.isoformat(), "seen": "25000"}
    assert inside(house.board).post(house.url("receive", house.request.uuid), data).status_code == 409


def test_the_code_and_the_letter_say_what_is_open(house: House) -> None:
    board = inside(house.board)
    code = board.get(house.url("request_code", house.request.uuid))
    assert code["Content-Type"] == "image/svg+xml" and b"style" not in code.content and b"<svg" in code.content
    assert code["Cache-Control"] == "private, no-store"
    assert board.get(house.url("request_slip", house.request.uuid)).content.startswith(b"%PDF")
    actions.receive(house.request, 250_00, booked_on=TODAY, by=house.board)
    assert board.get(house.url("request_code", house.request.uuid)).status_code == 404


def test_fees_have_a_preview_and_are_asked_once(house: House) -> None:
    board = inside(house.board)
    said = {"label": "Beitrag 2026", "amount": "60", "due_on": (TODAY + timedelta(days=20)).isoformat()}
    preview = board.post(house.url("fees"), said)
    assert preview.status_code == 200 and preview.context["count"] == 2 and not Charge.objects.exists()
    asked = said | {"step": "ask", "seen": "2"}
    assert board.post(house.url("fees"), asked).status_code == 302
    assert board.post(house.url("fees"), asked).status_code == 409
    assert Request.objects.filter(kind="fee").count() == 2
    assert queries.balance(house.member, Account.RECEIVABLE) == -60_00
    third = coops.member(house.of, house.board)
    assert board.post(house.url("fees"), said).context["count"] == 1
    assert board.post(house.url("fees"), said | {"step": "ask", "seen": "2"}).status_code == 409
    assert board.post(house.url("fees"), said | {"step": "ask", "seen": "1"}).status_code == 302
    assert Request.objects.get(kind="fee", membership=third).cents == 60_00


def test_a_fee_for_one_member_or_a_group(house: House) -> None:
    board = inside(house.board)
    group = coops.group(house.of)
    later = (TODAY + timedelta(days=20)).isoformat()
    coops.member(house.of, house.board, group=group)
    said = {"label": "Raum", "amount": "5", "due_on": later}
    assert board.post(house.url("fees"), said | {"group": group.pk}).context["count"] == 1
    assert board.post(house.url("fees"), said | {"number": house.other.number}).context["count"] == 1
    assert board.post(house.url("fees"), said | {"number": "999"}).context["count"] == 0
    foreign = coops.group(coops.cooperative("Andere eG"), key="andere")
    assert board.post(house.url("fees"), said | {"group": foreign.pk}).status_code == 422


def test_reminders_are_sent_together_and_not_twice(house: House) -> None:
    board = inside(house.board)
    Request.objects.update(due_on=TODAY - timedelta(days=1))
    pks = list(Request.objects.values_list("pk", flat=True))
    assert len(board.get(house.url("reminders")).context["due"]) == 2
    assert board.post(house.url("reminders"), {"request": pks}).status_code == 302
    assert board.post(house.url("reminders"), {"request": pks}).status_code == 409
    assert sorted(Reminder.objects.values_list("level", "has_mail")) == [(1, False), (1, True)]
    Reminder.objects.update(sent_on=TODAY - timedelta(days=14))
    actions.set_numbers(house.of, by=house.board, reminder_fee_cents=2_50)
    assert board.post(house.url("reminders"), {"request": [pks[0], "x", "9" * 30]}).status_code == 302
    fee = Reminder.objects.get(level=2).fee
    assert fee and (fee.cents, fee.kind) == (2_50, "fee")
    assert board.get(house.url("reminders")).status_code == 200


def owe(house: House, cents: int = 100_00) -> Payable:
    actions.receive(house.request, 250_00, booked_on=TODAY, by=house.board)
    yesterday = TODAY - timedelta(days=1)
    members.end_membership(house.member, ends_on=yesterday, reason="notice", declared_on=yesterday, by=house.board)
    line = Line(BookingKind.SETTLEMENT, Account.CAPITAL, Account.SETTLEMENT, cents, TODAY, house.member)
    return actions.owe(house.member, "settlement", [line], due_on=TODAY, by=house.board)


def test_what_is_owed_is_blocked_released_and_paid_by_hand(house: House) -> None:
    board, owed = inside(house.board), owe(house)
    assert board.get(house.url("payables")).status_code == 200
    assert board.post(house.url("block", owed.uuid), {"reason": "Pfändung <i>"}).status_code == 302
    said = {"amount": "100", "booked_on": TODAY.isoformat(), "seen": "10000"}
    assert board.post(house.url("pay", owed.uuid), said).status_code == 409
    assert "Pfändung &lt;i&gt;" in board.get(house.url("payable", owed.uuid)).content.decode()
    assert "Pfändung" in inside(house.anna).get(house.url("account")).content.decode()
    assert board.post(house.url("block", owed.uuid), {"reason": ""}).status_code == 302
    bookkeeping = inside(coops.office(house.of, OfficeKind.BOOKKEEPING))
    assert bookkeeping.post(house.url("block", owed.uuid), {"reason": "nein"}).status_code == 403
    assert bookkeeping.post(house.url("pay", owed.uuid), said).status_code == 302
    assert bookkeeping.post(house.url("pay", owed.uuid), said).status_code == 409
    assert queries.owed_sum(house.of) == 0
    assert inside(house.anna).get(house.url("payable", owed.uuid)).status_code == 404


def test_a_booking_is_reversed_with_a_reason(house: House) -> None:
    made = actions.receive(house.request, 250_00, booked_on=TODAY, by=house.board)
    board = inside(house.board)
    assert board.post(house.url("booking", made.uuid), {"reason": " "}).status_code == 422
    assert board.post(house.url("booking", made.uuid), {"reason": "falsches Mitglied"}).status_code == 302
    assert board.post(house.url("booking", made.uuid), {"reason": "noch einmal"}).status_code == 409
    assert queries.capital(house.member) == 0 and queries.open_sum(house.of) == 500_00
    assert board.get(house.url("booking", made.uuid)).status_code == 200


def test_the_ledger_is_found_by_account_member_and_day(house: House) -> None:
    actions.receive(house.request, 250_00, booked_on=TODAY, by=house.board)
    board = inside(house.board)

    def shown(query: str) -> int:
        return board.get(house.url("ledger") + query).context["pages"].paginator.count

    assert shown("") == shown("?account=bank") == shown(f"?number={house.member.number}") == shown(f"?first={TODAY}") == 1
    assert shown("?account=fees") == shown(f"?number={house.other.number}") == shown(f"?last={TODAY - timedelta(days=1)}") == 0
    assert shown("?account=unsinn&number=x&first=gestern") == 1


def test_a_bank_account_is_checked_and_the_first_one_stands_on_requests(house: House) -> None:
    board = inside(house.board)
    wrong = board.post(house.url("accounts"), {"holder": "Gartenwerk eG", "iban": "DE8937040044053201300"})
    assert wrong.status_code == 422 and "21" in wrong.content.decode()
    assert board.post(house.url("accounts"), {"holder": "Gartenwerk eG", "iban": "DE89370400440532013001"}).status_code == 422
    assert board.post(house.url("accounts"), {"holder": "G", "iban": "de02 1203 0000 0000 2020 51"}).status_code == 302
    first, second = BankAccount.objects.order_by("pk")
    assert (first.is_default, second.is_default, second.bic) == (True, False, "BYLADEM1001")
    assert board.post(house.url("account_change", first.pk), {"what": "remove"}).status_code == 409
    assert board.post(house.url("account_change", second.pk), {"what": "choose"}).status_code == 302
    assert board.post(house.url("account_change", first.pk), {"what": "remove"}).status_code == 302
    assert queries.default_account(house.of) == second
    other = House.__new__(House)
    other.of = coops.cooperative("Andere eG")
    assert board.post(reverse("money:account_change", args=[other.of.organisation.slug, second.pk])).status_code == 404


def test_the_numbers_of_the_bookkeeping_are_kept(house: House) -> None:
    board = inside(house.board)
    page = board.get(house.url("numbers") + "?chart=skr04").context["form"]
    said = {name: page.initial[name] for name in page.fields if name != "reminder_fee"}
    assert said["account_capital"] == "2901"
    assert board.post(house.url("numbers"), said | {"consultant": "12345", "client": "7"}).status_code == 302
    books = queries.bookkeeping(house.of)
    assert (books.consultant, books.client, books.accounts["bank"]) == (12345, 7, "1800")
    assert board.post(house.url("numbers"), said | {"account_bank": "2901"}).status_code == 422
    assert board.post(house.url("numbers"), said | {"account_bank": "18000"}).status_code == 422
    assert board.post(house.url("numbers"), said | {"account_bank": "=1+1"}).status_code == 422


def test_a_member_reads_the_own_account_and_gets_a_confirmation(house: House) -> None:
    actions.receive(house.request, 250_00, booked_on=TODAY, by=house.board)
    anna = inside(house.anna)
    page = anna.get(house.url("account")).content.decode()
    assert "250,00" in page
    assert anna.get(house.url("certificate", house.member.number)).content.startswith(b"%PDF")
    assert anna.get(house.url("certificate", house.other.number)).status_code == 404
    assert anna.get(house.url("member_account", house.member.number)).status_code == 404
    assert inside(house.board).get(house.url("member_account", house.member.number)).status_code == 200
    assert inside(house.board).get(house.url("account")).status_code == 404
    assert anna.get(house.url("certificate", house.member.number) + "?on=unsinn").status_code == 200


def test_foreign_cooperatives_stay_foreign(house: House) -> None:
    other = coops.cooperative("Andere eG")
    board = inside(coops.office(other))
    made = actions.receive(house.request, 250_00, booked_on=TODAY, by=house.board)
    at = [other.organisation.slug]
    assert board.get(reverse("money:request", args=[*at, house.request.uuid])).status_code == 404
    assert board.post(reverse("money:booking", args=[*at, made.uuid]), {"reason": "x"}).status_code == 404
    assert board.get(reverse("money:member_account", args=[*at, house.member.number])).status_code == 404


@pytest.mark.parametrize("name", ["money", "ledger", "capitals", "reminders"])
def test_lists_ask_as_often_for_three_as_for_one(name: str) -> None:
    def asked(rows: int) -> int:
        of = coops.cooperative(f"Liste {rows} eG")
        coops.statute(of)
        board = coops.office(of)
        for _row in range(rows):
            coops.member(of, board)
        for request in Request.objects.filter(membership__cooperative=of):
            actions.receive(request, 1_00, booked_on=TODAY, by=board)
        Request.objects.update(due_on=TODAY - timedelta(days=1))
        client = inside(board)
        client.get(reverse(f"money:{name}", args=[of.organisation.slug]))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(reverse(f"money:{name}", args=[of.organisation.slug])).status_code == 200
        return len(seen)

    assert asked(1) == asked(3)


def test_what_waits_stands_on_the_overview_and_in_the_own_area(house: House) -> None:
    Request.objects.update(due_on=TODAY - timedelta(days=3))
    overview = inside(house.board).get(reverse("cockpit:cooperative", args=[house.slug])).content.decode()
    assert house.url("money") + "?show=late" in overview
    own = inside(house.anna).get(reverse("people:mine")).content.decode()
    assert house.url("request", house.request.uuid) in own
    theirs = inside(coops.person("fremd")).get(reverse("cockpit:cooperative", args=[house.slug])).content.decode()
    assert "kasse" not in theirs


def kinds_of(of: Cooperative) -> list[str]:
    return [one.kind for one in queries.bookings(of)]


def test_a_page_of_a_member_shows_money_to_the_member_and_to_offices(house: House) -> None:
    page = inside(house.anna).get(reverse("members:own", args=[house.slug])).content.decode()
    assert house.url("request", house.request.uuid) in page
    page = inside(house.board).get(reverse("members:member", args=[house.slug, house.member.number])).content.decode()
    assert house.url("member_account", house.member.number) in page
    assert kinds_of(house.of) == []
    assert Membership.objects.count() == 2
