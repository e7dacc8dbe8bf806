"""Addresses for programs: the age of the map as a table. It has no language of its own."""

from django.urls import path

from allmende.freshness import views

app_name = "freshness-api"

urlpatterns = [path("zahlen/frische.csv", views.network_csv, name="network_csv")]
