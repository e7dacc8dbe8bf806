"""Addresses for people."""

from django.urls import path

from allmende.opendata import views

app_name = "opendata"

urlpatterns = [
    path("daten/", views.data, name="data"),
    path("daten/schnittstelle/", views.interface, name="interface"),
]
