"""Addresses for programs. They have no language."""

from django.urls import path

from allmende.exchange import api
from allmende.web.answers import open_door
from allmende.web.short import door

app_name = "exchange-api"

urlpatterns = [
    path("boerse/<int:pk>.json", door(open_door(api.listing_json)), name="listing_json"),
    path("boerse/<int:pk>.jsonld", door(open_door(api.listing_jsonld)), name="listing_jsonld"),
    path("api/v1/listings", door(open_door(api.listings_json)), name="listings"),
]
