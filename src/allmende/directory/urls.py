"""Addresses for people."""

from django.urls import path

from allmende.directory import views

app_name = "directory"

urlpatterns = [path("o/<slug:slug>/", views.organisation, name="organisation")]
