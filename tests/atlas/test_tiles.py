"""What maps ask for: tiles with all filters, everything at once, and how long it may be kept."""

import gzip
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from mapbox_vector_tile import decode

from allmende.atlas import tiles
from allmende.atlas.rules import DEEPEST, Filters, project, unproject
from allmende.directory.models import Organisation, Place
from tests import cast
from tests.cast import BERLIN, HAMBURG, WIEN

pytestmark = pytest.mark.django_db
STRANGER = {"REMOTE_ADDR": "203.0.113.7"}


def tile_of(at: tuple[float, float], z: int) -> tuple[int, int, int]:
    x, y = project(*at)
    return z, x >> (DEEPEST - z), y >> (DEEPEST - z)


def address(part: tuple[int, int, int], kind: str = "mvt", query: str = "") -> str:
    return f"/karte/kacheln/{part[0]}/{part[1]}/{part[2]}.{kind}" + (f"?{query}" if query else "")


def drawn(client: Client, part: tuple[int, int, int] = (0, 0, 0), query: str = "") -> list[dict[str, Any]]:
    """The features of a vector tile: properties with `lat` and `lon`."""
    answer = client.get(address(part, query=query))
    assert answer.status_code == 200
    (_zoom, x, y), side = part, DEEPEST - part[0]
    read = decode(answer.content, default_options={"y_coord_down": True})
    if not read:
        return []
    assert (list(read), read["entries"]["extent"]) == (["entries"], 1 << side)
    found = []
    for one in read["entries"]["features"]:
        right, down = one["geometry"]["coordinates"]
        lat, lon = unproject((x << side) + right + 0.5, (y << side) + down + 0.5)
        found.append({**one["properties"], "lat": round(lat, 5), "lon": round(lon, 5)})
    return found


def test_an_empty_map_has_empty_tiles(client: Client) -> None:
    assert client.get(address((0, 0, 0))).content == b""
    assert client.get(address((0, 0, 0), "geojson")).json() == {"type": "FeatureCollection", "features": []}


def test_a_single_entry_is_told_as_in_the_list_and_stands_exactly_where_it_is(client: Client) -> None:
    cast.organisation(
        "Hofladen", "Wien", WIEN, sector="food", country="AT", summary="Gemüse", summary_en="Vegetables", confirmed=timedelta(days=3)
    )
    (one,) = drawn(client)
    assert one == {
        "slug": "hofladen",
        "name": "Hofladen",
        "town": "Wien",
        "sector": "food",
        "legal_form": "",
        "fresh": 4,
        "summary": "Gemüse",
        "summary_en": "Vegetables",
        "is_demo": False,
        "lat": 48.2082,
        "lon": 16.3738,
    }


def test_a_heap_says_how_many_and_where_they_lie(client: Client) -> None:
    cast.organisation("A", "Berlin", (52.52, 13.40))
    cast.organisation("B", "Berlin", (52.53, 13.41))
    (heap,) = drawn(client, tile_of(BERLIN, 3))
    assert heap["count"] == 2
    assert [heap[side] for side in ("west", "south", "east", "north")] == pytest.approx([13.40, 52.52, 13.41, 52.53], abs=1e-5)
    assert "slugs" not in heap


def test_those_under_one_roof_are_named(client: Client) -> None:
    for name in ("Erste", "Zweite"):
        cast.organisation(name, "Berlin", BERLIN)
    (heap,) = drawn(client, tile_of(BERLIN, 14))
    assert (heap["count"], heap["slugs"], heap["names"]) == (2, "erste\nzweite", "Erste\nZweite")
    assert (heap["west"], heap["south"]) == (heap["east"], heap["north"])


@pytest.mark.parametrize("zoom", [0, 3, 9, 18])
def test_every_place_lies_in_one_tile_of_each_zoom_and_no_other(client: Client, zoom: int) -> None:
    spots = [BERLIN, HAMBURG, WIEN, (-33.9, 18.4), (-18.1, 178.4)]
    for number, at in enumerate(spots):
        cast.organisation(f"O{number}", "Ort", at)
    parts = {tile_of(at, zoom) for at in spots}
    assert sum(one.get("count", 1) for part in parts for one in drawn(client, part)) == len(spots)


def test_all_filters_hold(client: Client) -> None:
    cast.organisation("Hof", "Wien", WIEN, sector="food", country="AT")
    cast.organisation("Strom", "Hamburg", HAMBURG, sector="energy")
    for query in ("sector=food", "q=Hof", "country=at", "near=48.2,16.4&radius=10", "sector=food&q=hof&fresh=never"):
        assert [one["name"] for one in drawn(client, query=query)] == ["Hof"], query
    assert drawn(client, query="q=Hof&sector=energy") == []
    (heap,) = drawn(client, query="bbox=10,50,11,51&sort=name")
    assert heap["count"] == 2  # a tile is a box itself, and has no order


