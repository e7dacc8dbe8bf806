"""A life as a co-owner, in a browser: joining, admission, paying, a further share, notice, settlement, payout; to the cent."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from allmende.banking.models import Creditor
from allmende.constitution.models import Cooperative
from allmende.ground.outbox import letters_to
from allmende.joining.models import Application
from allmende.money.models import Account, BankAccount, Booking, Payable, Request
from allmende.money.queries import balances
from allmende.people.models import Person
from allmende.web import guests
from tests import coops
from tests.banking.scene import CREDITOR, OWN, camt, entry
from tests.conftest import NO_SCRIPT, PHONE
from tests.journeys.conftest import Travels

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = "/genossenschaft/gartenwerk-eg/"
ANNA = "DE89370400440532013000"


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests fill in forms faster than people."""
    monkeypatch.setattr(guests, "FASTEST", -2)


def gardens() -> tuple[Cooperative, Person]:
    """A cooperative that one can join, with shares of 250 euros, an account, and its board."""
    of = coops.cooperative(is_joinable=True, letter_address="Gartenweg 1\n07743 Jena")
    coops.statute(of)
    coops.group(of)
    BankAccount.objects.create(cooperative=of, iban=OWN, bic="BYLADEM1001", holder="Gartenwerk eG", is_default=True)
    Creditor.objects.create(cooperative=of, creditor_id=CREDITOR)
    return of, coops.office(of)


def send(page: Any, button: str = "main form .btn:not(.quiet)") -> None:
    """Press the button and wait for the page that answers."""
    with page.expect_navigation():
        page.locator(button).first.click()


def joins(page: Any, shares: int) -> None:
    """All steps of joining as a person, until the declaration has arrived."""
    page.goto(f"{AT}beitreten/")
    page.locator("main a[href$='angaben/?als=person']").click()
    said = {"given_name": "Änne", "family_name": "Quitte", "street": "Quittenweg 7", "postcode": "07743", "town": "Jena"}
    for name, text in (said | {"email": "quitte@joining.example"}).items():
        page.fill(f"[name={name}]", text)
    send(page)
    page.check("[name=group][value=employees]")
    page.fill("[name=shares]", str(shares))
    send(page)
    expect(page.locator("main")).to_contain_text("Änne Quitte")
    declares(page)
    page.wait_for_url("**/beitreten/antrag/**")


def declares(page: Any) -> None:
    """Acknowledge each duty for itself, then press the button that binds."""
    for tick in page.locator("main form [type=checkbox]").all():
        tick.check()
    send(page)


def admits(board: Any) -> None:
    """The board opens what waits longest, and admits."""
    board.goto(f"{AT}antraege/")
    board.locator("main .rows h3 a").first.click()
    send(board, "main form[action$='/zulassen/'] .btn")
    expect(board.locator("main .rows [name=antrag]")).to_have_count(0)


def links(board: Any, member: Any) -> None:
    """The board sends a link, whoever has it joins account and membership."""
    board.goto(f"{AT}mitglieder/1/")
    for details in board.locator("main details").all():
        details.evaluate("one => { one.open = true }")
    send(board, "button[name=what][value=invite]")
    found = re.search(r"/genossenschaft/\S+/verknuepfen/[^/\s]+/", letters_to("quitte@joining.example")[-1].body)
    assert found
    member.goto(found[0])
    send(member)
    assert member.url.endswith("/ich/")


def pays_by_bank(board: Any, cents: int, day: date) -> None:
    """The board takes over the bank's file and books the line whose code is certain."""
    code = Request.objects.latest("pk").code
    board.goto(f"{AT}bank/")
    file = {"name": "auszug.xml", "mimeType": "text/xml", "buffer": camt(entry(cents, f"Anteile {code}", day=day))}
    board.set_input_files("[name=file]", file)
    send(board, "form[enctype] .btn")
    send(board, "form[action$='/sichere/'] .btn")


def pays_by_hand(board: Any) -> None:
    """The board notes the payment of what was asked for last; amount and day are filled in already."""
    board.goto(f"{AT}kasse/forderung/{Request.objects.latest('pk').uuid}/")
    send(board, "form[action$='/zahlung/'] .btn")


def takes_a_further_share(member: Any) -> None:
    """§ 15b: possible since the earlier ones are paid."""
    member.goto(f"{AT}ich/anteile/")
    member.fill("[name=anteile]", "1")
    send(member)
    declares(member)


