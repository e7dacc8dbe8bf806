"""Addresses for people."""

from django.urls import path

from allmende.processes import views

app_name = "processes"
HERE = "genossenschaft/<slug:slug>/verfahren/"

urlpatterns = [
    path(HERE + "neu/", views.new, name="new"),
    path(HERE + "<uuid:uuid>/", views.process, name="process"),
    path(HERE + "<uuid:uuid>/bearbeiten/", views.edit, name="edit"),
    path(HERE + "<uuid:uuid>/verlegen/", views.move, name="move"),
    path(HERE + "<uuid:uuid>/beenden/", views.end, name="end"),
    path(HERE + "<uuid:uuid>/absagen/", views.call_off, name="call_off"),
]
