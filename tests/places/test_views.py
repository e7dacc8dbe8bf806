"""The basemap's tiles: no database, no session, kept for ever."""

import gzip

import pytest
from django.test import Client

from allmende.places import basemap, queries


def address(z: int, x: int, y: int) -> str:
    return queries.tile_template().replace("{z}/{x}/{y}", f"{z}/{x}/{y}")


def test_the_template_carries_the_version() -> None:
    assert queries.tile_template() == f"/karte/basis/{basemap.version()}/{{z}}/{{x}}/{{y}}.mvt"


def test_a_tile_comes_packed_and_may_be_kept_for_ever(client: Client) -> None:
    answer = client.get(address(6, 33, 21), headers={"accept-encoding": "gzip, br"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert answer["Content-Encoding"] == "gzip"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Accept-Encoding" in answer["Vary"]
    assert not answer.cookies
    assert b"land" in gzip.decompress(answer.content)


@pytest.mark.parametrize("accepts", ["", "identity", "gzip;q=0", "br"])
def test_who_cannot_unpack_gets_it_plain(client: Client, accepts: str) -> None:
    packed = client.get(address(6, 33, 21), headers={"accept-encoding": "gzip"})
    plain = client.get(address(6, 33, 21), headers={"accept-encoding": accepts})
    assert "Content-Encoding" not in plain
    assert plain.content == gzip.decompress(packed.content)


def test_rows_are_counted_from_the_north(client: Client) -> None:
    north, south = (len(client.get(address(1, 1, y), headers={"accept-encoding": "gzip"}).content) for y in (0, 1))
    assert north > south > 0  # Europe and Asia against Africa's south and Australia


@pytest.mark.parametrize(("z", "x", "y"), [(9, 0, 0), (0, 1, 0), (3, 8, 0), (3, 0, 8), (99999, 0, 0), (8, 10**30, 0)])
def test_outside_the_map_there_is_nothing(client: Client, z: int, x: int, y: int) -> None:
    answer = client.get(address(z, x, y))
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_an_empty_tile_is_no_content(client: Client) -> None:
    answer = client.get(address(8, 0, 0))
    assert (answer.status_code, answer.content) == (204, b"")


def test_an_old_version_leads_to_the_present_one(client: Client) -> None:
    answer = client.get("/karte/basis/0000000000/0/0/0.mvt")
    assert (answer.status_code, answer["Location"], answer["Cache-Control"]) == (302, address(0, 0, 0), "no-cache")


def test_tiles_are_only_read(client: Client) -> None:
    assert client.post(address(0, 0, 0)).status_code == 405
