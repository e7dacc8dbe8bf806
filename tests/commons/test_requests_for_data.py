"""Requests to use data: asked in public, answered by organisations, decided with a reason, handed out with a log."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from allmende.commons import actions, letters, rules
from allmende.commons.models import DataRequest, HandOut
from allmende.directory.models import Organisation, Role, Stewardship
from allmende.ground.models import Letter
from allmende.ground.refusals import NotAllowed, Refused
from allmende.people.models import Person
from tests.cast import organisation

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def asked(**more: Any) -> DataRequest:
    values = {"who": "Uni", "purpose": "Forschung " * 8, "fields": ["email", "website"], "email": "forschung@example.org"}
    made = actions.ask_for_data(values | {"until": TODAY() + timedelta(days=90)} | more, language="de")
    return actions.confirm_request(made)


def owner(item: Organisation, name: str) -> Person:
    someone = Person.objects.create_user(f"{name}@example.org")
    Stewardship.objects.create(organisation=item, person=someone, role=Role.OWNER, proof="granted", since=timezone.now())
    return someone


def caretaker() -> Person:
    return Person.objects.create_user("haus@example.org", is_caretaker=True)


def granted(**more: Any) -> tuple[DataRequest, str]:
    one = asked(**more)
    later = timezone.now() + timedelta(days=15)
    one = actions.decide_request(one, grant=True, why="Guter Zweck", by=caretaker(), now=later)
    return one, actions.make_key(one, TODAY())


def fetch(client: Client, key: str) -> Any:
    answer = client.get("/datennutzung/daten.json", headers={"Authorization": f"Bearer {key}"})
    return json.loads(b"".join(answer.streaming_content)) if answer.status_code == 200 else answer.status_code  # type: ignore[attr-defined]


@pytest.mark.parametrize(("level", "answer", "goes"), [
    ("public", None, True), ("public", "agree", True), ("public", "object", False),
    ("stewards", None, False), ("stewards", "agree", True), ("stewards", "object", False), ("network", None, False),
])  # fmt: skip
def test_public_unless_objected_and_the_rest_only_if_agreed(level: str, answer: str | None, goes: bool) -> None:
    assert rules.is_handed_out(level, answer) is goes


def test_only_what_was_agreed_goes_out_and_the_log_says_how_much(client: Client) -> None:
    silent = organisation("Still", email="still@example.org", website="https://still.example")
    agreeing = organisation("Einverstanden", email="ja@example.org", phone="040 1")
    objecting = organisation("Dagegen", email="nein@example.org", website="https://nein.example")
    hidden = organisation("Versteckt", website="https://versteckt.example", visibility={"website": "stewards"})
    organisation("Entwurf", state="draft", email="entwurf@example.org")
    one, key = granted()
    actions.answer_request(one, agreeing, "agree", by=owner(agreeing, "a"))
    actions.answer_request(one, objecting, "object", by=owner(objecting, "b"))
    told = fetch(client, key)
    by_name = {row["name"]: row for row in told["organisations"]}
    assert set(by_name) == {"Still", "Einverstanden", "Versteckt"}
    assert [by_name[name]["email"] for name in ("Still", "Einverstanden", "Versteckt")] == ["", "ja@example.org", ""]
    assert (by_name["Still"]["website"], by_name["Versteckt"]["website"]) == ("https://still.example", "")
    assert by_name["Einverstanden"]["phone"] == ""  # agreed, but not asked for
    assert (HandOut.objects.get().entries, told["entries"]) == (3, 3)
    assert {silent.name, hidden.name} <= set(by_name)
    assert (
        "3 Eintr" in client.get(f"/datennutzung/{one.uuid}/").content.decode()
        or "3 entries" in client.get(f"/en/datennutzung/{one.uuid}/").content.decode()
    )


def test_an_objection_holds_from_the_next_download_on(client: Client) -> None:
    item = organisation("Still")
    one, key = granted()
    assert fetch(client, key)["entries"] == 1
    actions.answer_request(one, item, "object", by=owner(item, "a"))
    assert fetch(client, key)["organisations"] == []


@pytest.mark.parametrize("key", ["", "adn_falsch", "x" * 5000, "ä"])
def test_a_wrong_key_opens_nothing(client: Client, key: str) -> None:
    organisation("Still")
    granted()
    assert client.get("/datennutzung/daten.json", headers={"Authorization": f"Bearer {key}".encode().decode("latin-1")}).status_code == 403
    assert HandOut.objects.count() == 0


def test_a_key_dies_with_a_new_one_with_its_day_and_when_revoked(client: Client) -> None:
    one, old = granted()
    new = actions.make_key(one, TODAY())
    assert (fetch(client, old), fetch(client, new)["entries"]) == (403, 0)
    DataRequest.objects.update(until=TODAY() - timedelta(days=1))
    assert fetch(client, new) == 403
    DataRequest.objects.update(until=TODAY())
    actions.revoke_request(one, why="Missbrauch", by=Person.objects.get(email="haus@example.org"))
    assert fetch(client, new) == 403
    with pytest.raises(Refused):
        actions.make_key(one, TODAY())


def test_nobody_sees_an_unconfirmed_request_and_nobody_grants_too_early(client: Client) -> None:
    made = actions.ask_for_data(
        {"who": "Uni", "purpose": "x" * 50, "fields": [], "email": "f@example.org", "until": TODAY()}, language="de"
    )
    assert client.get(f"/datennutzung/{made.uuid}/").status_code == 404
    one = actions.confirm_request(made)
    assert client.get(f"/datennutzung/{made.uuid}/").status_code == 200
    with pytest.raises(Refused):
        actions.decide_request(one, grant=True, why="Ja", by=caretaker(), now=timezone.now())
    with pytest.raises(NotAllowed):
        actions.decide_request(one, grant=False, why="Nein", by=Person.objects.create_user("fremd@example.org"), now=timezone.now())
    assert actions.confirm_request(one).opened_at == one.opened_at  # the link followed twice


def test_the_way_of_somebody_who_asks(client: Client) -> None:
    form = {"who": "Uni\r\nBcc: x@y.z", "email": "f@example.org", "purpose": "Wir <b>forschen</b> " * 5, "wanted": ["email"]}
    form |= {"until": (TODAY() + timedelta(days=30)).isoformat(), "homepage": ""}
    early = client.post("/datennutzung/anfragen/", form)
    assert early.status_code == 422 and not Letter.objects.exists()
    from django.core import signing

    signer = signing.TimestampSigner(salt="allmende.web.guests")
    from unittest.mock import patch

    with patch("time.time", return_value=timezone.now().timestamp() - 60):
        shown_at = signer.sign("shown")
    assert client.post("/datennutzung/anfragen/", form | {"shown_at": shown_at, "homepage": "spam"}).status_code == 422
    assert client.post("/datennutzung/anfragen/", form | {"shown_at": shown_at}).status_code == 302
    letter, one = Letter.objects.get(), DataRequest.objects.get()
    word = letters.key_of(one)
    assert f"/datennutzung/meine/{word}/"[:40] in letter.body.replace("\n", "")
    own = f"/datennutzung/meine/{word}/"
    assert client.get(own).status_code == 200 and DataRequest.objects.get().state == "unconfirmed"  # a mail scanner changes nothing
    assert client.get(own).headers["Referrer-Policy"] == "same-origin"  # with none, a browser's button comes with "Origin: null"
    client.post(own, {"what": "confirm"})
    assert DataRequest.objects.get().state == "open"
    assert "<b>forschen" not in client.get(f"/datennutzung/{one.uuid}/").content.decode()
    client.post(own, {"what": "withdraw"})
    assert DataRequest.objects.get().state == "withdrawn"
    assert client.get(f"/datennutzung/meine/{word}x/").status_code == 404


def test_addresses_are_forgotten_when_nobody_needs_them() -> None:
    one, _key = granted(until=TODAY() + timedelta(days=1))
    assert actions.forget_addresses(TODAY() + timedelta(days=300)) == 0
    assert actions.forget_addresses(TODAY() + timedelta(days=400)) == 1
    assert DataRequest.objects.get(pk=one.pk).email == ""


def test_strangers_do_not_answer_for_others(client: Client) -> None:
    item = organisation("Still")
    one = asked()
    client.force_login(Person.objects.create_user("fremd@example.org"))
    assert client.post(f"/datennutzung/{one.uuid}/antworten/", {"organisation": item.slug, "answer": "agree"}).status_code == 404
    assert client.post(f"/datennutzung/{one.uuid}/entscheiden/", {"what": "grant", "why": "x"}).status_code == 404
    assert one.answers.count() == 0  # type: ignore[attr-defined]
