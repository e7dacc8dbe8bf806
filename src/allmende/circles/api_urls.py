"""Addresses for programs: the calendar feed, the same in all languages."""

from django.urls import path

from allmende.circles.views import planning

app_name = "circles-api"

urlpatterns = [path("arbeitskreise/kalender/<str:word>.ics", planning.calendar_feed, name="calendar_feed")]
