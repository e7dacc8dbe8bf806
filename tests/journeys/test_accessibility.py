"""axe finds nothing on any page, light and dark, wide and narrow; nothing scrolls sideways at 320 pixels."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache

from tests.cast import BERLIN, HAMBURG, WIEN, organisation, source
from tests.conftest import DESK, PHONE, axe
from tests.journeys.rooms import deciding, everything
from tests.web.pages import addresses

NARROW = {"viewport": {"width": 320, "height": 640}}
NOT_PAGES = (".atom",)
NOT_THERE = "/nichts/"


def pages() -> list[str]:
    """German pages, one entry, one that is not there, one list under a filter."""
    german = [one for one in addresses() if not one.startswith("/en/") and not one.endswith(NOT_PAGES)]
    return [*german, "/en/", "/o/alte-muehle-eg/", NOT_THERE, "/karte/?sector=housing&q=haus"]


@pytest.fixture
def some(live_server: Any) -> None:
    cache.clear()
    organisation(
        "Alte Mühle eG", "Berlin", BERLIN, sector="housing", confirmed=timedelta(days=9), from_source=source(), summary="Ein Haus."
    )
    organisation("Bunte Bohne eG", "Hamburg", HAMBURG, sector="food", confirmed=timedelta(days=200), website="https://example.org")
    organisation("Chor der Dinge", "Wien", WIEN, sector="housing", country="AT", from_source=source("demo", is_demo=True), founded=1990)


@pytest.mark.usefixtures("some")
def test_axe_finds_nothing(open_page: Callable[..., Any]) -> None:
    page = open_page()
    found = looked_at(page, pages())
    page.errors.clear()  # the browser notes that one page was not there
    assert found == {}


def looked_at(page: Any, addresses: list[str]) -> dict[str, list[str]]:
    """What axe finds: each page is loaded once, and looked at wide and light, then narrow and dark."""
    found: dict[str, list[str]] = {}
    for address in addresses:
        answer = page.goto(address, wait_until="load")
        assert (answer.status, page.locator("h1").count()) == (404 if address == NOT_THERE else 200, 1), address
        for look, size in (("light", DESK["viewport"]), ("dark", PHONE["viewport"])):
            page.emulate_media(color_scheme=look)
            page.set_viewport_size(size)
            wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
            if violations := axe(page) + ([f"{wide} pixels too wide"] if wide > 0 else []):
                found[f"{look} {address}"] = violations
    return found


def test_axe_finds_nothing_in_the_rooms_of_co_ownership(open_page: Callable[..., Any], sign_in: Callable[..., None]) -> None:
    chair, rooms, doors = everything()
    guest, page = open_page(), open_page()
    sign_in(page, chair)
    assert looked_at(page, rooms) | looked_at(guest, doors) == {}


def test_axe_finds_nothing_in_the_rooms_of_deciding_together(open_page: Callable[..., Any], sign_in: Callable[..., None]) -> None:
    chair, rooms = deciding()
    page = open_page()
    sign_in(page, chair)
    assert looked_at(page, rooms) == {}


@pytest.mark.usefixtures("some")
def test_nothing_scrolls_sideways_at_320_pixels(open_page: Callable[..., Any]) -> None:
    page = open_page(**NARROW)
    wide = {}
    for address in pages():
        page.goto(address, wait_until="load")
        width = page.evaluate("document.scrollingElement.scrollWidth")
        if width > 320:
            wide[address] = width
    page.errors.clear()
    assert wide == {}


@pytest.mark.usefixtures("some")
def test_the_first_tab_stop_skips_to_the_content(open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#inhalt"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhalt"


@pytest.mark.usefixtures("some")
def test_the_search_of_the_start_page_works_without_script(open_page: Callable[..., Any]) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/")
    page.fill("#q", "Mühle")
    page.press("#q", "Enter")
    assert page.url.endswith("/karte/?q=M%C3%BChle")
    assert page.get_by_role("link", name="Alte Mühle eG").first.is_visible()
