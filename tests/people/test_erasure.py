"""Forgetting a person: all of it or nothing, what stays is said, and whoever is needed is told what to do first."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models
from django.test import Client

from allmende.ground import outbox, trail
from allmende.ground.models import Entry, Letter
from allmende.ground.outbox import letters_to
from allmende.ground.refusals import Refused
from allmende.people import actions, letters, personal
from allmende.people.models import Consent, MailChoice, Notice, Person
from tests.people.ways import person, sign_in

pytestmark = pytest.mark.django_db

TABLES: tuple[Any, ...] = (
    Person, Notice, Consent, MailChoice, Letter, Entry, EmailAddress, Authenticator, SocialAccount, UserSession, Session,
)  # fmt: skip


def full(email: str = "anna@example.org") -> Person:
    """Somebody about whom every table knows something."""
    who = person(email, password="drei-Felder-und-ein-Weg", name="Anna")
    actions.give_consent(who, by=who)
    actions.tell(who, kind="stewards.said", subject="Etwas", text="Satz")
    actions.choose_mail({"stewards": False}, by=who)
    outbox.post(to=who.email, subject="Ohne Person", text="Aber an die Adresse")
    Client().post("/konto/anmelden/", {"login": who.email, "password": "drei-Felder-und-ein-Weg"})
    Authenticator.objects.create(user=who, type="webauthn", data={"name": "Laptop", "credential": {}})
    Client().post("/konto/anmelden/", {"login": who.email, "password": "drei-Felder-und-ein-Weg"})  # waits for the second step
    SocialAccount.objects.create(user=who, provider="oidc", uid=email)
    return who


def rows() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in TABLES}


def test_nothing_of_a_person_is_left_but_what_was_named() -> None:
    berta = full("berta@example.org")
    before = rows()
    anna = full()
    kept = actions.erase(anna, by=anna)
    assert {one.what for one in kept} >= {one.what for one in personal.what_stays(berta)}
    assert not Person.objects.filter(email="anna@example.org").exists()
    after = rows()
    assert {name: count for name, count in after.items() if name not in {"ground.Entry", "ground.Letter"}} == {
        name: count for name, count in before.items() if name not in {"ground.Entry", "ground.Letter"}
    }
    assert [letter.kind for letter in letters_to("anna@example.org")] == ["account.erased"]
    assert letters_to("anna@example.org")[0].person_id is None
    assert not Entry.objects.filter(verb="people.consent_given", by=None, about=str(berta.pk)).exists()
    assert "Anna" not in str(list(Entry.objects.values())) and "anna@" not in str(list(Entry.objects.values()))


def crash(*args: Any, **options: Any) -> None:
    raise RuntimeError("The machine stopped.")


STEPS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "the trail": lambda patch: patch.setattr(trail, "record", crash),
    "ending sessions": lambda patch: patch.setattr(actions, "end_sessions", crash),
    "the person": lambda patch: patch.setattr(Person, "delete", crash),
    "the last mail": lambda patch: patch.setattr(letters, "goodbye", crash),
    **{
        f"forgetting {name}": lambda patch, name=name, order=order: patch.setitem(personal.FORGETS, name, (order, crash))  # type: ignore[misc]
        for name, (order, _way) in personal.FORGETS.items()
    },
}


@pytest.mark.parametrize("step", STEPS)
def test_a_crash_at_any_step_leaves_everything(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    anna = full()
    before = rows()
    STEPS[step](monkeypatch)
    with pytest.raises(RuntimeError):
        actions.erase(anna, by=anna)
    monkeypatch.undo()
    assert rows() == before
    actions.erase(anna, by=anna)
    assert not Person.objects.filter(pk=anna.pk).exists()


@pytest.mark.parametrize("table", [Notice, MailChoice, Consent, EmailAddress, Authenticator, SocialAccount, UserSession, Letter])
def test_a_crash_after_any_delete_leaves_everything(table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    anna = full()
    before = rows()
    delete = models.QuerySet.delete

    def stop(self: Any) -> Any:
        done = delete(self)
        if self.model is table:
            raise RuntimeError("The machine stopped.")
        return done

    monkeypatch.setattr(models.QuerySet, "delete", stop)
    with pytest.raises(RuntimeError):
        actions.erase(anna, by=anna)
    monkeypatch.undo()
    assert rows() == before


def test_the_only_caretaker_is_told_what_to_do_first(client: Client) -> None:
    chief = person("chef@example.org", is_caretaker=True, is_superuser=True)
    with pytest.raises(Refused, match="/verwaltung/"):
        actions.erase(chief, by=chief)
    sign_in(client, chief)
    page = client.get("/mein/daten/loeschen/").content.decode()
    assert "/verwaltung/" in page and 'name="email"' not in page
    assert client.post("/mein/daten/loeschen/", {"email": chief.email}).status_code == 200
    assert Person.objects.filter(pk=chief.pk).exists()
    person("zwei@example.org", is_caretaker=True, is_superuser=True)
    actions.erase(chief, by=chief)


def test_a_room_can_stop_it_before_anything_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    anna = full()
    before = rows()
    monkeypatch.setitem(personal.BLOCKS, "beispiel", lambda who: ["Gib zuerst den Schlüssel ab.", "Und die Kasse."])
    with pytest.raises(Refused, match=r"Gib zuerst den Schlüssel ab\. Und die Kasse\."):
        actions.erase(anna, by=anna)
    assert rows() == before


def test_the_page_asks_for_the_address_and_then_says_goodbye(client: Client) -> None:
    anna = full()
    other = Client()
    other.post("/konto/anmelden/", {"login": anna.email, "password": "drei-Felder-und-ein-Weg"})
    sign_in(client, anna)
    page = client.get("/mein/daten/loeschen/").content.decode()
    assert all(one.what.replace("'", "&#x27;") in page for one in personal.kept(anna))
    assert client.post("/mein/daten/loeschen/", {"email": "jemand@example.org"}).status_code == 200
    assert Person.objects.filter(pk=anna.pk).exists()
    response = client.post("/mein/daten/loeschen/", {"email": " ANNA@Example.org "})
    assert response.headers["Location"] == "/konto-geloescht/"
    assert client.get("/konto-geloescht/").status_code == 200
    assert client.get("/mein/").status_code == other.get("/mein/").status_code == 302
    assert not Session.objects.filter(session_key=other.cookies["allmende_sitzung"].value).exists()


def test_whoever_is_gone_can_come_back_as_somebody_new(client: Client) -> None:
    anna = full()
    actions.erase(anna, by=anna)
    client.post("/konto/registrieren/", {"email": "anna@example.org", "agreed": "on"})
    assert Person.objects.get(email="anna@example.org").pk != anna.pk


def test_every_table_that_names_a_person_says_how_it_forgets() -> None:
    """A row that would stand in the way (PROTECT, RESTRICT) needs its room's `forgets`; a room with own rows needs `knows`."""
    silent = []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey | models.OneToOneField) or field.related_model is not Person:
                continue
            room = model._meta.app_label
            gives_way = field.remote_field.on_delete in {models.CASCADE, models.SET_NULL}
            if not gives_way and room not in personal.FORGETS:
                silent.append(f"{model._meta.label}.{field.name} stands in the way")
    assert silent == []
