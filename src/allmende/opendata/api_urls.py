"""Addresses for programs: the API, the dumps, the schema and the catalogue. They have no language of their own."""

from collections.abc import Sequence

from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView

from allmende.opendata import views
from allmende.opendata.api import PREFIX, api, openapi
from allmende.web.answers import open_door

app_name = "opendata-api"
DUMP_COST = 10  # a whole file weighs as much as ten small requests


def _guarded(patterns: Sequence[URLPattern | URLResolver]) -> list[URLPattern]:
    """Ninja's operations behind the one door: methods, limit, CORS. Its own start page stays shut."""
    operations = [one for one in patterns if isinstance(one, URLPattern) and one.name != "api-root"]
    return [path(f"{PREFIX}{one.pattern}", open_door(one.callback), name=one.name) for one in operations]


urlpatterns = [
    path(PREFIX, RedirectView.as_view(pattern_name="opendata:interface"), name="root"),
    path(f"{PREFIX}openapi.json", open_door(openapi), name="openapi"),
    *_guarded(api.urls[0]),
    path("daten/organisationen.csv", open_door(views.dump, cost=DUMP_COST), {"kind": "csv"}, name="csv"),
    path("daten/organisationen.geojson", open_door(views.dump, cost=DUMP_COST), {"kind": "geojson"}, name="geojson"),
    path("daten/organisationen.jsonld", open_door(views.dump, cost=DUMP_COST), {"kind": "jsonld"}, name="jsonld"),
    path("daten/schema.json", open_door(views.schema), name="schema"),
    path("daten/katalog.jsonld", open_door(views.catalogue), name="catalogue"),
]
