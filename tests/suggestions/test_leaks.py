"""Nothing unapproved is visible in any channel: page, map, feed, API, exports, history, figures, other people's pages."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from allmende.directory.models import Organisation
from allmende.opendata.dumps import FORMATS
from allmende.people.models import Person
from allmende.suggestions import actions
from allmende.suggestions.actions.pointing import Writer
from tests.suggestions.conftest import as_, person, steward_of
from tests.web.pages import addresses

pytestmark = pytest.mark.django_db
SECRET, PROBE = "Zaubernuss", "Kobold"
NOT_GET = (".atom",)


@pytest.fixture(autouse=True)
def pointed_out(haus: Organisation) -> Person:
    cache.clear()
    steward = steward_of(haus)
    word = f"{SECRET} {PROBE}"
    every = dict.fromkeys(("name", "summary", "description", "street", "town"), word)
    actions.suggest_change(haus, every, by=Writer(uuid4(), None, f"{SECRET}@example.org"), remark=word, reason=word)
    actions.report_problem(haus, "wrong", by=Writer(uuid4()), remark=word)
    actions.report_problem(haus, "foreign", by=Writer(uuid4()), remark=word)
    actions.propose_organisation({"name": word, "town": "Hamburg", "country": "DE"}, by=Writer(uuid4()), remark=word)
    said = {"place": word, "reason": word, "name": word, "email": f"{SECRET}@example.org", "is_nameless": False}
    actions.report_illegal(haus, said, by=Writer(uuid4()))
    declined = actions.suggest_change(haus, {"name": word}, by=Writer(uuid4()), remark=word)
    actions.decide_suggestion(declined, {}, by=steward, seen=0, answer=word)
    return steward


def channels() -> list[str]:
    found = [one for one in addresses() if not one.startswith(("/en/mein", "/mein"))]
    found += [f"/karte/?q={PROBE}", f"/karte/feed.atom?q={PROBE}", "/api/v1/organisations", f"/api/v1/organisations?q={PROBE}"]
    found += [f"/api/v1/suggest?q={PROBE}", "/api/v1/points?zoom=18", "/api/v1/organisations/haus-eg", "/o/haus-eg/", "/en/o/haus-eg/"]
    found += [f"/daten/organisationen.{kind}" for kind in FORMATS]
    found += [reverse(f"directory-api:organisation_{twin}", args=["haus-eg"]) for twin in ("json", "jsonld", "vcard")]
    found += [
        "/o/haus-eg/verlauf/",
        "/o/haus-eg/vorschlagen/",
        "/o/haus-eg/melden/",
        "/o/haus-eg/vorschlaege/",
        "/meldungen/",
        "/vorschlagen/",
    ]
    return [one for one in dict.fromkeys(found) if "zahlen/frische" not in one]


def everything(client: Client) -> str:
    parts = []
    for address in channels():
        answer: Any = client.get(address)
        assert answer.status_code < 500, address
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if SECRET.lower().encode() in body.lower():
            parts.append(address)
    return "\n".join(parts)


def test_a_guest_finds_nothing_of_it_anywhere() -> None:
    assert everything(Client()) == ""


def test_a_stranger_finds_nothing_of_it_anywhere() -> None:
    assert everything(as_(person("stranger"))) == ""


def test_a_member_finds_nothing_of_it_anywhere(haus: Organisation) -> None:
    assert everything(as_(steward_of(haus, "member", "member"))) == ""


def test_the_steward_finds_it_in_the_inbox_only(pointed_out: Person) -> None:
    assert everything(as_(pointed_out)) == "/o/haus-eg/vorschlaege/"


def test_panels_lead_to_it_without_telling_it(pointed_out: Person) -> None:
    page = as_(pointed_out).get("/o/haus-eg/").content.decode()
    assert reverse("suggestions:inbox", args=["haus-eg"]) in page
    guest = Client().get("/o/haus-eg/").content.decode()
    assert reverse("suggestions:suggest", args=["haus-eg"]) in guest
    assert reverse("suggestions:report", args=["haus-eg"]) in guest
    assert reverse("suggestions:inbox", args=["haus-eg"]) not in guest
    assert SECRET not in as_(pointed_out).get("/mein/").content.decode()
