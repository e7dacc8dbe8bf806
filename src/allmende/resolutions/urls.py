"""Addresses for people."""

from django.urls import path

from allmende.resolutions.views import reading, writing
from allmende.web.limits import slow_down

app_name = "resolutions"
HERE = "genossenschaft/<slug:slug>/beschluesse/"
ONE = HERE + "<int:year>/<int:serial>/"

urlpatterns = [
    path(HERE, reading.resolutions, name="resolutions"),
    path(HERE + "tabelle.csv", slow_down(reading.table, "resolutions-table", 20), name="table"),
    path(HERE + "neu/", writing.new, name="new"),
    path(HERE + "entwurf/<uuid:uuid>/", writing.draft, name="draft"),
    path(HERE + "entwurf/<uuid:uuid>/verwerfen/", writing.drop, name="drop"),
    path(ONE, reading.resolution, name="resolution"),
    path(ONE + "bericht/", slow_down(writing.report, "resolutions-report", 20), name="report"),
    path(ONE + "massnahme/", slow_down(writing.measure, "resolutions-measure", 30), name="measure"),
    path(ONE + "massnahme/<uuid:uuid>/", writing.settle, name="settle"),
    path(ONE + "planung/", writing.plan, name="plan"),
    path(ONE + "umgesetzt/", writing.finish, name="finish"),
    path(ONE + "aufheben/", writing.revoke, name="revoke"),
]
