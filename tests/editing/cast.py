"""The people of these stories, a mill with its team, and what a browser sends for a form as it stands."""

from typing import Any

import html5lib
from django.test import Client
from django.utils import timezone

from allmende.directory import actions
from allmende.directory.importers.base import PLACE_BLANK
from allmende.directory.models import Organisation, Proof, Role, State, Stewardship
from allmende.people.models import Person
from tests.cast import term

FREE_POINT = {"lat": 53.08, "lon": 8.81, "precision": "exact"}


def person(name: str, **more: Any) -> Person:
    return Person.objects.create_user(f"{name}@example.org", name=name.capitalize(), **more)


def signed_in(someone: Person) -> Client:
    client = Client()
    client.force_login(someone)
    return client


def looks_after(someone: Person, item: Organisation, role: Role = Role.OWNER) -> Stewardship:
    return Stewardship.objects.create(organisation=item, person=someone, role=role, proof=Proof.FOUNDED, since=timezone.now())


def words() -> None:
    term("sector", "food", "Landwirtschaft und Ernährung", "Food")
    term("sector", "energy", "Energie", "Energy")
    term("legal_form", "eg", "eingetragene Genossenschaft (eG)", "eG")
    term("activity", "bakery", "Bäckerei", "Bakery", parent=term("sector", "food"))
    term("activity", "mill", "Mühle", "Mill", parent=term("sector", "food"))
    term("cooperation", "worker", "Genossenschaft der Beschäftigten", "Workers")
    term("sdg", "2", "Kein Hunger", "Zero hunger")


def place(town: str = "Bremen", **more: Any) -> dict[str, Any]:
    return {**PLACE_BLANK, "town": town, "country": "DE", **more}


def mill(state: State = State.PUBLISHED, **more: Any) -> Organisation:
    """An entry with something in every field."""
    words()
    said: dict[str, Any] = {
        "name": "Alte Mühle eG", "kind": "cooperative", "legal_form": "eg", "sector": "food", "sectors": ["energy", "food"],
        "activities": ["bakery"], "cooperation": ["worker"], "sdgs": [2], "summary": "Mehl für alle", "summary_en": "Flour for all",
        "description": "Erste Zeile.\n\nZweite Zeile mit <3 und & Zeichen.", "description_en": "Long", "keywords": ["Mehl, fein", "Korn"],
        "languages": ["en", "de", "xx"], "founded": 1990, "website": "http://muehle.example/", "email": "anna@muehle.example",
        "phone": "0421 123456", "legal_name": "Alte Mühle Mahlwerk eG", "register": "GnR 7", "same_as": ["https://wikidata.example/Q1"],
        "visibility": {"website": "public", "founded": "members"},
        "places": [
            place("Bremen", street="Wallstraße 1", postcode="28195", region="Bremen", is_seat=True, **FREE_POINT),
            place("Kiel", label="Laden", region="Schleswig-Holstein", lat=54.32, lon=10.13, precision="town"),
            place("", region="Bayern", lat=48.9, lon=11.4, precision="country"),
        ],
    }  # fmt: skip
    return actions.create_organisation(said | more, by=None, state=state)


def as_it_stands(client: Client, address: str) -> dict[str, list[str]]:
    """What a browser sends for the form with a `base` or a `token` on this page, if nobody touches anything."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return fields(answer.content.decode())


def fields(page: str) -> dict[str, list[str]]:
    """The successful controls of the main form of a page."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    form = next(one for one in tree.iter("form") if "sheet" in (one.get("class") or "").split())
    found: dict[str, list[str]] = {}
    for one in form.iter():
        name = one.get("name")
        if not name or one.tag == "button":
            continue
        if one.tag == "select":
            chosen = [option.get("value", "") for option in one.iter("option") if option.get("selected") is not None]
            found[name] = chosen or [next(one.iter("option")).get("value", "")]
        elif one.tag == "textarea":
            found[name] = ["".join(one.itertext()).removeprefix("\n").replace("\n", "\r\n")]
        elif one.get("type") in {"checkbox", "radio"}:
            if one.get("checked") is not None:
                found.setdefault(name, []).append(one.get("value", "on"))
        else:
            found.setdefault(name, []).append(one.get("value", ""))
    return found
