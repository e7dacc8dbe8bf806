"""Addresses for people."""

from django.urls import path

from allmende.cockpit import views

app_name = "cockpit"

urlpatterns = [
    path("genossenschaften/", views.cooperatives, name="cooperatives"),
    path("genossenschaft/<slug:slug>/", views.cooperative, name="cooperative"),
]
