"""Addresses for people."""

from django.urls import path

from allmende.opinions.views import answering, running, showing
from allmende.web.limits import slow_down

app_name = "opinions"
ANSWERS_A_MINUTE = 120
STATEMENTS_A_MINUTE = 10
HERE = "genossenschaft/<slug:slug>/meinungsbilder/"
ONE = HERE + "<uuid:uuid>/"
STATEMENT = ONE + "aussagen/<int:number>/"

urlpatterns = [
    path(HERE, showing.landscapes, name="opinions"),
    path(HERE + "neu/", running.new, name="new"),
    path(ONE, showing.landscape, name="landscape"),
    path(ONE + "zahlen.csv", showing.csv, name="csv"),
    path(ONE + "zahlen.json", showing.json, name="json"),
    path(ONE + "antwort/", slow_down(answering.answer, "opinion", ANSWERS_A_MINUTE), name="answer"),
    path(ONE + "meine/", answering.own, name="own"),
    path(ONE + "aussagen/", slow_down(answering.statements, "opinion-statement", STATEMENTS_A_MINUTE), name="statements"),
    path(ONE + "aussagen/aehnliche/", answering.alike, name="alike"),
    path(STATEMENT + "ausblenden/", running.hide, name="hide"),
    path(STATEMENT + "einblenden/", running.unhide, name="unhide"),
    path(STATEMENT + "entfernen/", running.remove, name="remove"),
    path(ONE + "bearbeiten/", running.edit, name="edit"),
    path(ONE + "oeffnen/", running.open_it, name="open"),
    path(ONE + "schliessen/", running.close, name="close"),
    path(ONE + "frist/", running.move, name="move"),
    path(ONE + "veroeffentlichen/", running.publish, name="publish"),
    path(ONE + "verwerfen/", running.discard, name="discard"),
]
