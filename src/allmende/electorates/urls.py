"""Addresses for people."""

from django.urls import path

from allmende.electorates import views

app_name = "electorates"

urlpatterns = [
    path("genossenschaft/<slug:slug>/waehlerverzeichnis/<uuid:uuid>/", views.electorate, name="electorate"),
]
