"""The page of an entry and its twins: what they say, what they keep to themselves, how they say no."""

import json
from datetime import timedelta
from typing import Any

import html5lib
import pytest
from django.test import Client
from django.utils import timezone

from allmende.directory.models import Belonging, Organisation, Place, Record, State
from tests.cast import HAMBURG, changed, organisation, source, term

pytestmark = pytest.mark.django_db
TWINS = ("json", "jsonld", "vcf", "svg")


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def places(item: Organisation, number: int) -> None:
    Place.objects.bulk_create(
        Place(
            organisation=item,
            label=f"Laden {n}",
            town="Bremen",
            country="DE",
            lat=53.07 + n / 100,
            lon=8.8,
            precision="exact",
            position=n + 1,
        )
        for n in range(number)
    )


@pytest.fixture
def hostsharing() -> Organisation:
    return organisation(
        "Hostsharing eG",
        "Hamburg",
        HAMBURG,
        sector="digital",
        terms=(("cooperation", "consumer"), ("activity", "hosting"), ("sdg", "9")),
        confirmed=timedelta(days=21),
        from_source=source("osm", "ODbL-1.0", name="OpenStreetMap", attribution="© OpenStreetMap contributors", url="https://osm.example"),
        summary="Hosting in eigener Hand.",
        summary_en="Hosting in our own hands.",
        description="Erster Absatz <b>.\n\nZweiter Absatz.",
        keywords=["freie Software", "C++ & C#"],
        languages=["de", "en", "xx"],
        founded=2000,
        website="https://www.hostsharing.net/ueber",
        register="GnR 1007",
    )


# ------------------------------------------------------------------------------------------------------------ the page


def test_the_page_says_what_a_visitor_wants_to_know(client: Client, hostsharing: Organisation) -> None:
    page = text(client, "/o/hostsharing-eg/")
    for said in (
        "<h1>Hostsharing eG</h1>",
        "Hosting in eigener Hand.",
        "<p>Erster Absatz &lt;b&gt;.</p>",
        "<p>Zweiter Absatz.</p>",
        "<dd>Hamburg, Deutschland</dd>",
        "<dd>2000</dd>",
        "Deutsch, Englisch, xx",
        "GnR 1007",
        '<a href="https://www.hostsharing.net/ueber" rel="noopener nofollow">hostsharing.net</a>',
        '<a class="tag" href="/karte/?q=C%2B%2B+%26+C%23">C++ &amp; C#</a>',
        '<a href="/karte/?sector=digital">digital</a>',
        '<li><b>9</b><a href="/karte/?sdg=9">9</a></li>',
        '<a href="geo:53.55110,9.99370">',
        "https://www.openstreetmap.org/?mlat=53.55110&amp;mlon=9.99370#map=17/53.55110/9.99370",
        '<a href="https://osm.example" rel="noopener nofollow">OpenStreetMap</a>',
        '<a href="https://opendatacommons.org/licenses/odbl/1-0/" rel="noopener">ODbL-1.0</a>',
        "© OpenStreetMap contributors",
        'href="/o/hostsharing-eg.vcf"',
        '<link rel="canonical" href="http://testserver/o/hostsharing-eg/">',
        '<link rel="alternate" type="application/ld+json" href="/o/hostsharing-eg.jsonld">',
        '<meta name="description" content="Hosting in eigener Hand.">',
        "web/sprite.svg#fresh-4",
    ):
        assert said in page
    assert "<script" not in page


@pytest.mark.parametrize("path", ["/o/hostsharing-eg/", "/en/o/hostsharing-eg/"])
def test_the_page_is_strict_html_without_cookies(client: Client, hostsharing: Organisation, path: str) -> None:
    places(hostsharing, 9)
    answer = client.get(path)
    html5lib.HTMLParser(strict=True).parse(answer.content)
    assert not answer.cookies


