"""The whole life of an account, in a browser: register, second step, passkey, take one's data along, erase."""

import json
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from time import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache

from allmende.ground.outbox import letters_to
from allmende.people.models import Consent, Person
from tests.conftest import DARK, DESK, NO_SCRIPT, PHONE, axe

EMAIL, PASSWORD = "anna@example.org", "drei-Felder-und-ein-Weg"
CODE = re.compile(r"^([A-Z]{4}-[A-Z]{4})$", re.M)


def code_for(email: str) -> str:
    """The code in the last letter to this address."""
    found = CODE.search(letters_to(email)[-1].body)
    assert found, letters_to(email)[-1].body
    return found[1]


def app_code(secret: str) -> str:
    """What the app on the telephone would show now."""
    return str(format_hotp_value(hotp_value(secret, int(time()) // 30)))


def send(page: Any, form: str = "main form:has(.btn:not(.quiet))") -> None:
    """Send the form by its button and wait for the next page."""
    with page.expect_navigation():
        page.locator(f"{form} button:not(.quiet)").first.click()


def register(page: Any) -> None:
    page.goto("/")
    page.click("header a[href*='/konto/anmelden/']")
    page.click("main a[href*='/konto/registrieren/']")
    page.fill("#id_email", EMAIL)
    page.fill("#id_name", "Anna")
    page.fill("#id_password1", PASSWORD)
    page.check("#id_agreed")
    send(page)
    page.fill("#id_code", code_for(EMAIL))
    send(page)
    assert page.url.endswith("/mein/")


def sign_out(page: Any) -> None:
    page.goto("/mein/")
    with page.expect_navigation():
        page.click("form[action='/konto/abmelden/'] button")
    assert page.locator("header a[href*='/konto/anmelden/']").count() == 1


def sign_in(page: Any) -> None:
    page.goto("/konto/anmelden/?next=/mein/daten/")
    page.fill("#id_login", EMAIL)
    page.fill("#id_password", PASSWORD)
    send(page)


def show_it_is_me(page: Any) -> None:
    """The password once more, where the page asks for it."""
    if "/noch-einmal" in page.url:
        page.goto(
            page.url.replace("zwei-faktor/noch-einmal", "noch-einmal-anmelden").replace("passkeys/noch-einmal", "noch-einmal-anmelden")
        )
        page.fill("#id_password", PASSWORD)
        send(page)


def set_up_app(page: Any) -> str:
    page.goto("/konto/zwei-faktor/app/einrichten/")
    show_it_is_me(page)
    secret = page.inner_text("figcaption code")
    page.fill("#id_code", app_code(secret))
    send(page)
    assert page.url.endswith("/konto/zwei-faktor/notfallcodes/")
    assert page.locator(".receipt li").count() == 10
    return str(secret)


@pytest.mark.django_db(transaction=True)
def test_an_account_from_the_first_day_to_the_last(page: Any) -> None:
    cache.clear()
    register(page)
    person = Person.objects.get(email=EMAIL)
    assert (person.name, person.language, Consent.objects.filter(person=person).count()) == ("Anna", "de", 1)

    secret = set_up_app(page)
    sign_out(page)
    cache.clear()  # a code counts once, and the next one comes after half a minute
    sign_in(page)
    assert page.url.endswith("/konto/zwei-faktor/anmelden/")
    page.fill("#id_code", app_code(secret))
    send(page)
    assert page.url.endswith("/mein/daten/")

    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto("/konto/passkeys/neu/")
    show_it_is_me(page)
    page.fill("#id_name", "Laptop")
    page.check("#id_passwordless")
    with page.expect_navigation():
        page.click("#passkey-knopf")
    sign_out(page)
    page.goto("/konto/anmelden/")
    with page.expect_navigation(url="**/mein/"):
        page.click("#passkey-knopf")

    page.goto("/mein/daten/herunterladen/")
    show_it_is_me(page)
    with page.expect_download() as waiting:
        page.click("main form .btn:not(.quiet)")
    with zipfile.ZipFile(waiting.value.path()) as file:
        assert json.loads(file.read("account.json"))[0]["email"] == EMAIL
        assert {one["name"] for one in json.loads(file.read("sign-in.json")) if one["kind"] == "webauthn"} == {"Laptop"}

    page.goto("/mein/daten/loeschen/")
    show_it_is_me(page)
    page.fill("#id_email", EMAIL)
    with page.expect_navigation(url="**/konto-geloescht/"):
        page.click(".btn.stop")
    assert not Person.objects.filter(email=EMAIL).exists()
    assert [letter.kind for letter in letters_to(EMAIL)] == ["account.erased"]
    page.goto("/mein/")
    assert "/konto/anmelden/" in page.url


@pytest.mark.django_db(transaction=True)
def test_everything_but_passkeys_works_without_javascript(open_page: Callable[..., Any]) -> None:
    cache.clear()
    page = open_page(**DESK, **NO_SCRIPT)
    register(page)
    sign_out(page)
    page.goto("/konto/anmelden/code/")
    page.fill("#id_email", EMAIL.upper())
    send(page)
    page.fill("#id_code", code_for(EMAIL).lower().replace("-", " "))
    send(page)
    assert page.url.endswith("/mein/")
    page.goto("/mein/daten/loeschen/")
    show_it_is_me(page)
    page.fill("#id_email", "jemand@anderes.example")
    send(page, "main form:has(.btn.stop)")
    assert page.locator("[aria-invalid=true]").count() == 1
    assert page.title().startswith(("Fehler:", "Error:"))
    page.fill("#id_email", EMAIL)
    send(page, "main form:has(.btn.stop)")
    assert page.url.endswith("/konto-geloescht/")


LOOKS = {"desk": DESK, "phone-dark": PHONE | DARK}  # each width and each ground once: thirty pages take their time
FOR_GUESTS = ("anmelden/", "registrieren/", "anmelden/code/", "passwort/vergessen/", "gesperrt/", "extern/abgebrochen/", "extern/fehler/")
FOR_MEMBERS = (
    "/mein/", "/mein/mitteilungen/", "/mein/einstellungen/", "/mein/daten/", "/mein/daten/herunterladen/", "/mein/daten/loeschen/",
    "/mein/einwilligungen/", "/konto/abmelden/", "/konto/e-mail/", "/konto/passwort/", "/konto/zwei-faktor/",
    "/konto/zwei-faktor/notfallcodes/", "/konto/zwei-faktor/notfallcodes/neu/", "/konto/zwei-faktor/app/abschalten/",
    "/konto/passkeys/", "/konto/passkeys/neu/", "/konto/sitzungen/", "/konto/extern/", "/konto/noch-einmal-anmelden/",
    "/konto/zwei-faktor/noch-einmal/",
)  # fmt: skip


def look_at(page: Any, found: dict[str, list[str]], name: str) -> None:
    if shots := os.environ.get("SCREENSHOTS"):
        width = page.viewport_size["width"]
        page.screenshot(path=str(Path(shots) / f"{name.strip('/').replace('/', '_')}-{width}.png"), full_page=True)
    if violations := axe(page):
        found[name] = violations
    if (width := page.evaluate("document.scrollingElement.scrollWidth")) > page.viewport_size["width"]:
        found[f"{name} is {width} wide"] = []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_the_pages_of_an_account(open_page: Callable[..., Any], look: str) -> None:
    from allmende.people.actions import tell

    cache.clear()
    page, found = open_page(**LOOKS[look]), {}
    for address in FOR_GUESTS:
        page.goto(f"/konto/{address}")
        look_at(page, found, f"/konto/{address}")
    page.errors.clear()  # the browser notes that one of them is a refusal (401)
    page.goto("/konto-geloescht/")
    look_at(page, found, "auf Wiedersehen")
    page.goto("/konto/anmelden/code/")
    page.fill("#id_email", "niemand@example.org")
    send(page)
    look_at(page, found, "code")
    page.goto("/konto/registrieren/")
    page.fill("#id_email", "kein Adresse")
    send(page)
    look_at(page, found, "registrieren mit Fehlern")
    register(page)
    person = Person.objects.get(email=EMAIL)
    for subject in ("Der Eintrag wurde bestätigt", "Ein Vorschlag wartet"):
        tell(person, kind="stewards.said", subject=subject, text="Ein Satz dazu.\nUnd noch einer.", path="/o/haus-eg/")
    page.goto("/konto/zwei-faktor/app/einrichten/")
    show_it_is_me(page)
    look_at(page, found, "app einrichten")
    set_up_app(page)
    look_at(page, found, "notfallcodes")
    for address in FOR_MEMBERS:
        page.goto(address)
        show_it_is_me(page) if "noch-einmal" not in address else None
        look_at(page, found, address)
    sign_out(page)
    sign_in(page)
    look_at(page, found, "zweiter Schritt")
    assert found == {}
