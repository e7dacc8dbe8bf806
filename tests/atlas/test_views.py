"""The map page, the frame for other sites, its generator and the feed, as a browser without script gets them."""

import html
import json
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import html5lib
import pytest
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from allmende.atlas import queries, vocabulary
from tests.cast import BERLIN, HAMBURG, WIEN, organisation, source

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def cast(db: None) -> None:
    """Three with a place, one online only."""
    cache.clear()
    vocabulary.forget()
    organisation("Nordlicht Hosting eG", "Hamburg", HAMBURG, sector="digital", summary="Hosting für alle.", confirmed=9 * DAY)
    organisation("Wohnbund eG", "Berlin", BERLIN, sector="housing", from_source=source("offen", licence="ODbL-1.0"))
    organisation("Wiener Hof", "Wien", WIEN, sector="housing", country="AT", confirmed=400 * DAY)
    organisation("Hosting ohne Ort", sector="digital")


def get(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return html.unescape(response.content.decode())


def names(page: str) -> list[str]:
    """The entries of the list in order."""
    return re.findall(r'<h2><a href="/(?:en/)?o/[^"]+"[^>]*>([^<]+)</a></h2>', page)


def chosen(page: str, name: str) -> list[str]:
    """The chosen values of a select."""
    select = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.S)
    assert select
    return re.findall(r'value="([^"]*)" selected', select[0])


# --------------------------------------------------------------------------------------------------------------- list


def test_the_list_holds_real_links_and_says_how_many(client: Client) -> None:
    page = get(client, "/en/karte/")
    assert sorted(names(page)) == ["Hosting ohne Ort", "Nordlicht Hosting eG", "Wiener Hof", "Wohnbund eG"]
    assert '<p id="anzahl" class="meta" role="status"><b>4</b> organisations' in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=hosting", ["Nordlicht Hosting eG", "Hosting ohne Ort"]),
        ("sector=housing", ["Wiener Hof", "Wohnbund eG"]),
        ("sector=housing&country=AT", ["Wiener Hof"]),
        ("place=Hamburg&radius=30", ["Nordlicht Hosting eG"]),
        ("near=52.5,13.4", ["Wohnbund eG"]),
        ("fresh=6", ["Nordlicht Hosting eG"]),
        ("fresh=older", ["Wiener Hof"]),
        ("source=offen", ["Wohnbund eG"]),
        ("share_alike=0&sector=housing", ["Wiener Hof"]),
        ("bbox=16,48,17,49", ["Wiener Hof"]),
        ("online=1", ["Hosting ohne Ort"]),
    ],
)
def test_every_filter_works_as_a_plain_address(client: Client, query: str, found: list[str]) -> None:
    assert sorted(names(get(client, f"/en/karte/?{query}"))) == sorted(found)


def test_the_list_can_be_put_in_order(client: Client) -> None:
    assert names(get(client, "/en/karte/?sort=name")) == ["Hosting ohne Ort", "Nordlicht Hosting eG", "Wiener Hof", "Wohnbund eG"]
    assert names(get(client, "/en/karte/?sort=new"))[0] == "Hosting ohne Ort"


def test_the_form_shows_what_the_address_asks_for(client: Client) -> None:
    page = get(client, "/en/karte/?q=hof&sector=housing&fresh=older&place=Wien&radius=12.5&sort=name")
    assert 'name="q" type="search" maxlength="200" value="hof"' in page
    assert [chosen(page, name) for name in ("sector", "fresh", "radius", "sort")] == [["housing"], ["older"], ["12.5"], ["name"]]


def test_the_filters_are_folded_so_that_results_come_first_but_open_where_one_must_be_mended(client: Client) -> None:
    assert '<details class="more"><summary>' in get(client, "/en/karte/?sector=housing")
    assert '<details class="more" open><summary>' in get(client, "/en/karte/?place=Xyzzyheim")


def test_filters_without_a_field_survive_the_form(client: Client) -> None:
    page = get(client, "/en/karte/?online=1&share_alike=0")
    assert '<input type="hidden" name="online" value="1">' in page
    assert '<input type="hidden" name="share_alike" value="0">' in page


def test_each_active_filter_can_be_taken_away_alone(client: Client) -> None:
    page = get(client, "/en/karte/?q=hof&sector=housing")
    links = re.findall(r'<a class="chip" aria-current="true" data-filter href="([^"]+)"', page)
    assert links == ["/en/karte/?sector=housing", "/en/karte/?q=hof"]
    assert names(get(client, links[1])) == ["Wiener Hof"]


def test_a_typing_error_is_forgiven_and_named(client: Client) -> None:
    page = get(client, "/en/karte/?q=Hostnig")
    assert "Nothing for “Hostnig”. These are the results for <b>hosting</b>." in page
    assert sorted(names(page)) == ["Hosting ohne Ort", "Nordlicht Hosting eG"]


