"""Addresses for programs. They have no language."""

from django.urls import path

from allmende.contributions import api
from allmende.web.answers import open_door
from allmende.web.short import door

app_name = "contributions-api"

urlpatterns = [
    path("api/v1/cooperatives/openapi.json", door(open_door(api.openapi)), name="openapi"),
    path("api/v1/cooperatives/<slug:slug>/contributions", api.contributions, name="contributions"),
]
