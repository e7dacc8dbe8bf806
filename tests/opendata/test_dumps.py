"""Everything at once: formats, filters, the nightly files and when they are handed out."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from rdflib import Graph, URIRef

from allmende.atlas import actions
from allmende.atlas import queries as atlas
from allmende.directory import tables
from allmende.directory.models import Organisation
from allmende.ground import trail
from allmende.opendata import dumps, nightly, queries
from allmende.opendata.jobs import write_dumps
from tests.atlas.lives import Life, rolled_back
from tests.cast import BERLIN, HAMBURG, changed, organisation, source

# rdflib reads JSON-LD through a class of its own that it has deprecated.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")]
BASE = "http://testserver"


@pytest.fixture
def three() -> list[Organisation]:
    """One with a place, one with the worst of texts, one online only under a share-alike licence."""
    return [
        organisation("Hostsharing eG", "Hamburg", HAMBURG, sector="digital", confirmed=timedelta(days=1)),
        organisation('=SUM("A;B"),\n+1 eG', "Berlin", BERLIN, slug="formel", keywords=["a;b", "c\\d", "ü, ß"]),
        organisation("Überall eG", from_source=source("osm", "ODbL-1.0", attribution="© OpenStreetMap contributors, ODbL 1.0")),
    ]


@pytest.fixture
def house(settings: Any, tmp_path: Path) -> Path:
    """A var/ folder of its own, and an address for what is written at night."""
    settings.VAR = tmp_path
    settings.ADDRESS = BASE
    return tmp_path


def body(client: Client, path: str, **headers: str) -> bytes:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)  # type: ignore[arg-type]  # a synchronous stream


def exported() -> list[dict[str, Any]]:
    return list(queries.organisations(dumps.Filters(), BASE))


def test_the_csv_comes_back_without_loss(client: Client, three: list[Organisation]) -> None:
    rows = list(csv.DictReader(io.StringIO(body(client, "/daten/organisationen.csv").decode(), newline="")))
    assert [tables.from_row(row) for row in rows] == exported()
    assert rows[1]["name"] == '=SUM("A;B"),\n+1 eG'
    assert client.get("/daten/organisationen.csv").headers["Content-Type"] == "text/csv; charset=utf-8; header=present"


def test_the_geojson_has_a_point_or_none_and_names_who_must_be_named(client: Client, three: list[Organisation]) -> None:
    found = json.loads(body(client, "/daten/organisationen.geojson"))
    assert found["attribution"] == ["© OpenStreetMap contributors, ODbL 1.0"]
    assert [one["properties"] for one in found["features"]] == exported()
    points = [{"type": "Point", "coordinates": [9.9937, 53.5511]}, {"type": "Point", "coordinates": [13.405, 52.52]}, None]
    assert [one["geometry"] for one in found["features"]] == points
    assert [one["id"] for one in found["features"]] == [str(one.uuid) for one in three]


def test_the_json_ld_is_rdf_with_every_entry(client: Client, three: list[Organisation]) -> None:
    graph = Graph().parse(data=body(client, "/daten/organisationen.jsonld").decode(), format="json-ld")
    named = {str(name) for name in graph.objects(None, URIRef("https://schema.org/name"))}
    assert {"Hostsharing eG", "Überall eG"} <= named


@pytest.mark.parametrize("kind", list(dumps.FORMATS))
def test_an_empty_house_gives_an_empty_file(client: Client, kind: str) -> None:
    text = body(client, f"/daten/organisationen.{kind}").decode()
    if kind == "csv":
        assert text == ",".join(tables.COLUMNS) + "\r\n"
    else:
        assert json.loads(text)["features" if kind == "geojson" else "@graph"] == []


def test_filters_narrow_the_file_and_share_alike_can_stay_out(client: Client, three: list[Organisation]) -> None:
    def slugs(query: str) -> list[str]:
        return [one["properties"]["slug"] for one in json.loads(body(client, f"/daten/organisationen.geojson?{query}"))["features"]]

    assert slugs("share_alike=0") == ["hostsharing-eg", "formel"]
    assert slugs("online=1") == ["ueberall-eg"]
    assert slugs("q=hostsharing&sector=digital") == ["hostsharing-eg"]
    assert slugs("country=CH") == []


@pytest.mark.parametrize("query", ["x=1", "sector=none", "bbox=a", "page=2", "radius=-1", "fresh=7", "q=%00", "share_alike=maybe"])
@pytest.mark.parametrize("kind", list(dumps.FORMATS))
def test_what_cannot_be_is_refused_before_the_stream_begins(client: Client, kind: str, query: str) -> None:
    assert client.get(f"/daten/organisationen.{kind}?{query}").status_code == 400


def test_the_stream_is_compressed_on_its_way_and_has_a_version(client: Client, three: list[Organisation]) -> None:
    packed = client.get("/daten/organisationen.csv", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(b"".join(packed.streaming_content)) == body(client, "/daten/organisationen.csv")  # type: ignore[arg-type]
    tag, moment = packed.headers["ETag"], packed.headers["Last-Modified"]
    assert client.get("/daten/organisationen.csv", headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/daten/organisationen.csv", headers={"If-Modified-Since": moment}).status_code == 304
    assert client.get("/daten/organisationen.csv?country=DE", headers={"If-None-Match": tag}).status_code == 200
    organisation("Neu eG")
    assert client.get("/daten/organisationen.csv", headers={"If-None-Match": tag}).status_code == 200


def test_head_tells_of_the_file_without_a_length_that_is_not_known(client: Client, three: list[Organisation]) -> None:
    head = client.head("/daten/organisationen.csv")
    assert (head.status_code, b"".join(head.streaming_content)) == (200, b"")  # type: ignore[arg-type]
    assert "Content-Length" not in head.headers


def test_memory_holds_one_chunk(three: list[Organisation], monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any) -> None:
    monkeypatch.setattr(queries, "CHUNK", 2)
    atlas.version()  # the index in memory is up to date, as it mostly is
    entries = queries.organisations(dumps.Filters(), BASE)
    with django_assert_max_num_queries(7):
        next(entries)
    assert len(list(entries)) == 2


def test_an_entry_withdrawn_meanwhile_is_left_out(three: list[Organisation], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "CHUNK", 1)
    entries = queries.organisations(dumps.Filters(), BASE)
    next(entries)
    Organisation.objects.filter(pk=three[1].pk).update(state="archived")
    assert [one["slug"] for one in entries] == ["ueberall-eg"]


def test_an_entry_that_is_share_alike_meanwhile_is_left_out_of_what_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "CHUNK", 1)
    free = [organisation(f"Frei {number}") for number in range(3)]
    entries = queries.organisations(dumps.Filters(share_alike=False), BASE)
    assert next(entries)["slug"] == "frei-0"
    Organisation.objects.filter(pk=free[1].pk).update(licence="ODbL-1.0")
    changed(free[1])
    assert [one["slug"] for one in entries] == ["frei-2"]


def test_the_nightly_file_is_given_out_while_it_is_true(client: Client, three: list[Organisation], house: Path) -> None:
    assert write_dumps() == "organisationen.csv.gz, organisationen.geojson.gz, organisationen.jsonld.gz"
    file = house / "dumps" / "organisationen.csv.gz"
    plain = client.get("/daten/organisationen.csv")
    packed = client.get("/daten/organisationen.csv", headers={"Accept-Encoding": "gzip"})
    assert b"".join(packed.streaming_content) == file.read_bytes()  # type: ignore[arg-type]
    assert b"".join(plain.streaming_content) == gzip.decompress(file.read_bytes())  # type: ignore[arg-type]
    assert (plain.headers["Content-Length"], packed.headers["Content-Length"]) == (
        str(len(gzip.decompress(file.read_bytes()))),
        str(file.stat().st_size),
    )
    organisation("Neu eG")
    assert b"Neu eG" in body(client, "/daten/organisationen.csv")


def test_the_nightly_file_is_not_given_out_for_filters_or_another_address(client: Client, three: list[Organisation], house: Path) -> None:
    write_dumps()
    assert body(client, "/daten/organisationen.csv?sector=digital").count(b"\r\n") == 2
    other = client.get("/daten/organisationen.csv", headers={"Host": "localhost"})
    assert b"http://localhost/o/hostsharing-eg/" in b"".join(other.streaming_content)  # type: ignore[arg-type]


def test_a_failed_night_leaves_the_last_file_and_no_pieces(three: list[Organisation], house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nightly.write()
    before = {path.name: path.read_bytes() for path in (house / "dumps").iterdir()}

    def broken(*_: object) -> Iterator[dict[str, Any]]:
        raise OSError("no space left")
        yield {}

    monkeypatch.setattr(queries, "exported", broken)
    with pytest.raises(OSError, match="no space left"):
        nightly.write()
    assert {path.name: path.read_bytes() for path in (house / "dumps").iterdir()} == before


def test_a_broken_card_or_missing_file_means_no_nightly_file(three: list[Organisation], house: Path) -> None:
    form = dumps.FORMATS["csv"]
    assert nightly.current(form, BASE) is None
    nightly.write()
    assert nightly.current(form, BASE)
    card = house / "dumps" / "organisationen.csv.json"
    for broken in ("{", "[]", "{}", '{"base": "http://testserver", "number": "x"}'):
        card.write_text(broken)
        assert nightly.current(form, BASE) is None


def test_another_night_leaves_nothing_of_the_last_one(three: list[Organisation], house: Path) -> None:
    nightly.write()
    names = len(list((house / "dumps").iterdir()))
    organisation("Neu eG")
    nightly.write()
    assert len(list((house / "dumps").iterdir())) == names == 9
    assert nightly.current(dumps.FORMATS["csv"], BASE).is_whole  # type: ignore[union-attr]


def test_a_night_that_ends_while_somebody_begins_to_fetch_spoils_nothing(three: list[Organisation], house: Path) -> None:
    nightly.write()
    organisation("Neu eG")
    file = nightly.current(dumps.FORMATS["csv"], BASE)
    nightly.write()
    assert file
    assert b"".join(file.unpacked_blocks()) == b"".join(dumps.stream(file.form, dumps.Filters(), BASE))


def test_only_pieces_that_changed_are_written_anew(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nightly, "PIECE", 2)
    items = [organisation(f"Reihe {number}") for number in range(10)]
    nightly.write()
    changed(items[4])
    items[9].delete()
    trail.record("directory.organisations_changed", organisations=[items[8].pk + 1])
    asked: list[list[int]] = []
    exported = queries.exported
    monkeypatch.setattr(queries, "exported", lambda pks, base: (asked.append(list(pks)), exported(pks, base))[1])
    form = dumps.FORMATS["geojson"]
    file = nightly.current(form, BASE)
    assert file
    body = b"".join(file.unpacked_blocks())
    assert asked == [[items[4].pk, items[5].pk], [items[8].pk]]
    assert [one["properties"]["name"] for one in json.loads(body)["features"]] == [f"Reihe {number}" for number in range(9)]


@pytest.mark.parametrize("seed", range(4))
def test_after_anything_happened_the_file_of_the_night_is_the_stream_byte_for_byte(
    house: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(nightly, "PIECE", 3)
    life = Life(seed)
    life.happen()
    for step in range(6):
        if step % 3 == 0:
            nightly.write()
        life.happen()
        for form in dumps.FORMATS.values():
            whole = b"".join(dumps.stream(form, dumps.Filters(), BASE))
            file = nightly.current(form, BASE)
            assert file
            assert b"".join(file.unpacked_blocks()) == whole
            assert gzip.decompress(b"".join(file.packed_blocks())) == whole


def test_when_everything_was_built_anew_the_file_of_the_night_is_not_known_to_be_true(three: list[Organisation], house: Path) -> None:
    nightly.write()
    actions.rebuild()
    assert nightly.current(dumps.FORMATS["csv"], BASE) is None


def test_what_is_rolled_back_did_not_change_the_file_of_the_night(three: list[Organisation], house: Path) -> None:
    nightly.write()
    with rolled_back():
        organisation("Nie gewesen eG")
    organisation("Gewesen eG")
    text = b"".join(nightly.current(dumps.FORMATS["csv"], BASE).unpacked_blocks())  # type: ignore[union-attr]
    assert b"Gewesen eG" in text and b"Nie gewesen" not in text
