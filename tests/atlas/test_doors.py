"""What comes out of the doors is what the slow map says: the same answers with addresses, pages, caches and versions around them."""

import csv
import io
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from allmende.atlas import forms, queries
from allmende.atlas.rules import Filters
from allmende.ground.refusals import Refused
from tests.atlas import reference, test_reference
from tests.atlas.lives import Life, rolled_back
from tests.atlas.test_reference import LONG

pytestmark = pytest.mark.django_db
one_thread = test_reference.one_thread  # the fixture


@pytest.mark.parametrize("seed", range(3 * LONG))
def test_every_door_says_what_the_slow_map_says_also_of_what_is_undone(client: Client, seed: int) -> None:
    life = Life(seed)
    for _ in range(3):
        life.happen()
        look(client, life)
        with rolled_back():
            Life.happen(life)
            look(client, life)
        life.items = [item for item in life.items if type(item).objects.filter(pk=item.pk).exists()]
        look(client, life)


def look(client: Client, life: Life) -> None:
    """A few addresses as people and programs write them."""
    slow = reference.read()
    for _ in range(2):
        query = forms.to_query(life.question().but(sort=""))
        try:
            filters = forms.parse(QueryDict(query))
        except Refused:
            assert client.get(f"/api/v1/organisations?{query}").status_code == 400  # a network that is not public any more
            continue
        expected = slow.order(filters, timezone.now())
        if expected or not filters.q:
            same_listed(client, slow, query, expected)
            same_small(client, slow, query, filters)
            same_figures(client, query, len(expected))
        same_drawn(client, slow, query, filters)


def same_listed(client: Client, slow: reference.Slow, query: str, expected: list[int]) -> None:
    """Interface and page: the same entries in the same order."""
    slugs = [slow.entries[pk].slug for pk in expected]
    listed = client.get(f"/api/v1/organisations?{query}&per_page=100").json()
    assert (listed["total"], [one["slug"] for one in listed["items"]]) == (len(slugs), slugs)
    page: Any = client.get(f"/karte/?{query}")
    assert [entry.slug for entry in page.context["found"].entries] == slugs[:25]


def same_small(client: Client, slow: reference.Slow, query: str, filters: Filters) -> None:
    """A small result as a whole: all places wherever the map looks, best first."""
    expected = slow.order(filters.but(bbox=None), timezone.now())
    small = client.get(f"/karte/orte.geojson?{query}").json()
    placed = [slow.entries[pk].slug for pk in expected if slow.entries[pk].spots]
    assert (small["complete"], small["total"], [one["properties"]["slug"] for one in small["features"]]) == (True, len(expected), placed)


def same_figures(client: Client, query: str, total: int) -> None:
    """The figures count everything once where everything is one thing or another."""
    for name in ("freshness", "licence"):
        rows = csv.DictReader(io.StringIO(client.get(f"/zahlen/{name}.csv?{query}").content.decode()))
        assert sum(int(row["organisations"]) for row in rows) == total


def same_drawn(client: Client, slow: reference.Slow, query: str, filters: Filters) -> None:
    """All tiles of a zoom together hold every place once, as vectors count them and as GeoJSON."""
    places = len(list(slow.spots(filters, timezone.now())))
    for zoom in (0, 1):
        side = range(2**zoom)
        tiles = [client.get(f"/karte/kacheln/{zoom}/{x}/{y}.geojson?{query}").json() for x in side for y in side]
        counts = [one["properties"].get("count", 1) for one in sum((tile["features"] for tile in tiles), [])]
        assert sum(counts) == places
    assert client.get("/api/v1/version").json()["number"] == queries.version()[0]
