"""Addresses for programs. They have no language."""

from django.urls import path

from allmende.resolutions import api
from allmende.web.answers import open_door

app_name = "resolutions-api"
HERE = "genossenschaft/<slug:slug>/beschluesse/"

urlpatterns = [
    path(HERE + "offen.json", open_door(api.open_json), name="open_json"),
    path(HERE + "offen.csv", open_door(api.open_csv), name="open_csv"),
]
