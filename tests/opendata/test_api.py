"""The door for programs: what it answers, how it refuses, what it tells caches."""

import gzip
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone
from jsonschema import Draft202012Validator

from allmende.atlas import lean, vocabulary
from allmende.atlas import queries as atlas
from allmende.directory.models import Organisation, Place, State
from allmende.opendata.documented import schema
from allmende.web.answers import takes_gzip
from tests.cast import BERLIN, HAMBURG, changed, organisation, source, term

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    """Typing errors are corrected by a vocabulary that is kept for seconds."""
    vocabulary.forget()


@pytest.fixture
def town() -> dict[str, Organisation]:
    """Three entries: two in Hamburg, one in Berlin under a share-alike licence."""
    open_street_map = source("osm", "ODbL-1.0", attribution="© OpenStreetMap contributors, ODbL 1.0", share_alike=True)
    return {
        "host": organisation(
            "Hostsharing eG", "Hamburg", HAMBURG, sector="digital", confirmed=timedelta(days=10), website="https://example.org"
        ),
        "brot": organisation("Brotkorb eG", "Hamburg", (53.56, 10.01), sector="food"),
        "dach": organisation("Dachgarten eG", "Berlin", BERLIN, sector="food", from_source=open_street_map),
    }


def names(answer: Any) -> list[str]:
    return [item["name"] for item in answer.json()["items"]]


def test_the_list_is_an_envelope_with_whole_entries(client: Client, town: dict[str, Organisation]) -> None:
    answer = client.get(f"{API}/organisations?sort=name&per_page=2").json()
    items = answer.pop("items")
    assert answer == {
        "total": 3,
        "page": 1,
        "pages": 2,
        "per_page": 2,
        "next": "http://testserver/api/v1/organisations?sort=name&page=2&per_page=2",
        "corrected": None,
    }
    assert [item["name"] for item in items] == ["Brotkorb eG", "Dachgarten eG"]
    assert items[1]["sources"][0]["attribution"] == "© OpenStreetMap contributors, ODbL 1.0"