def test_an_unknown_place_is_said(client: Client) -> None:
    page = get(client, "/en/karte/?place=Xyzzyheim")
    assert "We do not know the place “Xyzzyheim”." in page
    assert names(page) == []


def test_nothing_found_comes_with_advice_and_a_way_out(client: Client) -> None:
    page = get(client, "/en/karte/?q=qqqqqqqq")
    assert "No organisation matches." in page
    assert re.search(r'<div class="empty">.*Nothing matches\..*href="/en/karte/"', page, re.S)


def test_a_long_list_has_pages_that_keep_the_filters(client: Client) -> None:
    for number in range(27):
        organisation(f"Haus {number:02}", "Berlin", BERLIN, sector="housing")
    first, second = (get(client, f"/en/karte/?sector=housing&page={page}") for page in (1, 2))
    assert [len(names(first)), len(names(second))] == [25, 4]
    assert 'data-page href="?sector=housing&page=2"' in first
    assert set(names(first)).isdisjoint(names(second))
    beyond = get(client, "/en/karte/?sector=housing&page=9")
    assert "There are only 2 pages." in beyond


def test_the_number_of_queries_does_not_grow_with_the_list(client: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    get(client, "/en/karte/?sector=housing")
    for number in range(9):
        organisation(f"Haus {number}", "Berlin", BERLIN, sector="housing")
    cache.clear()
    queries.version()  # the index in memory is up to date, as it mostly is
    with django_assert_max_num_queries(20):
        assert len(names(get(client, "/en/karte/?sector=housing"))) == 11


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("colour=red", "Unknown parameter: colour."),
        ("sector=nonsense", "“nonsense” is not known here."),
        ("page=0", "page must be a number from 1 to 400."),
        ("page=²", "page must be a number from 1 to 400."),
        ("page=401", "page must be a number from 1 to 400."),
        ("bbox=1,2,3", "bbox must be four numbers"),
        ("near=91,0", "lies outside the Earth"),
    ],
)
def test_a_broken_address_is_refused_with_a_sentence(client: Client, query: str, sentence: str) -> None:
    assert sentence in get(client, f"/en/karte/?{query}", status=400)


def test_an_invisible_character_does_not_pass(client: Client) -> None:
    get(client, "/karte/?q=%00", status=400)


