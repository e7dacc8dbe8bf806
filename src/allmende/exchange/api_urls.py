"""Addresses for programs. They have no language."""

from django.urls import path

from allmende.exchange import api
from allmende.web.answers import open_door
from allmende.web.short import door

TIMES = 20  # whoever moves a map asks for many tiles

app_name = "exchange-api"

urlpatterns = [
    path("boerse/<int:pk>.json", door(open_door(api.listing_json)), name="listing_json"),
    path("boerse/<int:pk>.jsonld", door(open_door(api.listing_jsonld)), name="listing_jsonld"),
    path("boerse/orte.geojson", door(open_door(api.points)), name="points"),
    path("boerse/kacheln/<int:z>/<int:x>/<int:y>.mvt", door(open_door(api.tile, room="tiles", times=TIMES)), name="tile"),
    path("api/v1/listings", door(open_door(api.listings_json)), name="listings"),
]