def test_every_entry_obeys_the_published_schema(client: Client, town: dict[str, Organisation]) -> None:
    published = client.get("/daten/schema.json").json()
    assert published == schema("http://testserver")
    Draft202012Validator.check_schema(published)
    judge = Draft202012Validator(published, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for item in client.get(f"{API}/organisations").json()["items"]:
        judge.validate(item)
        assert set(item) - {"places_total", "whole"} == set(published["required"]) == set(published["properties"])


def test_of_many_places_a_list_has_the_first_and_the_entry_has_all(client: Client, django_assert_max_num_queries: Any) -> None:
    chain, one = organisation("Kette eG", "Hamburg", HAMBURG), organisation("Laden eG", "Wien", (48.2, 16.37), country="AT")
    Place.objects.bulk_create(
        Place(organisation=chain, town=f"Ort {n}", country="DE", lat=50 + n / 100, lon=10, precision="exact", position=n) for n in range(40)
    )
    changed(chain)
    atlas.version()  # the index in memory is up to date, as it mostly is
    with django_assert_max_num_queries(9):
        items = {item["name"]: item for item in client.get(f"{API}/organisations").json()["items"]}
    assert [place["town"] for place in items["Kette eG"]["places"]] == ["Hamburg", *(f"Ort {n}" for n in range(19))]
    assert [(item["places_total"], item["whole"]) for item in items.values()] == [
        (41, f"http://testserver/api/v1/organisations/{chain.uuid}"),
        (1, f"http://testserver/api/v1/organisations/{one.uuid}"),
    ]
    assert len(client.get(items["Kette eG"]["whole"]).json()["places"]) == 41


def test_the_small_list_has_a_line_and_a_pin_for_each(client: Client, town: dict[str, Organisation]) -> None:
    organisation("Überall eG", summary="Auf Deutsch", summary_en="In English")
    answer = client.get(f"{API}/entries?per_page=2&sort=name").json()
    items = answer.pop("items")
    assert answer == {
        "total": 4,
        "page": 1,
        "pages": 2,
        "per_page": 2,
        "next": "http://testserver/api/v1/entries?sort=name&page=2&per_page=2",
        "corrected": None,
    }
    assert [item["name"] for item in items] == ["Brotkorb eG", "Dachgarten eG"]
    (host,) = client.get(f"{API}/entries?q=hostshering&near=53.56,9.9937").json()["items"]
    assert host == {
        "id": str(town["host"].uuid),
        "slug": "hostsharing-eg",
        "name": "Hostsharing eG",
        "town": "Hamburg",
        "region": "",
        "country": "DE",
        "sector": "digital",
        "legal_form": "",
        "summary": "",
        "fresh": 4,
        "confirmed_on": (timezone.now() - timedelta(days=10)).date().isoformat(),
        "lat": 53.5511,
        "lon": 9.9937,
        "distance_km": 0.99,
        "is_demo": False,
    }
    everywhere = [client.get(f"{API}/entries?online=1", headers={"Accept-Language": one}).json()["items"][0] for one in ("de", "en")]
    assert [(item["summary"], item["lat"], item["lon"], item["distance_km"]) for item in everywhere] == [
        ("Auf Deutsch", None, None, None),
        ("In English", None, None, None),
    ]


@pytest.mark.parametrize(
    "query", ["", "q=eG", "near=53.55,10&radius=500", "sort=new", "sector=food", "bbox=9,53,11,54", "q=nichtsdergleichen"]
)
def test_both_lists_hold_the_same_in_the_same_order(client: Client, town: dict[str, Organisation], query: str) -> None:
    small, whole = (client.get(f"{API}/{name}?{query}").json() for name in ("entries", "organisations"))
    assert [(one["id"], one["slug"], one["confirmed_on"], one["is_demo"]) for one in small.pop("items")] == [
        (one["id"], one["slug"], one["confirmed_on"], one["is_demo"]) for one in whole.pop("items")
    ]
    assert small == whole


def test_a_small_list_is_made_once_until_the_index_changes(
    client: Client, town: dict[str, Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[int]] = []
    made = lean.entries
    monkeypatch.setattr(lean, "entries", lambda ids, filters: asked.append(ids) or made(ids, filters))  # type: ignore[func-returns-value]
    first, again = (client.get(f"{API}/entries?per_page=2") for _ in range(2))
    assert (len(asked), first.content, dict(first.headers)) == (1, again.content, dict(again.headers))
    assert client.get(f"{API}/entries?per_page=2", headers={"Accept-Language": "en"}).json() == first.json()
    organisation("Neu eG")
    assert client.get(f"{API}/entries?per_page=2").json()["total"] == 4
    assert len(asked) == 3


@pytest.mark.parametrize("name", ["entries", "organisations"])
def test_pages_end_before_they_cost_too_much(client: Client, town: dict[str, Organisation], name: str) -> None:
    """The last page of three million entries would mean to put them all in order."""
    assert client.get(f"{API}/{name}?page=100&per_page=100").status_code == 200
    refused = client.get(f"{API}/{name}?page=101&per_page=100", headers={"Accept-Language": "en"})
    assert (refused.status_code, refused.json()["detail"][:26]) == (400, "Pages end at entry 10000. ")


def test_pages_follow_each_other_and_end(client: Client, town: dict[str, Organisation]) -> None:
    seen, address = [], f"{API}/organisations?per_page=1&sort=name"
    while address:
        answer = client.get(address)
        seen += names(answer)
        address = (answer.json()["next"] or "").removeprefix("http://testserver")
    assert seen == ["Brotkorb eG", "Dachgarten eG", "Hostsharing eG"]
    assert client.get(f"{API}/organisations?page=9").json()["items"] == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("sector=food", ["Brotkorb eG", "Dachgarten eG"]),
        ("sector=digital,food&share_alike=0", ["Brotkorb eG", "Hostsharing eG"]),
        ("bbox=9,53,11,54", ["Brotkorb eG", "Hostsharing eG"]),
        ("near=53.5511,9.9937&radius=0.5", ["Hostsharing eG"]),
        ("licence=ODbL-1.0", ["Dachgarten eG"]),
        ("source=osm", ["Dachgarten eG"]),
        ("fresh=3", ["Hostsharing eG"]),
        ("q=hostsharing", ["Hostsharing eG"]),
        ("q=hostshering", ["Hostsharing eG"]),
    ],
)
def test_filters_are_those_of_the_map(client: Client, town: dict[str, Organisation], query: str, found: list[str]) -> None:
    assert sorted(names(client.get(f"{API}/organisations?{query}"))) == found


