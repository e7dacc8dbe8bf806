"""Addresses for programs: the check while somebody types."""

from django.urls import path

from allmende.duplicates import views

app_name = "duplicates-api"

urlpatterns = [path("dubletten/pruefen.json", views.check, name="check")]
