"""Addresses for people."""

from django.urls import path

from allmende.calendars import views

app_name = "calendars"

urlpatterns = [path("mein/kalender/", views.calendar, name="calendar")]
