"""Coming in and going out: what is let through, what is refused, and that a refusal tells nothing."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from allmende.ground.models import Letter
from allmende.ground.outbox import letters_to
from allmende.people import queries
from allmende.people.models import Consent, Person
from tests.people.ways import person

pytestmark = pytest.mark.django_db

PASSWORD = "drei-Felder-und-ein-Weg"
CODE = re.compile(r"^([A-Z]{4}-[A-Z]{4})$", re.M)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


def code_for(email: str) -> str:
    found = CODE.search(letters_to(email)[-1].body)
    assert found
    return found[1]


def register(client: Client, email: str = "anna@example.org", **more: str) -> HttpResponse:
    return client.post("/konto/registrieren/", {"email": email, "agreed": "on"} | more)  # type: ignore[return-value]


def enter(client: Client, email: str, password: str = PASSWORD, **more: str) -> HttpResponse:
    return client.post("/konto/anmelden/", {"login": email, "password": password} | more)  # type: ignore[return-value]


def is_in(client: Client) -> bool:
    return client.get("/mein/").status_code == 200


def body(response: HttpResponse, email: str) -> str:
    """The page without what differs by chance, and without the address that was typed."""
    return TOKEN.sub("", response.content.decode()).replace(email, "ADDRESS")


# ------------------------------------------------------------------------------------------------------------ signing up


def test_nobody_is_in_before_the_address_is_confirmed(client: Client) -> None:
    response = register(client, password1=PASSWORD, name="Anna")
    assert response.headers["Location"] == "/konto/e-mail/bestaetigen/"
    assert not is_in(client)
    code = code_for("anna@example.org")
    cache.clear()  # the next code may come after ten seconds only
    other = Client()  # knowing the password is not enough, and each browser has its own code
    assert enter(other, "anna@example.org").headers["Location"] == "/konto/e-mail/bestaetigen/"
    other.post("/konto/e-mail/bestaetigen/", {"code": code})
    assert not is_in(other)
    client.post("/konto/e-mail/bestaetigen/", {"code": code})
    assert is_in(client)


def test_a_new_account_with_its_consent(client: Client) -> None:
    register(client, email=" Anna@Example.org ", name=" Anna\u202e <b> ")
    client.post("/konto/e-mail/bestaetigen/", {"code": code_for("anna@example.org")})
    assert is_in(client)
    anna = Person.objects.get()
    assert (anna.email, anna.name, anna.language, anna.has_usable_password()) == ("anna@example.org", "Anna <b>", "de", False)
    assert list(Consent.objects.values_list("person", "purpose", "withdrawn_at")) == [(anna.pk, "account", None)]


def test_who_registers_in_english_is_written_to_in_english(client: Client) -> None:
    client.post("/en/konto/registrieren/", {"email": "anna@example.org", "agreed": "on"})
    assert Person.objects.get().language == "en"
    assert letters_to("anna@example.org")[0].language == "en"


def test_without_consent_there_is_no_account(client: Client) -> None:
    response = client.post("/konto/registrieren/", {"email": "anna@example.org"})
    assert response.status_code == 200
    assert b'aria-invalid="true"' in response.content
    assert not Person.objects.exists()
    assert b"checked" not in client.get("/konto/registrieren/").content


@pytest.mark.parametrize(
    "email", ["", "anna", "a@b", "a\r\nBcc: b@c.org@x.org", "anna@example.org\r\nBcc: b@c.org", "x" * 300 + "@example.org"]
)
def test_what_is_no_address_is_refused(client: Client, email: str) -> None:
    assert register(client, email=email).status_code == 200
    assert not Person.objects.exists()
    assert not Letter.objects.exists()


@pytest.mark.parametrize("password", ["kurz", "password123", "0123456789", "anna@example.org"])
def test_weak_passwords_are_refused(client: Client, password: str) -> None:
    assert register(client, password1=password).status_code == 200
    assert not Person.objects.exists()


def test_a_name_like_another_letter_for_letter_is_the_same_address(client: Client) -> None:
    person("karl@example.org")
    for twin in ("KARL@example.org", "\u212aarl@example.org"):
        register(Client(), email=twin)
    assert Person.objects.count() == 1


def test_huge_input_is_a_sentence_not_a_fault(client: Client) -> None:
    assert register(client, name="x" * 100_000).status_code == 200
    assert enter(client, "a@b.org", "x" * 200_000).status_code == 200
    assert register(client, name="x" * 1_100_000).status_code == 413


# ------------------------------------------------------------------------------------------------------------ no telling


def test_signing_up_with_a_known_address_looks_the_same() -> None:
    person("anna@example.org", password=PASSWORD)
    answers = {}
    for email in ("anna@example.org", "neu@example.org"):
        client = Client()
        first = register(client, email=email, password1=PASSWORD)
        answers[email] = (first.status_code, first.headers["Location"], body(client.get(first.headers["Location"]), email))
        wrong = client.post("/konto/e-mail/bestaetigen/", {"code": "AAAA-AAAA"})
        answers[email] += (wrong.status_code, body(wrong, email))
    assert answers["anna@example.org"] == answers["neu@example.org"]
    assert [letter.kind for letter in letters_to("anna@example.org")] == ["account.account_already_exists"]
    assert not CODE.search(letters_to("anna@example.org")[0].body)


@pytest.mark.parametrize(
    ("ask", "field", "then"),
    [
        ("/konto/anmelden/code/", "email", "/konto/anmelden/code/eingeben/"),
        ("/konto/passwort/vergessen/", "email", "/konto/passwort/vergessen/code/"),
    ],
)
def test_asking_for_a_code_tells_nothing(ask: str, field: str, then: str) -> None:
    person("anna@example.org", password=PASSWORD)
    person("zu@example.org", is_active=False)
    answers = []
    for email in ("anna@example.org", "neu@example.org", "zu@example.org"):
        client = Client()
        first = client.post(ask, {field: email})
        wrong = client.post(then, {"code": "AAAA-AAAA"})
        answers.append((first.status_code, first.headers["Location"], body(client.get(then), email), wrong.status_code, body(wrong, email)))
        assert len(letters_to(email)) == 1  # both write a mail, so both take the same way and time
    assert answers[0] == answers[1] == answers[2]


def test_a_wrong_password_and_an_unknown_address_read_the_same() -> None:
    person("anna@example.org", password=PASSWORD)
    pages = [body(enter(Client(), email, "falsch-falsch"), email) for email in ("anna@example.org", "neu@example.org")]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("known", [True, False])
def test_a_password_is_hashed_whether_the_address_is_known_or_not(known: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing takes longer than all the rest: whoever has a watch must not see the difference."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    if known:
        person("anna@example.org", password=PASSWORD)
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, word, salt: hashed.append(word) or encode(self, word, salt))
    register(Client(), password1=PASSWORD)
    assert hashed == [PASSWORD]
    hashed.clear()
    enter(Client(), "anna@example.org", "falsch-falsch")
    assert len(hashed) >= 1


# ------------------------------------------------------------------------------------------------------- who may not come in


def test_services_and_closed_accounts_never_come_in() -> None:
    service = queries.service("import")
    Person.objects.filter(pk=service.pk).update(email="import@example.org")
    service.refresh_from_db()
    service.set_password(PASSWORD)
    service.save()
    closed = person("zu@example.org", password=PASSWORD, is_active=False)
    for who in (service, closed):
        EmailAddress.objects.get_or_create(user=who, email=who.email, defaults={"verified": True, "primary": True})
        client = Client()
        enter(client, who.email)
        assert not is_in(client)
        client.post("/konto/anmelden/code/", {"email": who.email})
        assert not CODE.search(letters_to(who.email)[-1].body)
        client.force_login(who, backend="allmende.people.adapter.Backend")
        assert not is_in(client)


def test_an_account_closed_while_somebody_is_in_is_closed_at_once(client: Client) -> None:
    anna = person("anna@example.org", password=PASSWORD)
    enter(client, anna.email)
    assert is_in(client)
    Person.objects.filter(pk=anna.pk).update(is_active=False)
    assert not is_in(client)


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:evil.example"]
)
def test_next_never_leads_out_of_the_house(client: Client, target: str) -> None:
    person("anna@example.org", password=PASSWORD)
    assert enter(client, "anna@example.org", next=target).headers["Location"] == "/mein/"
    assert client.post("/konto/abmelden/", {"next": target}).headers["Location"] == "/"
    assert client.get("/verwaltung/login/", {"next": target}).headers["Location"] == "/konto/anmelden/?next=%2Fverwaltung%2F"


def test_next_leads_where_one_wanted_to_go(client: Client) -> None:
    person("anna@example.org", password=PASSWORD)
    wanted = client.get("/mein/daten/").headers["Location"]
    assert wanted == "/konto/anmelden/?next=/mein/daten/"
    assert enter(client, "anna@example.org", next="/mein/daten/").headers["Location"] == "/mein/daten/"


def test_caretakers_come_in_by_the_same_door(client: Client) -> None:
    person("anna@example.org", password=PASSWORD, is_caretaker=True, is_superuser=True)
    assert client.get("/verwaltung/", follow=True).redirect_chain[-1][0].startswith("/konto/anmelden/?next=%2Fverwaltung%2F")
    enter(client, "anna@example.org")
    assert client.get("/verwaltung/").status_code == 200


def test_forms_need_their_guard() -> None:
    strict = Client(enforce_csrf_checks=True)
    for address in ("/konto/anmelden/", "/konto/registrieren/", "/konto/abmelden/", "/konto/anmelden/code/", "/konto/passkeys/anmelden/"):
        assert strict.post(address, {}).status_code == 403


def test_a_session_given_by_somebody_else_is_not_kept(client: Client) -> None:
    person("anna@example.org", password=PASSWORD)
    session = client.session
    session["planted"] = True
    session.save()
    before = client.cookies["allmende_sitzung"].value
    enter(client, "anna@example.org")
    assert client.cookies["allmende_sitzung"].value != before


def test_signing_out_takes_a_form_and_ends_the_session(client: Client) -> None:
    person("anna@example.org", password=PASSWORD)
    enter(client, "anna@example.org")
    key = client.cookies["allmende_sitzung"].value
    assert client.get("/konto/abmelden/").status_code == 200
    assert is_in(client)
    client.post("/konto/abmelden/")
    client.cookies["allmende_sitzung"] = key
    assert not is_in(client)


# ------------------------------------------------------------------------------------------------------------------- codes


def test_a_code_counts_once_and_in_its_own_browser() -> None:
    person("anna@example.org")
    mine, foreign = Client(), Client()
    mine.post("/konto/anmelden/code/", {"email": "anna@example.org"})
    code = code_for("anna@example.org")
    foreign.post("/konto/anmelden/code/", {"email": "berta@example.org"})
    foreign.post("/konto/anmelden/code/eingeben/", {"code": code})
    assert not is_in(foreign)
    mine.post("/konto/anmelden/code/eingeben/", {"code": code})
    assert is_in(mine)
    mine.post("/konto/abmelden/")
    mine.post("/konto/anmelden/code/eingeben/", {"code": code})
    assert not is_in(mine)


def test_a_code_ends_after_fifteen_minutes(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from allauth.account.internal.flows import code_verification

    person("anna@example.org")
    client.post("/konto/anmelden/code/", {"email": "anna@example.org"})
    later = (timezone.now() + timedelta(minutes=15, seconds=1)).timestamp()
    monkeypatch.setattr(code_verification.time, "time", lambda: later)
    client.post("/konto/anmelden/code/eingeben/", {"code": code_for("anna@example.org")})
    monkeypatch.undo()
    assert not is_in(client)


def test_three_wrong_codes_and_the_right_one_is_void(client: Client) -> None:
    person("anna@example.org")
    client.post("/konto/anmelden/code/", {"email": "anna@example.org"})
    code = code_for("anna@example.org")
    for _ in range(3):
        client.post("/konto/anmelden/code/eingeben/", {"code": "AAAA-AAAA"})
    client.post("/konto/anmelden/code/eingeben/", {"code": code})
    assert not is_in(client)


def test_a_new_password_by_code_ends_other_sessions() -> None:
    person("anna@example.org", password=PASSWORD)
    old, new = Client(), Client()
    enter(old, "anna@example.org")
    new.post("/konto/passwort/vergessen/", {"email": "ANNA@example.org"})
    new.post("/konto/passwort/vergessen/code/", {"code": code_for("anna@example.org")})
    fresh = "vier-Wege-und-ein-Feld"
    new.post("/konto/passwort/neu/", {"password1": fresh, "password2": fresh})
    assert not is_in(old)
    assert enter(Client(), "anna@example.org").status_code == 200  # the old password shows the form again
    assert enter(Client(), "anna@example.org", fresh).headers["Location"] == "/mein/"
    assert letters_to("anna@example.org")[-1].kind == "account.password_reset"


# ------------------------------------------------------------------------------------------------------------------ limits


def test_guessing_is_slowed_down_and_says_so_in_our_look() -> None:
    person("anna@example.org", password=PASSWORD)
    for _ in range(5):
        assert b"Bereich" not in enter(Client(), "anna@example.org", "falsch-falsch").content
    client = Client()
    enter(client, "anna@example.org")
    assert not is_in(client)  # even the right one waits now
    for _ in range(20):
        response = enter(client, "anna@example.org", "falsch-falsch")
    assert response.status_code == 429
    assert b'class="mast"' in response.content
    assert client.get("/konto/anmelden/").status_code == 200


def test_mails_to_one_address_are_limited() -> None:
    person("anna@example.org")
    for _ in range(8):
        Client().post("/konto/anmelden/code/", {"email": "anna@example.org"})
    assert len(letters_to("anna@example.org")) == 3
    cache.clear()
    answers = [Client().post("/konto/passwort/vergessen/", {"email": "anna@example.org"}).status_code for _ in range(7)]
    assert answers[-1] == 429
    assert len(letters_to("anna@example.org")) == 3 + 5


def test_allauths_own_refusal_of_too_many_has_our_look(client: Client) -> None:
    from allmende.web import errors

    request = client.get("/konto/anmelden/").wsgi_request
    response = errors.too_fast(request)
    assert response.status_code == 429 and b'class="mast"' in response.content


# ---------------------------------------------------------------------------------------------------------------- sessions


def test_of_a_session_only_the_kind_of_device_is_kept(client: Client) -> None:
    person("anna@example.org", password=PASSWORD)
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    client.post(
        "/konto/anmelden/", {"login": "anna@example.org", "password": PASSWORD}, headers={"User-Agent": agent}, REMOTE_ADDR="203.0.113.7"
    )
    assert list(UserSession.objects.values_list("ip", "user_agent")) == [("0.0.0.0", "Firefox, Linux")]
    assert "203.0.113.7" not in client.get("/konto/sitzungen/").content.decode()


def test_ending_all_other_sessions(client: Client) -> None:
    person("anna@example.org", password=PASSWORD)
    other = Client()
    enter(other, "anna@example.org")
    enter(client, "anna@example.org")
    client.post("/konto/sitzungen/")
    assert is_in(client) and not is_in(other)


def test_only_my_own_sessions_are_shown_and_ended(client: Client) -> None:
    person("anna@example.org", password=PASSWORD)
    person("berta@example.org", password=PASSWORD)
    hers = Client()
    enter(hers, "berta@example.org")
    enter(client, "anna@example.org")
    client.post("/konto/sitzungen/")
    assert is_in(hers)


# ------------------------------------------------------------------------------------------------------ changing the address


def test_a_new_address_counts_once_it_is_confirmed(client: Client, as_if_sure: Callable[[Client], None]) -> None:
    anna = person("anna@example.org", password=PASSWORD)
    enter(client, anna.email)
    as_if_sure(client)
    client.post("/konto/e-mail/", {"email": "Neu@Example.org", "action_add": ""})
    anna.refresh_from_db()
    assert anna.email == "anna@example.org"
    client.post("/konto/e-mail/bestaetigen/", {"code": code_for("neu@example.org")})
    anna.refresh_from_db()
    assert anna.email == "neu@example.org"
    assert letters_to("anna@example.org")[-1].kind == "account.email_changed"


def test_somebody_elses_address_cannot_be_taken(client: Client, as_if_sure: Callable[[Client], None]) -> None:
    person("berta@example.org")
    anna = person("anna@example.org", password=PASSWORD)
    enter(client, anna.email)
    as_if_sure(client)
    response: Any = client.post("/konto/e-mail/", {"email": "berta@example.org", "action_add": ""})
    assert response.status_code == 302  # as with a free one
    anna.refresh_from_db()
    assert anna.email == "anna@example.org"
    assert not EmailAddress.objects.filter(user=anna, email="berta@example.org", verified=True).exists()


@pytest.fixture
def as_if_sure() -> Callable[[Client], None]:
    """Note in the session that this client showed a moment ago who it is."""
    from time import time

    def sure(client: Client) -> None:
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time(), "reauthenticated": True}]
        session.save()

    return sure


@pytest.mark.parametrize(
    "address",
    ["/konto/zwei-faktor/app/einrichten/", "/konto/passkeys/neu/", "/konto/zwei-faktor/notfallcodes/neu/", "/mein/daten/herunterladen/",
     "/mein/daten/loeschen/"],
)  # fmt: skip
def test_before_something_sensitive_the_password_is_asked_again(client: Client, address: str) -> None:
    person("anna@example.org", password=PASSWORD)
    enter(client, "anna@example.org")
    for response in (client.get(address), client.post(address, {})):
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/konto/noch-einmal-anmelden/?next=")
    assert client.post("/konto/noch-einmal-anmelden/", {"password": "falsch"}).status_code == 200
    assert client.get(address).status_code == 302


def test_without_a_password_only_a_fresh_sign_in_is_enough(client: Client) -> None:
    anna = person("anna@example.org")
    client.force_login(anna)
    page = client.get("/mein/daten/loeschen/")
    assert page.status_code == 200 and b'name="email"' not in page.content
    client.post("/mein/daten/loeschen/", {"email": anna.email})
    assert Person.objects.filter(pk=anna.pk).exists()
    client.post("/konto/abmelden/")
    client.post("/konto/anmelden/code/", {"email": anna.email})
    client.post("/konto/anmelden/code/eingeben/", {"code": code_for(anna.email)})
    assert b'name="email"' in client.get("/mein/daten/loeschen/").content
