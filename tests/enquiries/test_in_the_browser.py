"""From an offer to an agreement in a real browser, without scripts; axe looks at every page on the way."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings

from allmende.directory.models import Organisation
from allmende.enquiries.models import Enquiry
from allmende.exchange.models import Listing
from allmende.people.models import Person
from tests.conftest import DARK, NO_SCRIPT, PHONE, axe
from tests.enquiries.conftest import as_, fresh, listing

OpenPage = Callable[..., Any]


@pytest.fixture
def in_(open_page: OpenPage, live_server: Any) -> OpenPage:
    """`in_(anna, **PHONE)`: a page in which anna is signed in."""

    def opened(who: Person, **look: Any) -> Any:
        page = open_page(**look)
        word = as_(who).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": word, "url": live_server.url}])
        return page

    return opened


def test_from_an_offer_to_an_agreement(in_: OpenPage, offer: Listing, garden: Organisation, clara: Person, anna: Person) -> None:
    need = listing(garden, "Wir suchen ein Rad", direction="need")
    asks = in_(clara, **NO_SCRIPT)
    asks.goto(f"/en/boerse/{offer.pk}/anfragen/?own={need.pk}")
    asks.get_by_label("Your message").fill("Can we see it on **Monday**?")
    asks.get_by_role("button", name="Begin the conversation").click()
    assert asks.get_by_text("Wir suchen ein Rad").is_visible()
    asked = Enquiry.objects.get()

    answers = in_(anna, **NO_SCRIPT, **PHONE)
    answers.goto("/en/gespraeche/?box=waiting")
    answers.get_by_role("link", name="Garten Probe eG").click()
    answers.get_by_role("textbox", name="Message").fill("Yes, at nine.")
    answers.get_by_role("button", name="Send the message").click()
    for page in (asks, answers):
        page.goto(f"/en/gespraeche/{asked.uuid}/")
        if not page.get_by_label("agreed", exact=True).is_visible():
            page.get_by_text("Say what became of it", exact=True).click()
        page.get_by_label("agreed", exact=True).check()
        page.get_by_role("button", name="Say so").click()
    assert fresh(asked).state == "agreed"
    answers.get_by_role("button", name="Mark as agreed").click()
    assert fresh(offer).state == "agreed"


@pytest.mark.parametrize("look", [{}, PHONE | DARK], ids=["desk", "phone-dark"])
def test_axe_finds_nothing(in_: OpenPage, asked: Enquiry, anna: Person, look: dict[str, Any]) -> None:
    page = in_(anna, **look)
    found = {}
    own = (f"/gespraeche/{asked.uuid}/", f"/gespraeche/{asked.uuid}/blockieren/")
    for path in (*own, "/gespraeche/", "/gespraeche/blockiert/", "/boerse/zahlen/"):
        assert page.goto(path).status == 200
        found[path] = [*axe(page), *(["sideways"] if page.evaluate("document.documentElement.scrollWidth > innerWidth") else [])]
    assert found == dict.fromkeys(found, [])