def gives_notice(member: Any) -> None:
    """First the day, then the words."""
    member.goto(f"{AT}ich/kuendigen/")
    member.check("[name=scope][value=all]")
    send(member)
    expect(member.locator("main .tally")).to_contain_text("31. Dezember 2025")
    expect(member.locator("main .tally")).to_contain_text("750 €")
    send(member, "button[name=send]")


def settles(board: Any) -> None:
    """Work out all exits of the day with the accounts approved, look, and book them."""
    board.goto(f"{AT}austritte/")
    board.locator("aside a[href*='abrechnung/?am=2025-12-31']").click()
    for button in ("button[name=look]", "button[name=settle]"):
        expect(board.locator("main tfoot")).to_contain_text("750 €")
        board.fill("[name=accounts_on]", "2026-04-10")
        send(board, button)


def pays_out(board: Any) -> None:
    """An order for the bank, its file, and the word that the bank has done it."""
    board.goto(f"{AT}bank/auszahlungen/")
    expect(board.locator("main table")).to_contain_text("750,00")
    send(board, "main form[method=post] .btn.solid")
    with board.expect_download() as download:
        board.locator("form[action$='/datei/'] .btn").first.click()
    text = download.value.path().read_text()
    assert ('<InstdAmt Ccy="EUR">750.00</InstdAmt>' in text, ANNA in text) == (True, True)
    board.reload()
    send(board, "form[action$='/ausgefuehrt/'] .btn")


def held(of: Cooperative, day: date) -> dict[str, int]:
    """What stands on the accounts, without those that are empty."""
    found = {account: sum(balances(of, account, day).values()) for account in (Account.CAPITAL, Account.SETTLEMENT)}
    return {str(account): cents for account, cents in found.items() if cents}


def test_a_life_as_a_co_owner(open_page: Callable[..., Any], sign_in: Callable[..., None], travels: Travels) -> None:
    travels.to(date(2025, 3, 3))
    of, chair = gardens()
    anna = coops.person("anna")
    member, board = open_page(**PHONE), open_page()
    sign_in(board, chair)

    joins(member, shares=2)
    admits(board)
    sign_in(member, anna)
    links(board, member)
    member.goto(f"{AT}ich/anteile/")
    expect(member.locator("main")).to_contain_text("250 €")  # § 15b: all but the last have to be paid before
    expect(member.locator("[name=anteile]")).to_have_count(0)

    pays_by_bank(board, 500_00, date(2025, 3, 2))
    takes_a_further_share(member)
    admits(board)
    pays_by_hand(board)
    member.goto(f"{AT}ich/konto/")
    expect(member.locator("main .tally")).to_contain_text("750,00")
    board.goto(f"{AT}mitglieder/")
    expect(board.locator("main tbody .num")).to_have_text(["3"])
    assert held(of, date(2025, 3, 3)) == {"capital": 750_00}

    travels.to(date(2025, 5, 5))
    sign_in(member, anna)
    sign_in(board, chair)
    member.goto(f"{AT}ich/mandat/")
    member.fill("[name=konto-iban]", ANNA)
    member.fill("[name=konto-holder]", "Änne Quitte")
    send(member, "form[action$='/auszahlungskonto/'] .btn")
    gives_notice(member)
    board.goto(f"{AT}austritte/")
    board.locator("main tbody th a").first.click()
    send(board, "button[name=confirm]")

    travels.to(date(2026, 4, 15))
    sign_in(member, anna)
    sign_in(board, chair)
    settles(board)
    member.goto(f"{AT}ich/konto/")
    expect(member.locator("main .tally")).to_contain_text("750,00")
    assert held(of, date(2026, 4, 15)) == {"settlement": 750_00}

    travels.to(date(2026, 6, 30))  # § 73: six months after the exit
    sign_in(member, anna)
    sign_in(board, chair)
    pays_out(board)
    board.goto(f"{AT}kasse/auszahlungen/{Payable.objects.get().uuid}/")
    expect(board.locator("main")).to_contain_text("750,00")
    member.goto(f"{AT}ich/konto/")
    expect(member.locator("main tbody tr")).to_have_count(5)  # paid twice, from capital to settlement, paid out
    expect(member.locator("main .tally")).not_to_contain_text("750,00")
    assert Booking.objects.count() == 4
    assert held(of, date(2025, 12, 31)) == {"capital": 750_00}
    assert held(of, date(2026, 6, 30)) == {}


def test_joining_works_to_the_end_without_script(open_page: Callable[..., Any]) -> None:
    gardens()
    page = open_page(**NO_SCRIPT)
    joins(page, shares=1)
    assert page.locator("main ol.line li.done").count() == 1
    assert list(Application.objects.values_list("family_name", "shares", "state")) == [("Quitte", 1, "declared")]
