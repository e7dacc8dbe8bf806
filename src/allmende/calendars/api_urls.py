"""The address for calendar programs, the same in all languages."""

from django.urls import path

from allmende.calendars import views

app_name = "calendars-api"

urlpatterns = [path("kalender/<str:word>.ics", views.feed, name="feed")]