def test_one_entry_by_id_by_slug_and_after_a_merge(client: Client, town: dict[str, Organisation]) -> None:
    host, brot = town["host"], town["brot"]
    by_slug = client.get(f"{API}/organisations/{host.slug}").json()
    assert by_slug == client.get(f"{API}/organisations/{host.uuid}").json()
    assert by_slug["id"] == str(host.uuid)
    Organisation.objects.filter(pk=brot.pk).update(state=State.MERGED, merged_into=host)
    changed(brot)
    for reference in (brot.slug, brot.uuid):
        assert client.get(f"{API}/organisations/{reference}").json()["id"] == str(host.uuid)


def test_terms_and_sources_say_what_filters_take(client: Client, town: dict[str, Organisation]) -> None:
    term("sdg", "7", "Energie", "Energy")
    assert client.get(f"{API}/terms?tree=sdg").json() == {
        "items": [
            {
                "tree": "sdg",
                "key": "7",
                "parent": None,
                "name_de": "Energie",
                "name_en": "Energy",
                "note_de": "",
                "note_en": "",
                "codes": {},
            }
        ]
    }
    assert [one["tree"] for one in client.get(f"{API}/terms").json()["items"]] == ["sdg", "sector", "sector"]
    assert client.get(f"{API}/sources").json()["items"] == [
        {
            "key": "osm",
            "name": "Osm",
            "url": "",
            "licence": "ODbL-1.0",
            "attribution": "© OpenStreetMap contributors, ODbL 1.0",
            "share_alike": True,
            "is_demo": False,
            "count": 1,
        }
    ]


def test_suggestions_say_where_they_lead(client: Client, town: dict[str, Organisation]) -> None:
    found = client.get(f"{API}/suggest?q=Hostsh").json()["items"]
    assert [(one["type"], one["label"], one["url"]) for one in found] == [("organisation", "Hostsharing eG", "/o/hostsharing-eg/")]
    assert ("place", "place=Hamburg") in [(one["type"], one.get("query")) for one in client.get(f"{API}/suggest?q=Hamburg").json()["items"]]
    assert client.get(f"{API}/suggest?q=").json() == {"items": []}


def test_points_are_pins_and_piles(client: Client, town: dict[str, Organisation]) -> None:
    near = client.get(f"{API}/points?bbox=9.9,53.5,10.1,53.6&zoom=14")
    assert near.headers["Content-Type"] == "application/geo+json"
    pins = {one["properties"]["slug"]: one for one in near.json()["features"]}
    assert set(pins) == {"hostsharing-eg", "brotkorb-eg"}
    assert pins["hostsharing-eg"] == {
        "type": "Feature",
        "id": str(town["host"].uuid),
        "geometry": {"type": "Point", "coordinates": [9.9937, 53.5511]},
        "properties": {
            "slug": "hostsharing-eg",
            "name": "Hostsharing eG",
            "town": "Hamburg",
            "sector": "digital",
            "legal_form": "",
            "fresh": 4,
            "summary": "",
            "is_demo": False,
        },
    }
    far = client.get(f"{API}/points?zoom=3").json()["features"]
    assert sum(one["properties"].get("count", 1) for one in far) == 3
    assert client.get(f"{API}/points?bbox=9,53,11,54&zoom=6&sector=food").json()["features"][0]["properties"]["slug"] == "brotkorb-eg"


def test_several_on_one_spot_are_named(client: Client) -> None:
    for name in ("Eins eG", "Zwei eG"):
        organisation(name, "Wien", (48.2, 16.37), country="AT")
    (pile,) = client.get(f"{API}/points?bbox=16,48,17,49&zoom=18").json()["features"]
    assert pile["properties"] == {
        "count": 2,
        "bbox": [16.37, 48.2, 16.37, 48.2],
        "slugs": ["eins-eg", "zwei-eg"],
        "names": ["Eins eG", "Zwei eG"],
    }


def test_the_version_grows_with_a_change(client: Client, town: dict[str, Organisation]) -> None:
    before = client.get(f"{API}/version").json()["number"]
    organisation("Neu eG")
    assert client.get(f"{API}/version").json()["number"] > before