def test_each_language_shows_its_own_words_and_marks_the_others(client: Client, hostsharing: Organisation) -> None:
    english = text(client, "/en/o/hostsharing-eg/")
    assert '<p class="lead">Hosting in our own hands.</p>' in english
    assert 'aria-label="Description" lang="de"' in english
    assert 'href="/en/karte/?sector=digital"' in english
    assert "German, English, xx" in english
    Organisation.objects.update(summary="", description="")
    assert '<p class="lead" lang="en">Hosting in our own hands.</p>' in text(client, "/o/hostsharing-eg/")


@pytest.mark.parametrize(("age", "symbol"), [(None, "fresh-0"), (10, "fresh-4"), (120, "fresh-3"), (300, "fresh-2"), (500, "fresh-1")])
def test_freshness_is_told_by_symbol_and_words(client: Client, age: int | None, symbol: str) -> None:
    organisation("Alt eG", confirmed=None if age is None else timedelta(days=age))
    page = text(client, "/en/o/alt-eg/")
    assert f"#{symbol}" in page
    assert ("never yet confirmed by the organisation itself" in page) == (age is None)
    assert ("last confirmed by the organisation" in page) == (age is not None)


def test_an_entry_with_nothing_but_a_name_still_has_a_page(client: Client) -> None:
    organisation("Ä" * 200, slug="lang")
    page = text(client, "/en/o/lang/")
    assert "Nobody has described this organisation yet." in page
    assert "No place is known" in page
    assert "Entered here; not taken from any other source." in page
    assert "lang.svg" not in page
    assert client.get("/o/lang.svg").status_code == 404


def test_forty_places_are_all_there_most_of_them_folded(client: Client) -> None:
    item = organisation("Kette eG")
    places(item, 40)
    page = text(client, "/en/o/kette-eg/")
    assert page.count("<address>") == 40
    assert "32 more places" in page
    assert client.get("/o/kette-eg.svg").status_code == 200


@pytest.mark.parametrize(("precision", "words"), [("town", "centre of the town"), ("postcode", "centre of the postcode area")])
def test_a_point_that_is_not_exact_says_so(client: Client, precision: str, words: str) -> None:
    organisation("Ungefähr eG", "Hamburg", HAMBURG)
    Place.objects.update(precision=precision)
    page = text(client, "/en/o/ungefaehr-eg/")
    assert f"The ring on the map marks the {words}, not the house." in page
    assert "#map=12/" in page


def test_nobody_is_sent_to_the_middle_of_a_country(client: Client) -> None:
    organisation("Irgendwo eG", "", HAMBURG)
    Place.objects.update(precision="country")
    assert "geo:" not in text(client, "/o/irgendwo-eg/")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://example.org", "https://[broken", "//example.org"])
def test_only_addresses_of_the_web_become_links(client: Client, address: str) -> None:
    organisation("Böse eG", website=address, same_as=[address])
    assert f'href="{address}"' not in text(client, "/o/boese-eg/")


def test_what_is_gone_from_its_source_says_so(client: Client, hostsharing: Organisation) -> None:
    assert "no longer in the source" not in text(client, "/en/o/hostsharing-eg/")
    Record.objects.update(gone_at=timezone.now())
    assert "no longer in the source" in text(client, "/en/o/hostsharing-eg/")


def test_an_invented_entry_is_named_as_such(client: Client) -> None:
    organisation("Erdachte eG", is_demo=True)
    page = text(client, "/en/o/erdachte-eg/")
    assert "Invented example (demo)" in page
    assert "This organisation does not exist." in page


def test_networks_and_their_members_know_each_other(client: Client, hostsharing: Organisation) -> None:
    network = organisation("Netz", kind="network")
    hidden = organisation("Entwurf eG", state=State.DRAFT)
    for member in (hostsharing, hidden):
        Belonging.objects.create(network=network, member=member)
    page = text(client, "/en/o/netz/")
    assert '<a href="/en/o/hostsharing-eg/">Hostsharing eG</a>' in page
    assert "Entwurf eG" not in page
    assert '<a href="/en/karte/?network=netz">Show 1 member on the map</a>' in page
    assert '<a href="/en/o/netz/">Netz</a>' in text(client, "/en/o/hostsharing-eg/")
    Organisation.objects.filter(pk=network.pk).update(state=State.DRAFT)
    assert "/o/netz/" not in text(client, "/en/o/hostsharing-eg/")


