"""Addresses for programs: the twins of an entry's page. They have no language of their own."""

from django.urls import path

from allmende.directory import views

app_name = "directory-api"

urlpatterns = [
    path("o/<slug:slug>.json", views.organisation_json, name="organisation_json"),
    path("o/<slug:slug>.jsonld", views.organisation_jsonld, name="organisation_jsonld"),
    path("o/<slug:slug>.vcf", views.organisation_vcard, name="organisation_vcard"),
    path("o/<slug:slug>.svg", views.organisation_map, name="organisation_map"),
]
