"""Addresses of the map for people."""

from django.urls import path

from allmende.atlas import figures, views

app_name = "atlas"

urlpatterns = [
    path("karte/", views.explorer, name="map"),
    path("karte/einbetten/", views.embed_form, name="embed_form"),
    path("karte/rahmen/", views.embed, name="embed"),
    path("karte/feed.atom", views.feed, name="feed"),
    path("zahlen/", figures.figures, name="figures"),
    path("zahlen/<slug:name>.csv", figures.figure_csv, name="figure_csv"),
]
