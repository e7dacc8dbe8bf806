"""Whole stories of entering and editing, in a real browser: a new entry in a few minutes, two people at once, with and without script."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import expect

from allmende.directory.importers import undoing
from allmende.directory.models import Organisation, Role, State
from allmende.people.models import Person
from tests.cast import HAMBURG, organisation
from tests.conftest import DARK, DESK, LOOKS, NO_SCRIPT, PHONE, axe
from tests.editing.cast import looks_after, mill, person, signed_in, words

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EDIT = "/o/alte-muehle-eg/bearbeiten/"


@pytest.fixture
def enter_as(open_page: Callable[..., Any], live_server: Any) -> Callable[..., Any]:
    """A page of somebody who is signed in."""

    def opened(someone: Person, **options: Any) -> Any:
        page = open_page(**options)
        key = signed_in(someone).cookies["allmende_sitzung"].value
        page.context.add_cookies([{"name": "allmende_sitzung", "value": key, "url": live_server.url}])
        return page

    return opened


def type_it_in(page: Any) -> int:
    """Fill the form as somebody would who has it all at hand; gives how many things had to be typed or chosen."""
    typed = {
        "name": "Kornhof eG", "summary": "Getreide aus der Nachbarschaft", "description": "Wir bauen an, mahlen und backen.",
        "place-0-street": "Wallstraße 1", "place-0-postcode": "28195", "place-0-town": "Bremen", "website": "https://kornhof.example",
        "email": "post@kornhof.example", "phone": "0421 123456",
    }  # fmt: skip
    for name, text in typed.items():
        page.locator(f"[name='{name}']").press_sequentially(text)
    page.locator("[name=legal_form]").select_option("eg")
    page.locator("[name=sector]").select_option("food")
    page.locator("[name=show_email]").select_option("public")
    page.locator("[name=consent]").check()
    return len(typed) + 4


@pytest.mark.parametrize("look", ["desk", "phone", "desk-no-script"])
def test_a_new_entry_is_on_the_map_in_few_steps(enter_as: Callable[..., Any], look: str) -> None:
    words()
    anna = person("anna")
    EmailAddress.objects.create(user=anna, email="anna@kornhof.example", verified=True)
    page, began = enter_as(anna, **LOOKS[look]), time.monotonic()
    page.goto("/eintragen/")
    inputs = type_it_in(page)
    if look == "desk":
        expect(page.locator("[data-found]")).to_contain_text("28195 Bremen", timeout=20_000)
        expect(page.locator("[data-map]")).to_be_visible()
    page.locator("button[value=enter]").click()
    page.wait_for_url("**/o/kornhof-eg/eingetragen/")
    print(f"{look}: {inputs} inputs, {time.monotonic() - began:.1f} s without thinking")
    item = Organisation.objects.get()
    assert (item.state, item.email, item.visibility) == (State.PUBLISHED, "post@kornhof.example", {"email": "public"})
    assert inputs <= 13
    page.goto("/o/kornhof-eg/")
    expect(page.locator("h1")).to_have_text("Kornhof eG")


def test_a_similar_entry_shows_while_typing(enter_as: Callable[..., Any]) -> None:
    words()
    organisation("Alte Mühle eG", "Hamburg", HAMBURG)
    page = enter_as(person("anna"))
    page.goto("/eintragen/")
    page.locator("[name=name]").press_sequentially("Alte Mühle eG")
    expect(page.locator("[data-alike] a")).to_have_text("Alte Mühle eG", timeout=20_000)


@pytest.mark.parametrize("script", [True, False])
def test_two_people_edit_at_once(enter_as: Callable[..., Any], script: bool) -> None:
    item, anna, bodo = mill(), person("anna"), person("bodo")
    looks_after(anna, item)
    looks_after(bodo, item, Role.EDITOR)
    look = {} if script else NO_SCRIPT
    one, two = enter_as(anna, **look), enter_as(bodo, **look)
    for page in (one, two):
        page.goto(EDIT)
    one.locator("[name=summary]").fill("Mehl und Brot")
    one.locator("[name=phone]").fill("0421 77")
    one.locator("button[value=save]").click()
    one.wait_for_url("**/o/alte-muehle-eg/")
    two.locator("[name=summary]").fill("Nur Mehl")
    two.locator("[name=website]").fill("https://neu.example")
    two.locator("button[value=save]").click()
    expect(two.locator("main")).to_contain_text("Mehl und Brot")
    expect(two.locator("main")).to_contain_text("Anna")
    two.locator("[value=own]").check()
    two.locator("[name=own-summary]").fill("Mehl, Brot und Kuchen")
    two.locator("form.sheet .btn").first.click()
    two.wait_for_url("**/o/alte-muehle-eg/")
    now = undoing.said(item.pk)
    assert (now["summary"], now["phone"], now["website"]) == ("Mehl, Brot und Kuchen", "0421 77", "https://neu.example")
    two.goto("/o/alte-muehle-eg/verlauf/")
    assert two.locator("ol.rows > li").count() == 3
    two.errors.clear()  # the browser notes the 409


@pytest.mark.parametrize("look", [DESK, DESK | DARK, PHONE, PHONE | DARK], ids=["desk", "desk-dark", "phone", "phone-dark"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(enter_as: Callable[..., Any], look: dict[str, Any]) -> None:
    item, anna, draft = mill(), person("anna", is_caretaker=True), organisation("Entwurf eG", state=State.DRAFT)
    looks_after(anna, item)
    first = item.revisions.get().pk
    page, found = enter_as(anna, **look), {}
    addresses = ["/eintragen/", EDIT, "/eintragen/einladen/", "/o/alte-muehle-eg/vom-netz/", "/o/alte-muehle-eg/verlauf/"]
    addresses += [
        f"/o/{draft.slug}/sichten/",
        f"/o/alte-muehle-eg/verlauf/{first}/",
        f"/o/alte-muehle-eg/verlauf/{first}/wiederherstellen/",
    ]
    addresses += ["/o/alte-muehle-eg/eingetragen/"]

    def judge(name: str) -> None:
        page.wait_for_load_state("networkidle")
        for details in page.locator("main details").all():
            details.evaluate("one => { one.open = true }")
        if (violations := axe(page)) or page.evaluate("document.scrollingElement.scrollWidth > innerWidth"):
            found[name] = violations or ["scrolls sideways"]

    for address in addresses:
        page.goto(address)
        judge(address)
    page.goto("/eintragen/")
    page.locator("[name=website]").fill("nichts")
    page.locator("button[value=enter]").click()
    judge("errors")
    page.goto(EDIT)
    page.locator("[name=summary]").fill("Meins")
    Organisation.objects.filter(pk=item.pk).update(summary="Deins")
    item.revisions.create(set=item.revisions.get().set, before={"summary": "Mehl für alle"}, after={"summary": "Deins"})
    page.locator("button[value=save]").click()
    judge("settle")
    page.errors.clear()
    assert found == {}
