"""Ways to be somebody in a test: signed in just now, by code, as allauth writes it down."""

from time import time
from typing import Any

from django.test import Client

from allmende.people.models import Person


def person(email: str = "anna@example.org", **fields: Any) -> Person:
    """Somebody with a confirmed address and no password, made on first use."""
    from allauth.account.models import EmailAddress

    found = Person.objects.filter(email=email).first() or Person.objects.create_user(email, fields.pop("password", None), **fields)
    EmailAddress.objects.get_or_create(user=found, email=email, defaults={"verified": True, "primary": True})
    return found


def sign_in(client: Client, who: Person) -> Client:
    """Let this client be signed in, as if it had shown a moment ago who it is."""
    client.force_login(who)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(who.pk)
    session.save()
    return client
