"""Addresses for maps: tiles, and small results as a whole. They have no language; what they say holds for everybody."""

from django.urls import URLPattern, path

from allmende.atlas import tiles
from allmende.web.answers import open_door
from allmende.web.short import door

app_name = "atlas-api"
TIMES = 20  # whoever moves a map asks for many tiles: so many times the rate of the interface


def _tile(kind: str, name: str) -> URLPattern:
    view = door(open_door(tiles.map_tile, room="tiles", times=TIMES))
    return path(f"karte/kacheln/<int:z>/<int:x>/<int:y>.{kind}", view, {"kind": kind}, name=name)


urlpatterns = [
    _tile("mvt", "tile"),
    _tile("geojson", "tile_geojson"),
    path("karte/orte.geojson", door(open_door(tiles.everything)), name="places"),
]