def test_a_large_network_shows_a_hundred_and_leads_to_the_rest(client: Client) -> None:
    network = organisation("Netz", kind="network")
    members = Organisation.objects.bulk_create(Organisation(name=f"M {n:03} eG", slug=f"m-{n}") for n in range(102))
    Belonging.objects.bulk_create(Belonging(network=network, member=member) for member in members)
    page = text(client, "/en/o/netz/")
    assert "M 099 eG" in page
    assert "M 100 eG" not in page
    assert "Show all 102 members on the map" in page


# ----------------------------------------------------------------------------------------------------------- the twins


def test_the_json_is_the_public_export(client: Client, hostsharing: Organisation) -> None:
    answer = client.get("/o/hostsharing-eg.json")
    found = answer.json()
    assert (found["id"], found["name"], found["licence"]) == (str(hostsharing.uuid), "Hostsharing eG", "ODbL-1.0")
    assert found["url"] == "http://testserver/o/hostsharing-eg/"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("twin", "kind"),
    [("json", "application/json"), ("jsonld", "application/ld+json"), ("vcf", "text/vcard; charset=utf-8"), ("svg", "image/svg+xml")],
)
def test_twins_have_their_own_type_and_no_cookie(client: Client, hostsharing: Organisation, twin: str, kind: str) -> None:
    answer = client.get(f"/o/hostsharing-eg.{twin}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
    assert not answer.cookies


def test_the_picture_may_bring_its_colours_and_nothing_else(client: Client, hostsharing: Organisation) -> None:
    policy = client.get("/o/hostsharing-eg.svg").headers["Content-Security-Policy"]
    assert "style-src 'unsafe-inline'" in policy
    assert "script-src 'unsafe" not in policy
    assert "unsafe-inline" not in client.get("/o/hostsharing-eg/").headers["Content-Security-Policy"]


def test_what_is_not_public_is_nowhere(client: Client, hostsharing: Organisation) -> None:
    hidden = {"email": "verborgen@example.org", "phone": "+49 40 111222"}
    Organisation.objects.update(**hidden)
    Record.objects.update(raw={"email": "roh@example.org"})
    paths = ["/o/hostsharing-eg/", "/en/o/hostsharing-eg/", *(f"/o/hostsharing-eg.{twin}" for twin in TWINS)]
    for visibility in ("stewards", "members", "network"):
        Organisation.objects.update(visibility={"email": visibility, "phone": visibility})
        for path in paths:
            said = text(client, path)
            assert [one for one in (*hidden.values(), "roh@example.org") if one in said] == []
    Organisation.objects.update(visibility={"email": "public", "phone": "public"})
    for path in paths[:-1]:
        assert all(one in text(client, path) for one in hidden.values())


# --------------------------------------------------------------------------------------------------------------- no


@pytest.mark.parametrize("end", ["/", *(f".{twin}" for twin in TWINS)])
def test_a_merged_entry_leads_to_the_other_one(client: Client, hostsharing: Organisation, end: str) -> None:
    organisation("Alt", state=State.MERGED, merged_into=hostsharing)
    answer = client.get(f"/o/alt{end}")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/o/hostsharing-eg{end}")


def test_a_merged_entry_keeps_the_language(client: Client, hostsharing: Organisation) -> None:
    organisation("Alt", state=State.MERGED, merged_into=hostsharing)
    assert client.get("/en/o/alt/").headers["Location"] == "/en/o/hostsharing-eg/"


@pytest.mark.parametrize("end", ["/", *(f".{twin}" for twin in TWINS)])
def test_an_archived_entry_is_gone_and_says_so(client: Client, end: str) -> None:
    archived = organisation("Weg eG", "Hamburg", HAMBURG, state=State.ARCHIVED, email="w@example.org", visibility={"email": "public"})
    organisation("Vorher", state=State.MERGED, merged_into=archived)
    for slug in ("weg-eg", "vorher"):
        answer = client.get(f"/o/{slug}{end}")
        assert answer.status_code == 410
        assert "w@example.org" not in answer.content.decode()
    assert "This entry was taken off the map." in client.get("/en/o/weg-eg/").content.decode()


@pytest.mark.parametrize("slug", ["unbekannt", "entwurf-eg", "x" * 3000, "%00", "a%00b", "ä", "..%2F..", "%ff", "a.json", "<b>", "-", "_"])
@pytest.mark.parametrize("end", ["/", ".json", ".svg"])
def test_there_is_nothing_at_odd_addresses(client: Client, slug: str, end: str) -> None:
    organisation("Entwurf eG", state=State.DRAFT)
    assert client.get(f"/o/{slug}{end}").status_code in {400, 404}


@pytest.mark.parametrize("end", ["/", ".json"])
def test_entries_can_only_be_read(client: Client, hostsharing: Organisation, end: str) -> None:
    assert client.post(f"/o/hostsharing-eg{end}").status_code == 405
    assert client.head(f"/o/hostsharing-eg{end}").status_code == 200


# ---------------------------------------------------------------------------------------------------------- caching


@pytest.mark.parametrize("path", ["/o/hostsharing-eg/", *(f"/o/hostsharing-eg.{twin}" for twin in TWINS)])
def test_who_holds_this_version_gets_no_second_copy(client: Client, hostsharing: Organisation, path: str) -> None:
    first = client.get(path)
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.get(path, headers={"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 304
    assert first.headers["Cache-Control"] == "public, max-age=60"


def test_another_language_or_another_text_is_another_version(client: Client, hostsharing: Organisation) -> None:
    german = client.get("/o/hostsharing-eg/").headers["ETag"]
    assert client.get("/en/o/hostsharing-eg/").headers["ETag"] != german
    Organisation.objects.update(summary="Neu.")
    changed(hostsharing)
    assert client.get("/o/hostsharing-eg/", headers={"If-None-Match": german}).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("end", "questions"), [("/", 16), (".json", 5), (".jsonld", 6), (".vcf", 5), (".svg", 5)])
def test_more_rows_ask_no_more_questions(
    client: Client, rows: int, end: str, questions: int, django_assert_num_queries: Any, clear_cache: None
) -> None:
    network = organisation("Netz", kind="network")
    places(network, rows)
    for number in range(rows):
        member, origin = organisation(f"M {number} eG", "Hamburg", HAMBURG), source(f"quelle-{number}")
        Belonging.objects.create(network=network, member=member)
        Belonging.objects.create(network=organisation(f"Über {number}"), member=network)
        network.terms.add(term("sector", f"s{number}"))
        now = timezone.now()
        Record.objects.create(
            source=origin, remote_id="1", organisation=network, licence="CC0-1.0", digest="", retrieved_at=now, seen_at=now
        )
    with django_assert_num_queries(questions):
        assert client.get(f"/o/netz{end}").status_code == 200


@pytest.fixture
def clear_cache() -> None:
    from django.core.cache import cache

    cache.clear()


# -------------------------------------------------------------------------------------------------------- the browser


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("look", ["desk", "desk-dark", "phone", "desk-no-script"])
def test_the_page_reads_well_everywhere(open_page: Any, look: str) -> None:
    from tests.conftest import LOOKS, axe

    item = organisation(
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft eG", "Hamburg", HAMBURG, slug="lang"
    )
    places(item, 9)
    page = open_page(**LOOKS[look])
    page.goto("/o/lang/")
    picture = page.locator(".smallmap img")
    picture.scroll_into_view_if_needed()
    if look != "desk-no-script":
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 560
        assert axe(page) == []
        page.set_viewport_size({"width": 320, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert json.loads(page.request.get("/o/lang.json").text())["slug"] == "lang"