def test_geojson_says_the_same(client: Client) -> None:
    cast.organisation("Hof", "Wien", WIEN, sector="food", country="AT", summary="Gemüse")
    for name in ("Erste", "Zweite"):
        cast.organisation(name, "Berlin", BERLIN)
    answer = client.get(address((5, 17, 10), "geojson"))
    assert answer.headers["Content-Type"] == "application/geo+json"
    (heap,) = answer.json()["features"]
    assert heap["properties"] | {"bbox": None} == {"count": 2, "bbox": None, "slugs": ["erste", "zweite"], "names": ["Erste", "Zweite"]}
    (pin,) = client.get(address(tile_of(WIEN, 9), "geojson")).json()["features"]
    assert pin["geometry"]["coordinates"] == pytest.approx([WIEN[1], WIEN[0]], abs=1e-5)
    (vector,) = drawn(client, tile_of(WIEN, 9))
    assert pin["properties"] == {name: value for name, value in vector.items() if name not in {"lat", "lon"}}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("/karte/kacheln/19/0/0.mvt", "18"),
        ("/karte/kacheln/3/8/0.mvt", "7"),
        ("/karte/kacheln/3/0/8.geojson", "7"),
        ("/karte/kacheln/99999999999999999999/0/0.mvt", "18"),
        ("/karte/kacheln/0/0/0.mvt?sector=nichts", "nichts"),
        ("/karte/kacheln/0/0/0.mvt?farbe=rot", "farbe"),
        ("/karte/orte.geojson?radius=viel", "radius"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(client: Client, wrong: str, said: str) -> None:
    answer = client.get(wrong)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert said in answer.json()["detail"]


def test_what_is_not_public_is_on_no_tile(client: Client) -> None:
    hidden = cast.organisation("Geheim", "Wien", WIEN)
    Organisation.objects.filter(pk=hidden.pk).update(state="draft")
    cast.changed(hidden)
    assert drawn(client) == []
    assert client.get("/karte/orte.geojson").json()["features"] == []


# ---- how long it may be kept


def test_under_the_present_version_it_is_kept_for_ever_and_under_no_other(client: Client) -> None:
    cast.organisation("Hof", "Wien", WIEN)
    now = tiles.version()
    assert client.get(address((0, 0, 0), query=f"v={now}")).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for query in ("", "v=", "v=1", f"v={now}0"):
        assert client.get(address((0, 0, 0), query=query)).headers["Cache-Control"] == "public, max-age=60"
    cast.organisation("Neu", "Wien", WIEN)
    stale = client.get(address((0, 0, 0), query=f"v={now}"))
    assert (stale.status_code, stale.headers["Cache-Control"]) == (200, "public, max-age=60")
    assert tiles.version() != now


def test_what_changes_while_it_is_answered_is_kept_under_no_version(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.organisation("Hof", "Wien", WIEN)
    now, real = tiles.version(), tiles.body

    def late(*args: Any) -> bytes:
        made = real(*args)
        cast.organisation("Neu", "Hamburg", HAMBURG)
        return made

    monkeypatch.setattr(tiles, "body", late)
    answer = client.get(address((2, 2, 1), query=f"v={now}"))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=60")
    monkeypatch.undo()
    assert len(drawn(client, (6, 33, 20))) + len(drawn(client, (6, 34, 22))) == 2


def test_a_new_day_is_a_new_version(monkeypatch: pytest.MonkeyPatch) -> None:
    today = tiles.localdate()
    before = tiles.version()
    monkeypatch.setattr(tiles, "localdate", lambda: today + timedelta(days=1))
    assert tiles.version() != before


def test_who_has_it_already_is_told_so(client: Client) -> None:
    cast.organisation("Hof", "Wien", WIEN)
    first = client.get(address((0, 0, 0)))
    again = client.get(address((0, 0, 0)), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    others = [
        client.get(address((1, 0, 0))),
        client.get(address((0, 0, 0), "geojson")),
        client.get(address((0, 0, 0), query="q=Hof")),
        client.get("/karte/orte.geojson"),
    ]
    assert len({first.headers["ETag"], *(one.headers["ETag"] for one in others)}) == 5
    cast.organisation("Neu", "Wien", WIEN)
    assert client.get(address((0, 0, 0)), headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_it_is_packed_for_whoever_can_unpack(client: Client) -> None:
    cast.organisation("Hof", "Wien", WIEN)
    plain = client.get(address((0, 0, 0)))
    packed = client.get(address((0, 0, 0)), headers={"Accept-Encoding": "br, gzip"})
    assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(packed.content) == plain.content
    assert packed.headers["Content-Length"] == str(len(packed.content))
    assert "Content-Encoding" not in plain.headers


def test_every_site_may_read_and_nobody_gets_a_cookie(client: Client) -> None:
    for path in (address((0, 0, 0)), "/karte/orte.geojson"):
        answer = client.get(path)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert not answer.cookies
        assert client.head(path).content == b""
        assert client.post(path).status_code == 405
    assert answer.headers["Vary"] == "Accept-Encoding"  # not by language, not by cookie


def test_maps_may_ask_often_but_not_without_end(client: Client, settings: Any) -> None:
    settings.API_RATE = 1
    asked = [client.get(address((0, 0, 0)), **STRANGER).status_code for _ in range(22)]  # type: ignore[arg-type]
    assert asked == [200] * 20 + [429] * 2
    assert client.get("/karte/orte.geojson", **STRANGER).status_code == 200  # type: ignore[arg-type]


def test_a_tile_held_in_memory_asks_for_the_version_only(django_assert_num_queries: Any) -> None:
    for number in range(30):
        cast.organisation(f"O{number}", "Ort", (50 + number * 0.3, 8 + number * 0.2))
    here, beside = tile_of((53, 10), 8), tile_of((51.5, 9), 8)
    tiles.answer("", here, "mvt")
    with django_assert_num_queries(4):  # the version before, with and after it; the entries that stand alone
        tiles.answer("", beside, "mvt")
    with django_assert_num_queries(1):
        tiles.answer("", beside, "mvt")


# ---- everything at once


def whole(client: Client, query: str = "") -> dict[str, Any]:
    answer = client.get("/karte/orte.geojson" + (f"?{query}" if query else ""))
    assert answer.headers["Content-Type"] == "application/geo+json"
    found: dict[str, Any] = answer.json()
    return found


def test_a_small_result_comes_as_a_whole_with_all_places(client: Client) -> None:
    item = cast.organisation("Bank", "Berlin", BERLIN, sector="finance")
    Place.objects.create(organisation=item, town="Hamburg", lat=HAMBURG[0], lon=HAMBURG[1], precision="town")
    cast.changed(item)
    cast.organisation("Hof", "Wien", WIEN, sector="food")
    cast.organisation("Überall", sector="food")
    found = whole(client)
    assert (found["total"], found["complete"], len(found["features"])) == (3, True, 2)
    places = {one["properties"]["slug"]: one["geometry"]["coordinates"] for one in found["features"]}
    assert places == {"bank": [[13.405, 52.52], [9.9937, 53.5511]], "hof": [[16.3738, 48.2082]]}
    assert [one["properties"]["slug"] for one in whole(client, "sector=food")["features"]] == ["hof"]


def test_a_typing_error_is_forgiven_as_in_the_list(client: Client) -> None:
    cast.organisation("Energiehof", "Wien", WIEN)
    assert [one["properties"]["slug"] for one in whole(client, "q=Enrgiehof")["features"]] == ["energiehof"]


def test_what_is_too_much_is_only_counted(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        cast.organisation(f"O{number}", "Ort", (50 + number * 0.3, 8))
    monkeypatch.setattr(tiles, "LITTLE", 2)
    found = whole(client)
    assert (found["total"], found["complete"], found["features"]) == (3, False, [])
    monkeypatch.setattr(tiles, "LITTLE", 3)
    monkeypatch.setattr(tiles, "MOST_PLACES", 2)
    tiles._whole.cache_clear()
    assert whole(client)["complete"] is False


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="TESTS WITH GDAL SKIPPED: ogrinfo is absent")
def test_gdal_reads_a_tile(client: Client, tmp_path: Path) -> None:
    """A foreign program, inside QGIS: places are where they are, also in records with long varints."""
    z, x, y = part = tile_of(WIEN, 8)
    for number in range(30):
        at = unproject((8 * x + number % 8 + 0.5) * 2**19, (8 * y + number // 8 + 0.5) * 2**19)  # in the middle of a cell
        cast.organisation(f"Hof {number}", "Wien", at, country="AT")
    file = tmp_path / f"{y}.mvt"
    file.write_bytes(client.get(address(part)).content)
    asked = ["ogrinfo", "-ro", "-al", "-oo", f"X={x}", "-oo", f"Y={y}", "-oo", f"Z={z}", str(file)]
    report = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    found = drawn(client, part)
    assert len(found) == 30
    assert "Feature Count: 30" in report and f"name (String) = {found[0]['name']}" in report
    right, up = (float(number) for number in re.search(r"POINT \((\S+) (\S+)\)", report).groups())  # type: ignore[union-attr]
    assert (right / 111319.4907932) == pytest.approx(found[0]["lon"], abs=1e-5)
    assert up > 6_000_000


def test_tiles_can_be_made_without_a_request() -> None:
    cast.organisation("Hof", "Wien", WIEN)
    assert tiles.body(Filters(), 0, 0, 0, "mvt") == gzip.decompress(tiles.answer("", (0, 0, 0), "mvt", accepts="gzip").body)
