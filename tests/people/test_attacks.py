"""A browser that was left open: what can be done with it without being asked once more."""

from time import time

import pytest
from django.test import Client

from allmende.people.models import Person
from tests.people.ways import person

pytestmark = pytest.mark.django_db


def left_open(client: Client, who: Person, hours: float = 2) -> Client:
    """Somebody who signed in by code some time ago."""
    client.force_login(who)
    session = client.session
    session["account_authentication_methods"] = [{"method": "code", "at": time() - hours * 3_600, "email": who.email}]
    session["account_authentication_methods_user"] = str(who.pk)
    session.save()
    return client


@pytest.mark.parametrize(("path", "said"), [
    ("passwort/setzen/", {"password1": "ein-langes-Wort-9", "password2": "ein-langes-Wort-9"}),
    ("e-mail/", {"email": "dieb@example.org", "action_add": ""}),
    ("zwei-faktor/app/einrichten/", {"code": "123456"}), ("passkeys/neu/", {"name": "Dieb"}), ("zwei-faktor/notfallcodes/neu/", {}),
])  # fmt: skip
def test_an_account_without_a_password_is_not_taken_over_by_an_old_session(client: Client, path: str, said: dict[str, str]) -> None:
    anna = person()
    left_open(client, anna)
    for answer in (client.get(f"/konto/{path}"), client.post(f"/konto/{path}", said)):
        assert answer.status_code == 200 and "people/again.html" in [one.name for one in answer.templates]
    anna.refresh_from_db()
    assert not anna.has_usable_password() and not anna.emailaddress_set.exclude(email="anna@example.org").exists()


def test_with_a_fresh_code_one_sets_a_password(client: Client) -> None:
    left_open(client, anna := person(), hours=0.1)
    said = {"password1": "ein-langes-Wort-9", "password2": "ein-langes-Wort-9"}
    assert client.post("/konto/passwort/setzen/", said).status_code == 302
    anna.refresh_from_db()
    assert anna.has_usable_password()
