"""Addresses for programs: the API, the dumps, the schema and the catalogue. They have no language of their own."""

from django.urls import URLPattern, path
from django.views.generic import RedirectView

from allmende.opendata import api, views
from allmende.opendata.api import PREFIX
from allmende.web.answers import View, open_door
from allmende.web.short import door

app_name = "opendata-api"
DUMP_COST = 10  # a whole file weighs as much as ten small requests


def _operation(address: str, view: View, name: str) -> URLPattern:
    """An operation of the interface: the same for everybody, so it goes the short way in."""
    return path(PREFIX + address, door(open_door(view)), name=name)


urlpatterns = [
    path(PREFIX, RedirectView.as_view(pattern_name="opendata:interface"), name="root"),
    _operation("openapi.json", api.openapi, "openapi"),
    _operation("organisations", api.organisations, "organisations"),
    _operation("entries", api.entries, "entries"),
    _operation("organisations/<id>", api.organisation, "organisation"),
    _operation("terms", api.terms, "terms"),
    _operation("suggest", api.suggest, "suggest"),
    _operation("points", api.points, "points"),
    _operation("sources", api.sources, "sources"),
    _operation("version", api.version, "version"),
    path("daten/organisationen.csv", open_door(views.dump, cost=DUMP_COST), {"kind": "csv"}, name="csv"),
    path("daten/organisationen.geojson", open_door(views.dump, cost=DUMP_COST), {"kind": "geojson"}, name="geojson"),
    path("daten/organisationen.jsonld", open_door(views.dump, cost=DUMP_COST), {"kind": "jsonld"}, name="jsonld"),
    path("daten/schema.json", open_door(views.schema), name="schema"),
    path("daten/katalog.jsonld", open_door(views.catalogue), name="catalogue"),
]
