"""A cooperative one can join, its board, and how somebody declares."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from allmende.constitution.models import Cooperative, Statute
from allmende.constitution.queries import statute_of
from allmende.joining import actions, declaration, queries
from allmende.joining.actions import Declaring
from allmende.joining.declaration import Wish
from allmende.joining.models import Application
from allmende.members.actions import Named
from allmende.people.models import Person
from allmende.people.queries import GUEST, Viewer
from allmende.web import guests
from tests import coops

IBAN = "DE89370400440532013000"
NAME = "Quittenbaum"  # found nowhere else: what is left of it is left of the declaration


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests fill in forms faster than people."""
    monkeypatch.setattr(guests, "FASTEST", -2)


@pytest.fixture
def werk(db: None) -> Cooperative:
    found = coops.cooperative(is_joinable=True, letter_address="Gartenweg 1\n07743 Jena")
    coops.statute(found)
    return found


@pytest.fixture
def statute(werk: Cooperative) -> Statute:
    return statute_of(werk)


@pytest.fixture
def board(werk: Cooperative) -> Person:
    return coops.office(werk)


def renewed(cooperative: Cooperative, **fields: Any) -> Statute:
    """A newer version of the statute, in force for years already."""
    return coops.statute(cooperative, **{"valid_from": date(2021, 1, 1), **fields})


def named(**more: Any) -> Named:
    said = {
        "family_name": NAME,
        "given_name": "Anna",
        "street": "Quittenweg 7",
        "postcode": "07743",
        "town": "Jena",
        "email": "quitte@joining.example",
    }
    return Named(**{**said, **more})


def legal(**more: Any) -> Named:
    said = {
        "party": "legal",
        "family_name": "",
        "given_name": "",
        "firm": f"{NAME} GmbH",
        "register": "HRB 7",
        "represented_by": "Eva Quitte",
    }
    return named(**{**said, **more})


def wanted(cooperative: Cooperative, who: Named | None = None, *, shares: int = 1, kind: str = "ordinary", **more: Any) -> Declaring:
    """What somebody hands in who read and ticked everything."""
    of = statute_of(cooperative)
    wish = Wish(who or named(), kind, shares, more.pop("group", None))
    fees = queries.has_fees(cooperative)
    return Declaring(
        uuid=more.pop("uuid", uuid4()),
        wish=wish,
        text_shown=declaration.joining(cooperative, of, wish, has_fees=fees),
        ticked=tuple(one.key for one in declaration.duties_of(of, has_fees=fees)),
        **more,
    )


def declared(cooperative: Cooperative, who: Named | None = None, *, by: Viewer = GUEST, **more: Any) -> Application:
    return actions.declare(cooperative, wanted(cooperative, who, **more), by=by)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="allmende.people.adapter.Backend")
    return client
