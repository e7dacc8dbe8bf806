"""What the map promises besides its stories: calm, light, nothing remembered, and a frame that keeps the choice."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.cast import HAMBURG, WIEN, organisation, term
from tests.conftest import DARK, MAP_TIMEOUT, NO_SCRIPT, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

READY = "allmende-map[data-ready]"
LAND = """(() => { const {map} = document.querySelector("allmende-map");
return map.isStyleLoaded() ? map.getPaintProperty("land", "fill-color") : null; })()"""
SHIFTS = """window.shifted = 0;
new PerformanceObserver((list) => list.getEntries().forEach((one) => { if (!one.hadRecentInput) window.shifted += one.value; }))
  .observe({ type: "layout-shift", buffered: true });"""


@pytest.fixture(autouse=True)
def landscape() -> None:
    """Two who host, one of them without a place, and a house in Vienna."""
    term("sector", "digital", "Digitales", "Digital")
    organisation("Nordlicht Hosting eG", "Hamburg", HAMBURG, sector="digital", summary="Hosting für alle.", confirmed=timedelta(days=9))
    organisation("Wolke ohne Ort", sector="digital", summary="Hosting von überall.")
    organisation("Wiener Hof", "Wien", WIEN, country="AT")


def drawn(page: Any, address: str = "/karte/") -> Any:
    page.goto(address)
    page.locator(READY).wait_for(timeout=MAP_TIMEOUT)
    return page


def address_in_code(page: Any) -> str:
    """What the generator's code points at."""
    found = re.search(r'src="([^"]+)"', page.locator("#e-code").input_value())
    assert found
    return found[1]


def land_when(page: Any, wanted: Callable[[str], bool]) -> str:
    """The colour of the land once the style has settled on one that is wanted."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if (colour := page.evaluate(LAND)) and wanted(colour):
            return str(colour)
        page.wait_for_timeout(100)
    raise AssertionError("The land kept its colour.")


def test_the_code_of_the_generator_shows_the_choice_and_leaves_nothing_behind(page: Any) -> None:
    page.goto("/karte/einbetten/?q=Hosting")
    page.locator("#f-sector").select_option("digital")
    expect(page.locator("#e-code")).to_have_value(re.compile("sector=digital"))
    frame = drawn(page, address_in_code(page))
    assert parse_qs(urlsplit(frame.url).query)["q"] == ["Hosting"]
    expect(frame.locator(".marken .pin")).to_have_count(1)
    expect(frame.locator(".marken .pin")).to_contain_text("Nordlicht Hosting eG")
    expect(frame.locator("header.mast, footer.foot")).to_have_count(0)
    back = frame.locator(".rahmen-fuss a")
    assert (back.get_attribute("target"), back.get_attribute("rel")) == ("_blank", "noopener")
    assert frame.context.cookies() == []
    assert frame.evaluate("localStorage.length + sessionStorage.length") == 0


def test_without_script_the_frame_can_be_a_list(open_page: Callable[..., Any]) -> None:
    page = open_page(**NO_SCRIPT)
    page.goto("/karte/einbetten/?q=Hosting")
    expect(page.locator("[data-copy]")).to_be_hidden()
    page.locator("#e-show").select_option("list")
    page.locator("#generator button[type=submit]").click()
    page.goto(address_in_code(page))
    assert sorted(page.locator(".org h2").all_inner_texts()) == ["Nordlicht Hosting eG", "Wolke ohne Ort"]
    expect(page.locator("allmende-map")).to_have_count(0)


def test_moving_the_map_changes_the_address_but_adds_no_step(page: Any) -> None:
    drawn(page)
    steps = page.evaluate("history.length")
    page.locator(".zoom button").first.click()
    page.wait_for_url(re.compile(r"map=\d"))
    assert page.evaluate("history.length") == steps


def test_a_row_lights_up_its_pin_and_only_that(page: Any) -> None:
    drawn(page)
    page.locator('.org[data-slug="nordlicht-hosting-eg"] h2 a').focus()
    expect(page.locator(".marken .hot")).to_have_count(1)
    expect(page.locator(".marken .hot")).to_contain_text("Nordlicht Hosting eG")


def test_the_map_follows_dark_and_light(open_page: Callable[..., Any]) -> None:
    page = drawn(open_page(**DARK))
    dark = land_when(page, lambda colour: True)
    page.emulate_media(color_scheme="light")
    light = land_when(page, lambda colour: colour != dark)
    expect(page.locator(".marken .pin, .marken .heap").first).to_be_visible()
    page.emulate_media(color_scheme="dark")
    assert land_when(page, lambda colour: colour != light) == dark


def test_the_map_library_is_not_loaded_before_the_map_is_seen(open_page: Callable[..., Any]) -> None:
    page = open_page(**PHONE)
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto("/karte/", wait_until="networkidle")
    assert [url for url in loaded if "maplibre" in url or ".mvt" in url or "/points" in url] == []


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desk", "phone"])
def test_nothing_is_pushed_around_while_the_page_builds_up(open_page: Callable[..., Any], look: dict[str, Any]) -> None:
    page = open_page(**look)
    page.add_init_script(SHIFTS)
    drawn(page, "/karte/?view=map")
    assert page.evaluate("window.shifted") < 0.02
