"""Addresses for people."""

from django.urls import path

from allmende.proposals.views import moving, reading, writing
from allmende.web.limits import slow_down

app_name = "proposals"
HERE = "genossenschaft/<slug:slug>/vorschlaege/"
ONE = HERE + "<int:year>-<int:serial>/"
WRITES_A_MINUTE = 30
INVITES_A_MINUTE = 10

urlpatterns = [
    path(HERE, reading.proposals, name="proposals"),
    path(HERE + "neu/", slow_down(writing.new, "proposal", WRITES_A_MINUTE), name="new"),
    path(HERE + "zulassung/", moving.admission, name="admission"),
    path(ONE, reading.proposal, name="proposal"),
    path(ONE + "bearbeiten/", slow_down(writing.edit, "proposal", WRITES_A_MINUTE), name="edit"),
    path(ONE + "fassungen/", reading.versions, name="versions"),
    path(ONE + "fassungen/<int:number>/", reading.version, name="version"),
    path(ONE + "unterstuetzen/", moving.support, name="support"),
    path(ONE + "schritt/", moving.step, name="step"),
    path(ONE + "schritt/<slug:kind>/", moving.reasoned, name="reasoned"),
    path(ONE + "lesbar/", moving.visibility, name="visibility"),
    path(ONE + "mitschreiben/", slow_down(moving.authors, "proposal-author", INVITES_A_MINUTE), name="authors"),
    path(ONE + "mitschreiben/antwort/", moving.answer, name="answer"),
]
