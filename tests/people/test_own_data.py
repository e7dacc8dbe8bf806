"""One's own data: correcting, consents, taking along; never anybody else's."""

import csv
import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from allmende.ground.models import Letter
from allmende.ground.refusals import NotAllowed, Refused
from allmende.people import actions, export, personal, queries, rules
from allmende.people.models import Consent, Person
from tests.people.ways import person, sign_in

pytestmark = pytest.mark.django_db

PAGES = (
    "/mein/", "/mein/mitteilungen/", "/mein/einstellungen/", "/mein/daten/", "/mein/daten/herunterladen/", "/mein/daten/loeschen/",
    "/mein/einwilligungen/", "/konto/e-mail/", "/konto/passwort/", "/konto/zwei-faktor/", "/konto/passkeys/", "/konto/sitzungen/",
)  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_guests_are_asked_to_sign_in(client: Client, address: str) -> None:
    for answer in (client.get(address), client.post(address, {})):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/konto/anmelden/")


@pytest.mark.parametrize("address", PAGES)
def test_every_page_of_mine_opens(client: Client, address: str) -> None:
    client = sign_in(client, person(password="drei-Felder-und-ein-Weg"))
    assert client.get(address).status_code == 200
    assert client.get("/en" + address).status_code == 200


def test_nobody_changes_anybody_else() -> None:
    anna, berta = person(), person("berta@example.org")
    consent = actions.give_consent(anna, by=anna)
    for attempt in (
        lambda: actions.correct(anna, name="X", language="de", by=berta),
        lambda: actions.give_consent(anna, by=berta),
        lambda: actions.withdraw_consent(anna, consent.pk, by=berta),
        lambda: actions.erase(anna, by=berta),
        lambda: actions.erase(anna, by=person("chef@example.org", is_caretaker=True, is_superuser=True)),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert Person.objects.filter(pk=anna.pk).exists()


def test_name_and_language_are_corrected_at_once(client: Client) -> None:
    anna = person()
    sign_in(client, anna)
    client.post("/mein/daten/", {"name": " Anna\r\nMüller ", "language": "en"})
    anna.refresh_from_db()
    assert (anna.name, anna.language) == ("Anna Müller", "en")
    assert client.post("/mein/daten/", {"name": "", "language": "xx"}).status_code == 200
    anna.refresh_from_db()
    assert anna.language == "en"


def test_only_name_and_language_are_open_to_the_form(client: Client) -> None:
    anna = person()
    sign_in(client, anna)
    client.post("/mein/daten/", {"name": "A", "language": "de", "is_caretaker": "on", "is_superuser": "1", "email": "x@example.org"})
    anna.refresh_from_db()
    assert (anna.is_caretaker, anna.is_superuser, anna.email) == (False, False, "anna@example.org")


# ---------------------------------------------------------------------------------------------------------------- consents


def test_consents_carry_version_and_both_moments(client: Client) -> None:
    anna = person()
    sign_in(client, anna)
    assert "msg warn" in client.get("/mein/").content.decode()
    client.post("/mein/einwilligungen/")
    client.post("/mein/einwilligungen/")
    consent = Consent.objects.get(person=anna)
    assert (consent.version, consent.withdrawn_at) == (rules.AGREEMENT, None)
    assert "msg warn" not in client.get("/mein/").content.decode()
    client.post(f"/mein/einwilligungen/{consent.pk}/widerrufen/")
    consent.refresh_from_db()
    assert consent.withdrawn_at is not None and consent.withdrawn_at >= consent.given_at
    assert not queries.agreed(anna)
    with pytest.raises(Refused):
        actions.withdraw_consent(anna, consent.pk, by=anna)
    actions.give_consent(anna, by=anna)
    assert Consent.objects.filter(person=anna).count() == 2


def test_a_new_version_is_asked_for_without_a_wall(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    anna = person()
    actions.give_consent(anna, by=anna)
    monkeypatch.setattr(rules, "AGREEMENT", "2099-01")
    page = sign_in(client, anna).get("/mein/")
    assert page.status_code == 200 and "msg warn" in page.content.decode()


def test_somebody_elses_consent_is_not_there(client: Client) -> None:
    berta = person("berta@example.org")
    consent = actions.give_consent(berta, by=berta)
    assert sign_in(client, person()).post(f"/mein/einwilligungen/{consent.pk}/widerrufen/").status_code == 404
    assert queries.agreed(berta)


# ------------------------------------------------------------------------------------------------------------- taking along


def opened(packed: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        assert file.testzip() is None
        return {name: file.read(name).decode() for name in file.namelist()}


def test_everything_about_me_and_nothing_about_others() -> None:
    anna, berta = person(name="Anna"), person("berta@example.org", name="Berta")
    for who in (anna, berta):
        actions.give_consent(who, by=who)
        actions.tell(who, kind="stewards.said", subject=f"Für {who.name}", text="Satz", path="/mein/")
    files = opened(export.archive(anna, timezone.now()))
    assert {f"{name}.json" for name in personal.AREAS} | {"README.txt"} <= set(files)
    assert json.loads(files["account.json"])[0]["name"] == "Anna"
    assert [row["subject"] for row in json.loads(files["told.json"])] == ["Für Anna"]
    assert list(csv.DictReader(io.StringIO(files["consents.csv"].removeprefix("\ufeff"))))[0]["version"] == rules.AGREEMENT
    assert "Berta" not in "".join(files.values()) and "berta@" not in "".join(files.values())


def test_what_opens_the_account_is_left_out(client: Client) -> None:
    from allauth.mfa.totp.internal.auth import TOTP

    anna = person(password="drei-Felder-und-ein-Weg")
    TOTP.activate(anna, "JBSWY3DPEHPK3PXP")
    client.post("/konto/anmelden/code/", {"email": anna.email})
    code = Letter.objects.get().body.splitlines()[2]
    text = "".join(opened(export.archive(anna, timezone.now())).values())
    assert len(code) == 9 and code not in text
    assert "JBSWY3DPEHPK3PXP" not in text and anna.password not in text


def test_tables_hold_no_formulas() -> None:
    anna = person(name="=HYPERLINK(0)")
    files = opened(export.archive(anna, timezone.now()))
    assert "'=HYPERLINK(0)" in files["account.csv"]
    assert json.loads(files["account.json"])[0]["name"] == "=HYPERLINK(0)"


def test_the_file_is_a_zip_for_me_alone(client: Client) -> None:
    sign_in(client, person())
    response = client.post("/mein/daten/herunterladen/")
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="allmende-')
    assert "private" in response.headers["Cache-Control"]
    assert "account.json" in opened(response.content)


def test_downloads_are_limited(client: Client) -> None:
    sign_in(client, person())
    assert [client.post("/mein/daten/herunterladen/").status_code for _ in range(4)] == [200, 200, 200, 429]
