"""Addresses for people."""

from django.urls import path

from allmende.surplus import views

app_name = "surplus"

urlpatterns = [
    path("genossenschaft/<slug:slug>/ueberschuss/", views.years, name="years"),
    path("genossenschaft/<slug:slug>/ueberschuss/neu/", views.edit, name="new"),
    path("genossenschaft/<slug:slug>/ueberschuss/<uuid:uuid>/", views.year, name="year"),
    path("genossenschaft/<slug:slug>/ueberschuss/<uuid:uuid>/bearbeiten/", views.edit, name="edit"),
    path("genossenschaft/<slug:slug>/ueberschuss/<uuid:uuid>/buchen/", views.book, name="book"),
    path("genossenschaft/<slug:slug>/ueberschuss/<uuid:uuid>/zuruecknehmen/", views.reverse, name="reverse"),
    path("genossenschaft/<slug:slug>/ueberschuss/<uuid:uuid>/verwerfen/", views.drop, name="drop"),
]
