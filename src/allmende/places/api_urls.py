"""Addresses for programs."""

from django.urls import path

from allmende.places import views

app_name = "places-api"

urlpatterns = [path("karte/basis/<slug:version>/<int:z>/<int:x>/<int:y>.mvt", views.tile, name="tile")]