def test_what_people_type_is_never_markup(client: Client) -> None:
    page = client.get("/en/karte/", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page


# ---------------------------------------------------------------------------------------------------------------- map


def test_the_map_element_knows_its_files_tiles_and_where_to_look(client: Client) -> None:
    page = html5lib.parse(client.get("/en/karte/?sector=housing&bbox=5,45,17,56&sort=name").content, namespaceHTMLElements=False)
    settings = page.find(".//allmende-map").attrib
    assert settings["data-maplibre"] == "/static/web/vendor/maplibre-gl/maplibre-gl.mjs"
    assert settings["data-query"] == "sector=housing"
    assert settings["data-tiles"].endswith("/{z}/{x}/{y}.mvt")
    assert [float(part) for part in settings["data-extent"].split(",")] == pytest.approx([13.405, 48.2082, 16.3738, 52.52], abs=0.001)
    assert json.loads(settings["data-sectors"])["housing"] == "quadrat korn"


def test_each_row_knows_where_its_pins_are(client: Client) -> None:
    page = get(client, "/en/karte/?q=hosting")
    points = {slug: json.loads(where) for slug, where in re.findall(r'data-slug="([^"]+)" data-points="([^"]*)"', page)}
    assert points["hosting-ohne-ort"] == []
    assert [[round(number, 2) for number in point] for point in points["nordlicht-hosting-eg"]] == [[53.55, 9.99]]
    assert page.count('data-select="') == 1


def test_the_selected_row_is_marked_and_the_phone_can_be_sent_to_the_map(client: Client) -> None:
    page = get(client, "/en/karte/?select=wiener-hof&view=map")
    assert re.findall(r'<article class="row org sel" data-slug="([^"]+)"', page) == ["wiener-hof"]
    assert 'data-view="karte">' in page


def test_without_script_the_map_says_that_the_list_is_the_same(client: Client) -> None:
    assert "The map needs JavaScript. The list holds the same entries and filters." in get(client, "/en/karte/")


def test_everything_of_others_is_credited(client: Client) -> None:
    credit = re.search(r'<p class="credit">(.*?)</p>', get(client, "/en/karte/"))
    assert credit
    assert re.sub(r"<[^>]+>", "", credit[1]) == "Natural Earth · © OpenStreetMap contributors · GeoNames"


def test_a_filtered_page_is_not_for_search_engines(client: Client) -> None:
    assert '<meta name="robots" content="noindex, follow">' in get(client, "/karte/?sector=housing")
    assert '<meta name="robots"' not in get(client, "/karte/")


def test_a_guest_is_not_sent_the_same_page_twice(client: Client) -> None:
    for address in ("/karte/?sector=housing", "/en/karte/", "/karte/rahmen/"):
        first = client.get(address)
        assert (first.headers["Cache-Control"], "Cookie" in first.headers["Vary"]) == ("no-cache", True)
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        other = address + ("&" if "?" in address else "?") + "page=2"
        assert client.get(other, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    tag = client.get("/karte/").headers["ETag"]
    assert tag != client.get("/en/karte/").headers["ETag"]
    organisation("Neu eG")
    assert client.get("/karte/", headers={"If-None-Match": tag}).status_code == 200


def test_the_frame_may_stand_on_any_site_also_where_it_has_not_changed(client: Client) -> None:
    tag = client.get("/karte/rahmen/").headers["ETag"]
    again = client.get("/karte/rahmen/", headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert "X-Frame-Options" not in again.headers
    assert "frame-ancestors *" in again.headers["Content-Security-Policy"]


def test_who_is_known_gets_a_page_of_their_own_each_time(client: Client) -> None:
    """Also who only says so: a guest's page never comes out of a cache for somebody who has signed in meanwhile."""
    tag = client.get("/karte/").headers["ETag"]
    client.cookies[settings.SESSION_COOKIE_NAME] = "unbekannt"
    page = client.get("/karte/", headers={"If-None-Match": tag})
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "private, no-cache")
    assert "ETag" not in page.headers


# -------------------------------------------------------------------------------------------------------------- embed


def frame(client: Client, query: str = "") -> HttpResponse:
    response: HttpResponse = client.get(f"/en/karte/rahmen/{query}")
    assert response.status_code == 200
    return response


def test_the_frame_may_stand_on_any_site_and_sets_no_cookie(client: Client) -> None:
    response = frame(client)
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in response.headers
    assert dict(response.cookies) == {}


def test_other_pages_may_not_be_framed(client: Client) -> None:
    response = client.get("/karte/")
    assert response.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


def test_the_frame_is_bare_and_leads_back_in_a_window_of_its_own(client: Client) -> None:
    page = html.unescape(frame(client, "?sector=housing").content.decode())
    assert '<meta name="robots" content="noindex">' in page
    assert '<header class="mast">' not in page and '<footer class="foot">' not in page
    assert re.search(r'<a href="/en/karte/\?sector=housing" target="_blank" rel="noopener">', page)
    assert re.findall(r'<h2><a href="[^"]+"( target="_blank" rel="noopener")?>', page) == [' target="_blank" rel="noopener"'] * 2


@pytest.mark.parametrize(("show", "has_list", "has_map"), [("both", True, True), ("map", False, True), ("list", True, False)])
def test_the_frame_shows_what_was_chosen(client: Client, show: str, has_list: bool, has_map: bool) -> None:
    page = frame(client, f"?show={show}").content.decode()
    assert ('id="ergebnis"' in page, "<allmende-map" in page) == (has_list, has_map)


def test_the_generator_gives_code_feed_and_file_for_the_choice(client: Client) -> None:
    page = get(client, "/en/karte/einbetten/?sector=housing&show=map&height=400")
    code = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)
    assert code
    source_of = re.search(r'<iframe src="([^"]+)" width="100%" height="400" title="[^"]+" loading="lazy"></iframe>', code[1])
    assert source_of
    address = urlsplit(source_of[1])
    assert (address.netloc, address.path, parse_qs(address.query)) == (
        "testserver",
        "/en/karte/rahmen/",
        {"sector": ["housing"], "show": ["map"]},
    )
    assert client.get(source_of[1]).status_code == 200
    assert 'href="http://testserver/en/karte/feed.atom?sector=housing"' in page
    assert 'href="http://testserver/daten/organisationen.geojson?sector=housing"' in page


@pytest.mark.parametrize("query", ["show=all", "height=9000", "height=", "frame=1"])
def test_the_generator_refuses_what_it_does_not_offer(client: Client, query: str) -> None:
    assert client.get(f"/karte/einbetten/?{query}").status_code == (200 if query == "height=" else 400)


# --------------------------------------------------------------------------------------------------------------- feed


def test_the_feed_holds_what_matches_under_names_that_stay(client: Client) -> None:
    response = client.get("/en/karte/feed.atom?sector=housing")
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(response.content)
    assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == ["Wiener Hof", "Wohnbund eG"]
    ids = [entry.findtext(f"{ATOM}id") or "" for entry in feed.iter(f"{ATOM}entry")]
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", one) for one in ids)
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    assert feed.findtext(f"{ATOM}updated")


def test_an_unchanged_feed_is_not_sent_again(client: Client) -> None:
    first = client.get("/karte/feed.atom")
    again = client.get("/karte/feed.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert first.headers["Last-Modified"]
    organisation("Neu eG", "Wien", WIEN)
    changed = client.get("/karte/feed.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert "Neu eG" in changed.content.decode()


def test_the_feed_refuses_unknown_filters(client: Client) -> None:
    assert client.get("/karte/feed.atom?colour=red").status_code == 400
