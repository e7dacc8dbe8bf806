"""Addresses for programs."""

from django.urls import path

from allmende.projects import api

app_name = "projects-api"

urlpatterns = [path("projekte/<int:pk>.json", api.project_json, name="project_json")]
