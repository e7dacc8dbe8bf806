"""Addresses for people. The folder is a lot of work, so it is slowed down."""

from django.urls import path

from allmende.auditing import views
from allmende.web.limits import slow_down

app_name = "auditing"

urlpatterns = [path("genossenschaft/<slug:slug>/pruefung/", slow_down(views.folder, "auditing", 10), name="folder")]
