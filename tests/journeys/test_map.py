"""Whole stories on the map, in a real browser: with and without script, by keyboard, on a phone, in a frame."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.cast import BERLIN, HAMBURG, WIEN, organisation, term
from tests.conftest import DARK, MAP_TIMEOUT, NO_SCRIPT, PHONE, axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

READY = "allmende-map[data-ready]"
WEBSITE = "Hosting, das den Nutzenden gehört"


@pytest.fixture(autouse=True)
def landscape() -> None:
    """Two who host, one in Vienna, two under one roof, and one without a place."""
    term("sector", "digital", "Digitales", "Digital")
    term("sector", "energy", "Energie und Umwelt", "Energy and environment")
    organisation(
        "Hostsharing",
        "Hamburg",
        HAMBURG,
        sector="digital",
        confirmed=timedelta(days=20),
        summary=WEBSITE,
        website="https://hostsharing.example/",
    )
    organisation("Elbstrom", "Hamburg", (53.9, 9.1), sector="energy", summary="Strom und Hosting für Nachbarn")
    organisation("Donaudaten", "Wien", WIEN, sector="digital", summary="Rechenzentrum an der Donau")
    organisation("Erste im Haus", "Berlin", BERLIN, sector="energy")
    organisation("Zweite im Haus", "Berlin", BERLIN, sector="energy")
    organisation("Überall", sector="digital", summary="Software ohne Ort")


def opened(page: Any, address: str = "/karte/") -> Any:
    """The page with its map drawn."""
    page.goto(address)
    page.locator(READY).wait_for(timeout=MAP_TIMEOUT)
    return page


def names(page: Any) -> list[str]:
    """The rows of the list, in order."""
    return [name.strip() for name in page.locator("#ergebnis .org h2").all_inner_texts()]


def pin(page: Any, name: str) -> Any:
    return page.locator(".marken .pin").filter(has_text=name)


def search_and_filter(page: Any, *, script: bool) -> None:
    """Search "Hosting", then keep the digital ones."""
    page.locator("#kq").fill("Hosting")
    page.locator("#kq").press("Enter")
    expect(page.locator("#anzahl b")).to_have_text("2")
    assert sorted(names(page)) == ["Elbstrom", "Hostsharing"]
    details = page.locator("#filter details.more")
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    page.locator("#f-sector").select_option("digital")
    if not script:
        details.get_by_role("button").click()
    expect(page.locator("#anzahl b")).to_have_text("1")
    assert names(page) == ["Hostsharing"]


def open_entry_and_its_data(page: Any) -> None:
    """From the list to the entry, from there to what machines read."""
    page.locator("#ergebnis .org h2 a").click()
    expect(page.locator("h1")).to_have_text("Hostsharing")
    link = page.locator('link[type="application/ld+json"], a[href$=".jsonld"]').first.get_attribute("href")
    answer = page.request.get(link)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("application/ld+json")
    assert "Hostsharing" in json.dumps(answer.json(), ensure_ascii=False)


def test_from_a_word_to_the_entry_its_data_and_a_map_of_ones_own(page: Any) -> None:
    opened(page)
    expect(page.locator("#anzahl b")).to_have_text("6")
    search_and_filter(page, script=True)
    assert "q=Hosting" in page.url
    assert "sector=digital" in page.url
    expect(pin(page, "Hostsharing, Hamburg")).to_be_visible()
    expect(pin(page, "Elbstrom")).to_have_count(0)
    open_entry_and_its_data(page)
    page.go_back()
    expect(page.locator("#anzahl b")).to_have_text("1")
    page.get_by_role("link", name=re.compile("karte einbetten|embed this map", re.I)).click()
    assert "sector=digital" in page.url
    frame = page.frame_locator("iframe.vorschau")
    expect(frame.locator(".org h2 a")).to_have_text("Hostsharing")
    assert "sector=digital" in page.locator("#e-code").input_value()


def test_the_same_without_script(open_page: Callable[..., Any]) -> None:
    page = open_page(**NO_SCRIPT)
    page.goto("/karte/")
    expect(page.locator("allmende-map .nojs")).to_be_visible()
    expect(page.locator("#nah")).to_be_hidden()
    search_and_filter(page, script=False)
    open_entry_and_its_data(page)
    page.goto("/karte/einbetten/?sector=digital")
    page.locator("#generator #e-q").fill("Hosting")
    page.locator("#generator").get_by_role("button").click()
    code = page.locator("#e-code").input_value()
    assert "q=Hosting" in code
    assert "sector=digital" in code


def test_back_and_forth_restores_list_filters_and_selection(page: Any) -> None:
    opened(page)
    page.locator("#kq").fill("Hosting")
    page.locator("#kq").press("Enter")
    expect(page.locator("#anzahl b")).to_have_text("2")
    page.locator('a[data-select="hostsharing"]').click()
    expect(page.locator(".peek h2")).to_have_text("Hostsharing")
    expect(page.locator('.org[data-slug="hostsharing"]')).to_have_attribute("aria-current", "true")
    assert "select=hostsharing" in page.url
    page.go_back()
    expect(page.locator(".peek")).to_have_count(0)
    expect(page.locator("#anzahl b")).to_have_text("2")
    page.go_back()
    expect(page.locator("#anzahl b")).to_have_text("6")
    expect(page.locator("#kq")).to_have_value("")
    page.go_forward()
    expect(page.locator("#anzahl b")).to_have_text("2")
    expect(page.locator("#kq")).to_have_value("Hosting")


def test_an_address_brings_back_what_it_says(page: Any) -> None:
    opened(page, "/karte/?sector=digital&map=7/53.5/10&select=hostsharing")
    expect(page.locator(".peek h2")).to_have_text("Hostsharing")
    expect(page.locator(".pin.on")).to_have_text("Hostsharing")
    expect(page.locator("#f-sector")).to_have_value("digital")
    expect(pin(page, "Donaudaten")).to_have_count(0)


def test_the_keyboard_reaches_a_pin_and_escape_closes_its_card(page: Any) -> None:
    opened(page)
    page.locator("allmende-map canvas").focus()
    for _step in range(12):
        page.keyboard.press("Tab")
        if page.locator(".marken .pin:focus").filter(has_text="Donaudaten").count():
            break
    expect(pin(page, "Donaudaten, Wien")).to_be_focused()
    page.keyboard.press("Enter")
    card = page.locator(".peek")
    expect(card).to_be_focused()
    expect(card.get_by_role("link").first).to_have_attribute("href", "/o/donaudaten/")
    assert "select=donaudaten" in page.url
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(pin(page, "Donaudaten, Wien")).to_be_focused()
    assert "select=" not in page.url


def test_two_under_one_roof_are_listed_not_zoomed(page: Any) -> None:
    opened(page, "/karte/?map=12/52.52/13.405")
    page.locator(".marken .heap").click()
    links = page.locator(".peek li a")
    expect(links).to_have_count(2)
    assert [link.get_attribute("href") for link in links.all()] == ["/o/erste-im-haus/", "/o/zweite-im-haus/"]
    page.keyboard.press("Escape")
    expect(page.locator(".peek")).to_have_count(0)
    expect(page.locator(".marken .heap")).to_be_focused()


def test_a_heap_opens_into_its_parts(page: Any) -> None:
    opened(page, "/karte/?map=3/51/10")
    page.locator(".marken .heap").first.click()
    expect(pin(page, "Hostsharing")).to_be_visible()


def test_only_what_the_map_shows(page: Any) -> None:
    opened(page, "/karte/?map=8/48.2/16.4")
    page.locator("#ausschnitt input").check()
    expect(page.locator("#anzahl b")).to_have_text("1")
    assert names(page) == ["Donaudaten"]
    assert "bbox=" in page.url


def test_a_suggestion_leads_to_the_entry(page: Any) -> None:
    page.goto("/karte/")
    page.locator("#kq").press_sequentially("Donau", delay=20)
    option = page.get_by_role("option").first
    expect(option).to_contain_text("Donaudaten")
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Donaudaten")


def test_near_me_asks_only_on_request_and_rounds(open_page: Callable[..., Any]) -> None:
    page = open_page(geolocation={"latitude": 53.551123, "longitude": 9.993682}, permissions=["geolocation"])
    page.goto("/karte/")
    expect(page.locator("#nah-hinweis")).to_be_hidden()
    page.locator("#filter details.more summary").click()
    page.locator("#nah").click()
    expect(page.locator("#anzahl b")).to_have_text("1")
    expect(page.locator("#nah-hinweis")).to_be_visible()
    assert "near=53.55,9.99" in page.url
    assert names(page) == ["Hostsharing"]


def test_a_refusal_is_said_in_words_and_the_list_stays(page: Any) -> None:
    opened(page)
    page.locator("#kq").evaluate("field => { field.maxLength = 1000; field.value = 'x'.repeat(300); }")
    page.locator("#kq").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("200")
    assert len(names(page)) == 6
    page.errors.clear()  # the browser notes the 400 that was provoked


def test_without_webgl_the_list_stays(open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto("/karte/")
    expect(page.locator(".ohne-karte")).to_be_visible()
    assert len(names(page)) == 6


def test_on_a_phone_the_map_comes_when_asked_for(open_page: Callable[..., Any]) -> None:
    page = open_page(**PHONE)
    page.goto("/karte/")
    expect(page.locator("allmende-map")).to_be_hidden()
    expect(page.locator("canvas")).to_have_count(0)
    page.locator('.seg a[data-view="karte"]').click()
    page.locator(READY).wait_for(timeout=MAP_TIMEOUT)
    assert "view=map" in page.url
    page.go_back()
    expect(page.locator("allmende-map")).to_be_hidden()
    expect(page.locator(".org").first).to_be_visible()


def test_the_frame_opens_entries_beside_the_site(page: Any) -> None:
    opened(page, "/karte/rahmen/?show=map&q=Donaudaten")
    pin(page, "Donaudaten").click()
    link = page.locator(".peek h2 a")
    expect(link).to_have_attribute("target", "_blank")
    assert page.context.cookies() == []


@pytest.mark.parametrize("look", [{}, DARK, PHONE], ids=["light", "dark", "phone"])
def test_axe_finds_nothing(open_page: Callable[..., Any], look: dict[str, Any]) -> None:
    page = opened(open_page(**look), "/karte/?view=map&map=5/51/12&select=hostsharing")
    expect(page.locator(".peek")).to_be_visible()
    assert axe(page) == []
