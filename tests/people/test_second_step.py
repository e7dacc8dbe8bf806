"""The second step: apps, recovery codes, passkeys; nothing of one person opens anything of another."""

from time import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client

from allmende.ground.outbox import letters_to
from allmende.people.models import Person
from tests.people.test_sign_in import PASSWORD, enter, is_in
from tests.people.ways import person, sign_in

pytestmark = pytest.mark.django_db


def app_code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time()) // 30)))


@pytest.fixture
def anna() -> Person:
    return person("anna@example.org", password=PASSWORD)


@pytest.fixture
def secret(anna: Person) -> str:
    secret = str(generate_totp_secret())
    TOTP.activate(anna, secret)
    return secret


def test_a_password_alone_is_not_enough_then(client: Client, anna: Person, secret: str) -> None:
    assert enter(client, anna.email).headers["Location"] == "/konto/zwei-faktor/anmelden/"
    assert not is_in(client)
    client.post("/konto/zwei-faktor/anmelden/", {"code": "000000"})
    assert not is_in(client)
    client.post("/konto/zwei-faktor/anmelden/", {"code": app_code(secret)})
    assert is_in(client)


def test_neither_is_a_code_by_mail(client: Client, anna: Person, secret: str) -> None:
    from tests.people.test_sign_in import code_for

    client.post("/konto/anmelden/code/", {"email": anna.email})
    response = client.post("/konto/anmelden/code/eingeben/", {"code": code_for(anna.email)})
    assert response.headers["Location"].startswith("/konto/zwei-faktor/anmelden/")
    assert not is_in(client)


def test_a_code_of_the_app_counts_once(anna: Person, secret: str) -> None:
    code = app_code(secret)
    first, second = Client(), Client()
    for client in (first, second):
        enter(client, anna.email)
        client.post("/konto/zwei-faktor/anmelden/", {"code": code})
    assert is_in(first) and not is_in(second)


def test_a_recovery_code_counts_once(anna: Person, secret: str) -> None:
    code = RecoveryCodes.activate(anna).get_unused_codes()[0]
    first, second = Client(), Client()
    for client in (first, second):
        enter(client, anna.email)
        client.post("/konto/zwei-faktor/anmelden/", {"code": code})
    assert is_in(first) and not is_in(second)


def test_guessing_the_code_is_slowed_down(client: Client, anna: Person, secret: str) -> None:
    enter(client, anna.email)
    for _ in range(6):
        client.post("/konto/zwei-faktor/anmelden/", {"code": "000000"})
    client.post("/konto/zwei-faktor/anmelden/", {"code": app_code(secret)})
    assert not is_in(client)


def test_setting_it_up_gives_recovery_codes_and_a_mail(client: Client, anna: Person, django_capture_on_commit_callbacks: Any) -> None:
    sign_in(client, anna)
    page = client.get("/konto/zwei-faktor/app/einrichten/")
    chosen = client.session["mfa.totp.secret"]
    assert chosen in page.content.decode()
    assert client.post("/konto/zwei-faktor/app/einrichten/", {"code": "000000"}).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/konto/zwei-faktor/app/einrichten/", {"code": app_code(chosen)})
    assert response.headers["Location"] == "/konto/zwei-faktor/notfallcodes/"
    assert [letter.kind for letter in letters_to(anna.email)] == ["account.totp_activated"]
    assert "203.0.113" not in letters_to(anna.email)[0].body
    assert len(client.get("/konto/zwei-faktor/notfallcodes/datei/").content.decode().split()) == 10


def test_switching_it_off_asks_again_who_it_is(anna: Person, secret: str) -> None:
    client = Client()
    client.force_login(anna)
    assert client.post("/konto/zwei-faktor/app/abschalten/").status_code == 302
    assert Authenticator.objects.filter(user=anna, type="totp").exists()
    sign_in(client, anna)
    client.post("/konto/zwei-faktor/app/abschalten/")
    assert not Authenticator.objects.filter(user=anna, type="totp").exists()


def test_a_passkey_of_somebody_else_is_not_there(client: Client, anna: Person) -> None:
    berta = person("berta@example.org")
    key = Authenticator.objects.create(user=berta, type="webauthn", data={"name": "Laptop", "credential": {}})
    sign_in(client, anna)
    for address in (f"/konto/passkeys/{key.pk}/loeschen/", f"/konto/passkeys/{key.pk}/benennen/"):
        assert client.get(address).status_code == 404
        assert client.post(address, {"name": "meins"}).status_code == 404
    assert Authenticator.objects.get(pk=key.pk).data["name"] == "Laptop"


@pytest.mark.parametrize("credential", ["", "{}", "[]", "null", '{"id": "x"}', "kein JSON", '{"id": 1, "response": {}}'])
def test_a_made_up_passkey_opens_nothing(client: Client, credential: str) -> None:
    cache.clear()
    response = client.post("/konto/passkeys/anmelden/", {"credential": credential})
    assert response.status_code == 302
    assert not is_in(client)


def test_asking_to_sign_in_by_passkey_names_nobody(client: Client, anna: Person) -> None:
    Authenticator.objects.create(user=anna, type="webauthn", data={"name": "Laptop", "credential": {}})
    asked = client.get("/konto/passkeys/anmelden/", headers={"Accept": "application/json"}).json()
    assert not asked["request_options"]["publicKey"].get("allowCredentials")
