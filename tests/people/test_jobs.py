"""What nobody confirmed or uses any more is forgotten."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from allmende.ground.outbox import letters_to
from allmende.people import actions, jobs, queries
from allmende.people.models import Person
from tests.people.ways import person

pytestmark = pytest.mark.django_db


def older(who: Person, days: int) -> Person:
    Person.objects.filter(pk=who.pk).update(joined_at=timezone.now() - timedelta(days=days))
    return who


def test_only_what_nobody_confirmed_in_time_is_forgotten() -> None:
    for email, days in (("alt@example.org", 8), ("neu@example.org", 6)):
        Client().post("/konto/registrieren/", {"email": email, "agreed": "on"})
        older(Person.objects.get(email=email), days)
    older(person("anna@example.org"), 400)
    older(Person.objects.create_user("vonhand@example.org"), 400)
    older(queries.service("import"), 400)
    assert actions.forget_unconfirmed(timezone.now()) == 1
    assert set(Person.objects.values_list("email", flat=True)) == {
        "neu@example.org", "anna@example.org", "vonhand@example.org", "import@service.invalid",
    }  # fmt: skip
    assert letters_to("alt@example.org") == []  # no goodbye: perhaps the address belongs to somebody else
    assert not EmailAddress.objects.filter(email="alt@example.org").exists()


def test_ended_sessions_are_forgotten() -> None:
    person("anna@example.org", password="drei-Felder-und-ein-Weg")
    for _ in range(2):
        Client().post("/konto/anmelden/", {"login": "anna@example.org", "password": "drei-Felder-und-ein-Weg"})
    ended = UserSession.objects.order_by("pk")[0].session_key
    Session.objects.filter(session_key=ended).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert jobs.tidy() == "0 unconfirmed accounts, 1 ended sessions"
    assert UserSession.objects.count() == Session.objects.count() == 1
