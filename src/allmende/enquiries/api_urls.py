"""Addresses for programs: the figures as a table. It has no language of its own."""

from django.urls import path

from allmende.enquiries.views import asking

app_name = "enquiries-api"

urlpatterns = [path("boerse/zahlen.csv", asking.numbers_csv, name="figures_csv")]
