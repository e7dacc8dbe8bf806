"""Addresses for programs."""

from django.urls import path

from allmende.editing.views import addresses

app_name = "editing-api"

urlpatterns = [
    path("eintragen/ort.json", addresses.place_json, name="place"),
    path("eintragen/ort.svg", addresses.place_map, name="place_map"),
]
