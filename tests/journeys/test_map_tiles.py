"""How the map gets its entries: a small result once and as a whole, a large one in tiles, and the same marks either way."""

from collections.abc import Callable
from datetime import timedelta
from math import hypot
from typing import Any

import pytest
from playwright.sync_api import expect

from allmende.atlas import tiles
from allmende.directory.models import Place
from tests.cast import BERLIN, HAMBURG, WIEN, changed, organisation, term
from tests.conftest import DARK, MAP_TIMEOUT, PHONE, axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

READY = "allmende-map[data-ready]"
MARKS = ".marken > :not([style*='hidden'])"


@pytest.fixture(autouse=True)
def landscape() -> None:
    """Twelve around Hamburg, two under one roof in Berlin, a bank in Hamburg and Vienna, one without a place."""
    term("sector", "digital", "Digitales", "Digital")
    term("sector", "energy", "Energie und Umwelt", "Energy and environment")
    for number in range(12):
        at = (HAMBURG[0] + 0.02 * (number % 4), HAMBURG[1] + 0.03 * (number // 4))
        organisation(f"Elbhof {number}", "Hamburg", at, sector="energy", summary="Strom für Nachbarn", summary_en="Power for neighbours")
    organisation("Erste im Haus", "Berlin", BERLIN, sector="digital")
    organisation("Zweite im Haus", "Berlin", BERLIN, sector="digital")
    bank = organisation("Gute Bank", "Wien", WIEN, sector="digital", confirmed=timedelta(days=3))
    Place.objects.create(organisation=bank, town="Hamburg", lat=54.4, lon=9.2, precision="town")
    changed(bank)
    organisation("Überall", sector="digital")


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is small here counts as large."""
    monkeypatch.setattr(tiles, "LITTLE", 2)


def opened(page: Any, address: str = "/karte/") -> Any:
    """The page with its map drawn; `page.asked` are the requests for entries."""
    page.asked = []
    page.on("request", lambda one: page.asked.append(one.url) if "/karte/kacheln/" in one.url or "/karte/orte." in one.url else None)
    page.goto(address)
    page.locator(READY).wait_for(timeout=MAP_TIMEOUT)
    return page


def pushed(page: Any, across: int, down: int) -> None:
    """The map is dragged and comes to rest."""
    box = page.locator("allmende-map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(x + across * step / 5, y + down * step / 5)
    page.mouse.up()
    settled(page)


def settled(page: Any) -> None:
    """The map is at rest. The event stays in the browser: it holds the whole map, and sending that took a minute."""
    page.evaluate(
        "new Promise((done) => {"
        " const {map} = document.querySelector('allmende-map'); map.once('idle', () => done()); map.triggerRepaint(); })"
    )
    page.wait_for_timeout(300)


def marks(page: Any) -> list[tuple[str, int, int]]:
    """What is drawn and where on the page, by its words."""
    found = page.locator(MARKS).evaluate_all(
        "all => all.map(one => { const box = one.getBoundingClientRect();"
        " return [(one.querySelector('.vh') ?? one).textContent, Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)]; })"
    )
    return sorted((words, x, y) for words, x, y in found)


def number(page: Any) -> int:
    """How many places the marks stand for."""
    return sum(int(words.split()[0]) if "Orte" in words else 1 for words, _x, _y in marks(page))


def near(one: tuple[str, int, int], other: tuple[str, int, int]) -> bool:
    return one[0] == other[0] and abs(one[1] - other[1]) <= 2 and abs(one[2] - other[2]) <= 2


def test_a_small_result_is_asked_for_once_however_the_map_is_moved(page: Any) -> None:
    opened(page, "/karte/?map=5/51.5/11.5")
    assert number(page) == 16
    pushed(page, -150, 60)
    for _ in range(3):
        page.locator(".zoom button").first.click()
        settled(page)
    assert [one.split("?")[0].rsplit("/", 1)[-1] for one in page.asked] == ["orte.geojson"]
    page.locator("#kq").fill("Elbhof")
    page.locator("#kq").press("Enter")
    expect(page.locator("#anzahl b")).to_have_text("12")
    settled(page)
    assert number(page) == 12
    assert [one.split("?")[0].rsplit("/", 1)[-1] for one in page.asked] == ["orte.geojson"] * 2


@pytest.mark.usefixtures("large")
def test_a_large_result_comes_in_tiles_that_may_be_kept_for_ever(page: Any) -> None:
    kept = []
    page.on("response", lambda one: kept.append(one.headers["cache-control"]) if "/karte/kacheln/" in one.url else None)
    opened(page, "/karte/?map=5/51.5/11.5")
    assert number(page) == 16
    assert page.asked and all("/karte/kacheln/5/" in one for one in page.asked)
    assert set(kept) == {"public, max-age=31536000, immutable"}
    before = len(page.asked)
    pushed(page, 40, 0)
    pushed(page, -40, 0)
    assert len(page.asked) == before  # what is there is not asked for again


@pytest.mark.usefixtures("large")
def test_filters_cut_the_tiles_and_leave_no_old_mark(page: Any) -> None:
    opened(page, "/karte/?map=5/51.5/11.5")
    page.locator("#filter details.more summary").click()
    page.locator("#f-sector").select_option("digital")
    expect(page.locator("#anzahl b")).to_have_text("4")
    settled(page)
    assert number(page) == 4
    assert all("sector=digital" in one for one in page.asked[-2:])
    page.locator("a[data-filter]").first.click()
    expect(page.locator("#anzahl b")).to_have_text("16")
    settled(page)
    assert number(page) == 16


def test_both_ways_draw_the_same(open_page: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    places = ("5/51.5/11.5", "10/53.58/10.03", "16/52.52/13.405", "2/40/10")
    whole, page = [], open_page()
    for place in places:
        whole.append(marks(opened(page, f"/karte/?map={place}")))
    monkeypatch.setattr(tiles, "LITTLE", 2)
    for place, drawn in zip(places, whole, strict=True):
        page = open_page()
        found = marks(opened(page, f"/karte/?map={place}"))
        assert found and all(near(one, other) for one, other in zip(found, drawn, strict=True)), place


@pytest.mark.usefixtures("large")
def test_marks_stay_on_their_points_while_the_map_is_pushed(page: Any) -> None:
    opened(page, "/karte/?map=5/51.5/11.5")
    before = marks(page)
    pushed(page, -90, 45)
    after = marks(page)
    moved = [(words, x - 90, y + 45) for words, x, y in before]
    assert len(before) == 4 and all(any(near(one, other) for other in after) for one in moved)


@pytest.mark.usefixtures("large")
def test_no_two_marks_cover_each_other(page: Any) -> None:
    for zoom in (3, 6, 9):
        opened(page, f"/karte/?map={zoom}/53.3/10.5")
        spots = [(x, y) for _words, x, y in marks(page)]
        assert all(hypot(x - a, y - b) >= 28 for n, (x, y) in enumerate(spots) for a, b in spots[:n]), zoom


@pytest.mark.usefixtures("large")
def test_under_one_roof_the_entries_are_named_from_tiles_too(page: Any) -> None:
    opened(page, "/karte/?map=12/52.52/13.405")
    page.locator(".marken .heap").click()
    assert [link.inner_text() for link in page.locator(".peek li a").all()] == ["Erste im Haus", "Zweite im Haus"]


@pytest.mark.usefixtures("large")
def test_a_single_entry_has_its_card_in_the_readers_language(page: Any) -> None:
    opened(page, "/en/karte/?map=13/53.5511/9.9937")
    page.locator(".marken .pin").filter(has_text="Elbhof 0").click()
    expect(page.locator(".peek h2")).to_have_text("Elbhof 0")
    expect(page.locator(".peek .klappt")).to_have_text("Power for neighbours")
    page.keyboard.press("Escape")
    expect(page.locator(".marken .pin:focus")).to_contain_text("Elbhof 0")


@pytest.mark.usefixtures("large")
def test_a_typing_error_is_forgiven_on_the_map_as_in_the_list(page: Any) -> None:
    opened(page, "/karte/?q=Elbhoff&map=8/53.5/10")
    expect(page.locator("#anzahl b")).to_have_text("12")
    assert number(page) == 12


@pytest.mark.usefixtures("large")
def test_the_map_survives_a_change_of_light(open_page: Callable[..., Any]) -> None:
    page = opened(open_page(**DARK), "/karte/?map=5/51.5/11.5")
    page.emulate_media(color_scheme="light")
    settled(page)
    pushed(page, -200, 0)
    assert any(words == "Gute Bank, Wien" for words, _x, _y in marks(page))
    page.locator(".zoom button").last.click()
    settled(page)
    assert number(page) == 16


@pytest.mark.usefixtures("large")
def test_a_tile_that_fails_is_said_and_the_list_stays(page: Any) -> None:
    page.route("**/karte/kacheln/**", lambda route: route.fulfill(status=503, body=""))
    page.goto("/karte/")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator(".org").first).to_be_visible()
    page.errors.clear()  # the browser notes the answers that were provoked


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("look", [{}, DARK, PHONE], ids=["light", "dark", "phone"])
def test_axe_finds_nothing_on_a_map_of_tiles(open_page: Callable[..., Any], look: dict[str, Any]) -> None:
    page = opened(open_page(**look), "/karte/?view=map&map=9/53.55/10")
    page.locator(".marken .heap, .marken .pin").first.wait_for()
    assert axe(page) == []


@pytest.mark.usefixtures("large")
def test_the_frame_has_tiles_too(page: Any) -> None:
    opened(page, "/karte/rahmen/?show=map&q=Bank")
    expect(page.locator(".marken .pin").first).to_be_visible()
    opened(page, "/karte/rahmen/?show=map&sector=energy")
    assert all("sector=energy" in one for one in page.asked)
    assert page.context.cookies() == []