def test_an_unchanged_answer_is_304_until_something_changes(client: Client, town: dict[str, Organisation]) -> None:
    for path in (
        "organisations",
        "points?zoom=4",
        "terms",
        "sources",
        "version",
        "suggest?q=Ham",
        f"organisations/{town['host'].slug}",
        "openapi.json",
    ):
        first = client.get(f"{API}/{path}")
        again = client.get(f"{API}/{path}", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b""), path
    tag = client.get(f"{API}/organisations").headers["ETag"]
    organisation("Neu eG")
    assert client.get(f"{API}/organisations", headers={"If-None-Match": tag}).status_code == 200


def test_answers_are_compressed_cacheable_readable_everywhere_and_without_cookies(client: Client, town: dict[str, Organisation]) -> None:
    answer = client.get(f"{API}/organisations", headers={"Accept-Encoding": "br, gzip;q=0.5"})
    assert gzip.decompress(answer.content) == client.get(f"{API}/organisations").content
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert set(answer.headers["Vary"].split(", ")) == {"Accept-Encoding", "Accept-Language"}
    assert not answer.cookies


@pytest.mark.parametrize(
    ("said", "read"),
    [("gzip", True), ("br, gzip;q=0.5", True), ("*", True), ("", False), ("gzip;q=0", False), ("gzip;q=0.000", False), ("xgzip", False)],
)
def test_only_who_reads_gzip_gets_it(said: str, read: bool) -> None:
    assert takes_gzip(RequestFactory().get("/", headers={"Accept-Encoding": said})) is read


def test_head_options_and_writing(client: Client, town: dict[str, Organisation]) -> None:
    head = client.head(f"{API}/organisations")
    assert (head.status_code, head.content) == (200, b"")
    whole = client.get(f"{API}/organisations")
    assert (head.headers["Content-Length"], head.headers["ETag"]) == (whole.headers["Content-Length"], whole.headers["ETag"])
    options = client.options(f"{API}/organisations")
    assert (options.status_code, options.headers["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")
    refused = client.post(f"{API}/organisations", data=b"{}", content_type="application/json")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert refused.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("organisations?colour=red", 400),
        ("organisations?page=0", 400),
        ("organisations?page=1.5", 400),
        ("organisations?page=²", 400),
        ("organisations?per_page=101", 400),
        ("organisations?sector=unknown", 400),
        ("organisations?bbox=1,2,3", 400),
        ("organisations?bbox=0,0,0,91", 400),
        ("organisations?near=nan,1", 400),
        ("organisations?q=%00", 400),
        ("organisations?q=%FF", 400),
        ("organisations?q=" + "a" * 9000, 414),
        ("organisations/nobody", 404),
        ("organisations/00000000-0000-4000-8000-000000000000", 404),
        ("organisations/nobody?x=1", 400),
        ("points?zoom=99", 400),
        ("points?zoom=-1", 400),
        ("suggest", 400),
        ("suggest?q=a&limit=5", 400),
        ("terms?tree=oak", 400),
        ("version?x", 400),
        ("nothing", 404),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(client: Client, path: str, status: int) -> None:
    answer = client.get(f"{API}/{path}")
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json()["status"] == status
    assert answer.json()["detail"]


def test_the_refusal_speaks_the_language_of_the_asker(client: Client) -> None:
    german = client.get(f"{API}/organisations?page=0", headers={"Accept-Language": "de"})
    english = client.get(f"{API}/organisations?page=0", headers={"Accept-Language": "en"})
    assert english.json()["detail"] == "page must be a whole number between 1 and 10000."
    assert (german.headers["Content-Language"], english.headers["Content-Language"]) == ("de", "en")


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_costs_the_same_questions_whatever_its_length(
    client: Client, rows: int, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(rows):
        organisation(f"Reihe {number} eG", "Hamburg", HAMBURG, sector="food", from_source=source())
    atlas.version()  # the index in memory is up to date, as it mostly is
    with django_assert_max_num_queries(8):
        client.get(f"{API}/organisations")
    with django_assert_max_num_queries(5):
        client.get(f"{API}/points?zoom=10")
    with django_assert_num_queries(3):  # of which two read the version of the index
        client.get(f"{API}/entries")
