"""No page reads a large table from end to end: every statement that a view issues is put before SQLite's planner.

SQLite plans by what indexes there are, PostgreSQL by how much lies in the tables, which is nothing here; both have the same indexes.
What is read once and kept in memory (the index, the vocabulary, the taxonomy) is read before; the tables that grow with the number of
entries are LARGE.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from allmende.atlas import queries, questions, vocabulary
from allmende.atlas.rules import Filters
from tests import cast

IS_SQLITE = connection.vendor == "sqlite"
pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not IS_SQLITE, reason="PostgreSQL plans by the size of its tables")]

LARGE = {
    "atlas_entry", "atlas_spot", "atlas_text", "atlas_names", "atlas_word", "atlas_change", "directory_organisation", "directory_place",
    "directory_record", "directory_confirmation", "directory_organisation_terms", "directory_belonging", "directory_revision",
}  # fmt: skip
FILTERS = (
    "", "q=solar", "q=solar+berlin&sector=energy", "sector=energy,food&fresh=6", "near=52.5,13.4&radius=25", "bbox=5,45,16,56&q=Strom",
    "country=DE&sort=name", "source=frei&sort=new", "network=netz&share_alike=0", "online=1&licence=CC0-1.0", "q=Solr",
)  # fmt: skip
TILES = ("0/0/0.mvt", "6/34/20.mvt", "14/8802/5373.geojson", "5/17/10.mvt?q=solar&sector=energy", "9/275/167.mvt?near=52.5,13.4")
PATHS = {
    "list": [f"/karte/?{query}" for query in FILTERS],
    "figures": [f"/zahlen/?{query}" for query in FILTERS],
    "pages": ["/", "/en/karte/?page=2", "/karte/rahmen/?show=list", "/karte/feed.atom?q=solar", "/daten/", "/o/solar-7/"],
    "programs": [f"/api/v1/{what}?{query}" for what in ("organisations", "points") for query in FILTERS],
    "map": [*(f"/karte/kacheln/{tile}" for tile in TILES), "/karte/orte.geojson?q=solar", "/netz.svg"],
    "typing": [f"/api/v1/suggest?q={q}" for q in ("so", "solar+k", "berl", "xyz")],
    "one": ["/api/v1/organisations/solar-7", "/api/v1/organisations?page=3&per_page=5", "/api/v1/sources", "/api/v1/version"],
    "harvest": ["/daten/katalog.jsonld", "/sitemap.xml", "/sitemap-1.xml"],
}


@pytest.fixture
def house() -> None:
    """Some of everything, and an index that is up to date."""
    net = cast.organisation("Netz")
    for number in range(30):
        item = cast.organisation(
            f"Solar {number}", "Berlin", (52.52, 13.4 + number / 100), slug=f"solar-{number}", sector=("energy", "food")[number % 2],
            from_source=cast.source("frei"), terms=(("cooperation", "worker"),),
        )  # fmt: skip
        item.belongs_to.create(network=net)
    cast.organisation("Berlin Solar Kollektiv")
    queries.search(Filters(q="solar"))
    vocabulary.current(), questions.exact("solar")


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("kind", PATHS)
def test_no_statement_reads_a_large_table_from_end_to_end(client: Client, kind: str) -> None:
    for path in PATHS[kind]:
        with planned() as faults:
            answer = client.get(path)
            if answer.streaming:
                b"".join(answer.streaming_content)  # type: ignore[arg-type]
        assert (path, answer.status_code, faults) == (path, 200, [])


def test_a_statement_that_does_is_told() -> None:
    with planned() as faults, connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM atlas_entry WHERE town = %s", ["Berlin"])
        cursor.execute("SELECT organisation_id FROM atlas_entry WHERE town = %s ORDER BY name LIMIT 5", ["Berlin"])
        cursor.execute("SELECT organisation_id FROM atlas_entry ORDER BY organisation_id LIMIT 5")
        cursor.execute("SELECT name FROM atlas_entry WHERE organisation_id = 5")
    assert [fault.split(":")[0] for fault in faults] == ["atlas_entry", "atlas_entry"]


# ----------------------------------------------------------------------------------------------------------- the planner


@contextmanager
def planned() -> Iterator[list[str]]:
    """Whatever is asked of the database in here is planned as well; what reads a large table whole is written down."""
    faults: list[str] = []
    asking = False

    def ask(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal asking
        if not asking and not many and sql.lstrip().upper().startswith(("SELECT", "WITH")):
            asking = True
            faults.extend(f"{table}: {sql}" for table in _read_whole(sql, params))
            asking = False
        return execute(sql, params, many, context)

    with connection.execute_wrapper(ask):
        yield faults


def _read_whole(sql: str, params: Any) -> list[str]:
    """A SCAN is all of a table, but for a virtual one, which tells what it looks up, and for the first few in the order of an index."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        steps = [row[3] for row in cursor.fetchall()]
    is_sorted = not any("TEMP B-TREE FOR ORDER BY" in step for step in steps)
    found = [re.match(r"SCAN (\w+)(.*)", step) for step in steps]
    return [
        one[1] for one in found if one and _table(one[1], sql) in LARGE and not _looks_up(one[2]) and not (is_sorted and "LIMIT" in sql)
    ]


def _looks_up(step: str) -> bool:
    return bool(re.search(r"VIRTUAL TABLE INDEX \d+:\S", step))


def _table(name: str, sql: str) -> str:
    """The table behind a name: `e` of `atlas_entry AS e`, `U0` of `"atlas_entry" U0`."""
    aliased = re.search(rf'"?(\w+)"? (?:AS )?"?{name}"?\b', sql) if name not in LARGE else None
    return aliased[1] if aliased else name
