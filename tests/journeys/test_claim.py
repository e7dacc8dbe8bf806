"""From "is this entry yours?" to looking after it, in a browser: by mail, by invitation with a new account, by two who vouch."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache

from allmende.people.models import Person
from allmende.stewards import actions
from tests.cast import BERLIN, organisation
from tests.conftest import DARK, DESK, NO_SCRIPT, PHONE, axe
from tests.journeys.test_account import PASSWORD, code_for, send
from tests.stewards.cast import coop, held, keeper, path_in_letter, role

NAME = "Alte Mühle eG"


@pytest.fixture(autouse=True)
def fresh(live_server: Any) -> None:
    """A new house whose limits nobody has used up."""
    cache.clear()


def mill() -> Any:
    return organisation(NAME, "Berlin", BERLIN, website="https://www.alte-muehle.example", summary="Ein Haus.")


def sign_up(page: Any, email: str, name: str) -> None:
    """From the page of registering to wherever one wanted to go."""
    page.fill("#id_email", email)
    page.fill("#id_name", name)
    page.fill("#id_password1", PASSWORD)
    page.check("#id_agreed")
    send(page)
    page.fill("#id_code", code_for(email))
    send(page)


@pytest.fixture
def signed_in(open_page: Callable[..., Any], live_server: Any) -> Callable[..., Any]:
    """A page of somebody who is signed in, without the way there."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    def opened(who: Person, **look: Any) -> Any:
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(who.pk), who.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = "allmende.people.adapter.Backend"
        session.save()
        page = open_page(**look)
        page.context.add_cookies([{"name": "allmende_sitzung", "value": str(session.session_key), "url": live_server.url}])
        return page

    return opened


@pytest.mark.parametrize("look", [DESK, PHONE | NO_SCRIPT], ids=["desk", "phone-no-script"])
def test_a_guest_finds_the_entry_signs_up_and_takes_it_over_by_mail(open_page: Callable[..., Any], look: dict[str, Any]) -> None:
    item, page = mill(), open_page(**look)
    page.goto("/o/alte-muehle-eg/")
    with page.expect_navigation():
        page.click("a[href='/o/alte-muehle-eg/uebernehmen/']")
    with page.expect_navigation():
        page.click("main a[href*='/konto/registrieren/']")
    sign_up(page, "anna@example.org", "Anna")
    assert page.url.endswith("/o/alte-muehle-eg/uebernehmen/")
    page.fill("#id_domain-address", "anna@gmx.de")
    send(page, "form:has(#id_domain-address)")
    assert page.locator("[role=alert]").count() == 1 and page.locator("#id_domain-address[aria-invalid]").count() == 1
    page.errors.clear()  # the browser notes that the form came back
    page.fill("#id_domain-address", "anna@alte-muehle.example")
    send(page, "form:has(#id_domain-address)")
    assert "anna@alte-muehle.example" in page.inner_text("main")
    page.goto(path_in_letter("anna@alte-muehle.example", "uebernehmen/"))
    send(page)
    assert page.url.endswith("/o/alte-muehle-eg/") and page.locator("[role=status] .msg.ok").count() == 1
    assert role(item, Person.objects.get(email="anna@example.org")) == "owner"
    assert page.locator("main a[href='/o/alte-muehle-eg/team/']").count() >= 1
    page.goto("/mein/")
    assert NAME in page.inner_text("section[aria-labelledby=meine]")
    _edit_and_confirm(page, item)


def _edit_and_confirm(page: Any, item: Any) -> None:
    """What one takes an entry over for: put it right, and say that all is true."""
    page.goto("/o/alte-muehle-eg/")
    with page.expect_navigation():
        page.click("main a[href='/o/alte-muehle-eg/bearbeiten/']")
    page.fill("[name=summary]", "Ein Haus, das gemeinsam mahlt.")
    send(page, "main form:has([name=summary])")
    assert page.url.endswith("/o/alte-muehle-eg/") and "Ein Haus, das gemeinsam mahlt." in page.inner_text("main")
    with page.expect_navigation():
        page.click("form[action='/o/alte-muehle-eg/bestaetigen/'] button")
    assert item.confirmations.count() == 1
    assert page.locator(".fresh use[href*='fresh-4']").count() == 1


def test_an_invitation_leads_through_registering_back_to_the_team(open_page: Callable[..., Any]) -> None:
    item = mill()
    actions.invite_person(item, "ida@example.org", role="editor", message="Komm dazu", by=keeper(item, "olga"))
    page = open_page()
    page.goto(path_in_letter("ida@example.org", "einladung/"))
    with page.expect_navigation():
        page.click("main a[href*='/konto/registrieren/']")
    sign_up(page, "ida@example.org", "Ida")
    assert "/einladung/" in page.url
    with page.expect_navigation():
        page.click("button[value=accept]")
    assert page.url.endswith("/o/alte-muehle-eg/team/") and "Olga" in page.inner_text("main") and "Ida" in page.inner_text("main")
    assert role(item, Person.objects.get(email="ida@example.org")) == "editor"


def test_two_people_of_two_other_organisations_vouch(signed_in: Callable[..., Any]) -> None:
    item = mill()
    anna = Person.objects.create_user("anna@example.org", name="Anna")
    page = signed_in(anna)
    page.goto("/o/alte-muehle-eg/uebernehmen/")
    page.click("details:has(#id_vouched-message) summary")
    page.fill("#id_vouched-message", "Ich arbeite in der Mühle.")
    with page.expect_navigation():
        page.click("form:has(#id_vouched-message) button")
    link = page.input_value("#link")
    path = "/buergschaft/" + link.split("/buergschaft/")[1]
    for name in ("uwe", "vera"):
        voucher = signed_in(keeper(coop(f"Bei {name}"), name), **PHONE)
        voucher.goto(path)
        voucher.fill("#id_why", "Wir arbeiten zusammen.")
        send(voucher)
        assert voucher.locator(".msg.ok").count() >= 1
    assert role(item, anna) == "owner"


def test_axe_finds_nothing_on_the_pages_of_looking_after_an_entry(signed_in: Callable[..., Any]) -> None:
    item = mill()
    olga, edda = keeper(item, "olga"), keeper(item, "edda", "editor")
    anna = Person.objects.create_user("anna@example.org", name="Anna")
    claim = actions.open_claim(item, by=anna, proof="vouched", message="ich")
    actions.invite_person(item, "ida@example.org", role="editor", by=olga)
    team = "/o/alte-muehle-eg/team/"
    pages = {
        olga: [team, f"{team}{held(item, edda).pk}/", f"{team}einladen/", f"{team}verlassen/", f"/anfrage/{claim.uuid}/", "/mein/"],
        anna: ["/o/alte-muehle-eg/uebernehmen/", f"/buergschaft/{claim.uuid}/", path_in_letter("ida@example.org", "einladung/")],
    }
    found = {}
    for look in (DESK, PHONE | DARK):
        for who, addresses in pages.items():
            page = signed_in(who, **look)
            for address in addresses:
                assert page.goto(address).status == 200
                found[address] = axe(page)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert {address: faults for address, faults in found.items() if faults} == {}
