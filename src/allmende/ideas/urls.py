"""Addresses for people. Whatever writes is slowed down."""

from django.urls import path

from allmende.ideas.views import reading, running, writing
from allmende.web.limits import slow_down

app_name = "ideas"
A_MINUTE = 30
HERE = "genossenschaft/<slug:slug>/ideen/"
ONE = HERE + "<uuid:uuid>/"

urlpatterns = [
    path(HERE, reading.ideas, name="ideas"),
    path(HERE + "neu/", slow_down(writing.new, "ideas", A_MINUTE), name="new"),
    path(HERE + "aehnlich/", reading.similar, name="similar"),
    path(ONE, reading.idea, name="idea"),
    path(ONE + "bearbeiten/", slow_down(writing.edit, "ideas", A_MINUTE), name="edit"),
    path(ONE + "fassungen/", reading.editions, name="editions"),
    path(ONE + "unterstuetzen/", slow_down(writing.support, "ideas-support", 60), name="support"),
    path(ONE + "zurueckziehen/", writing.withdraw, name="withdraw"),
    path(ONE + "zurueckholen/", writing.bring_back, name="bring_back"),
    path(ONE + "antworten/", running.answer, name="answer"),
    path(ONE + "zusammenlegen/", slow_down(running.merge, "ideas", A_MINUTE), name="merge"),
    path(ONE + "zusammenlegen/antwort/", running.answer_wish, name="answer_wish"),
    path(ONE + "trennen/", running.separate, name="separate"),
    path(ONE + "sichtbarkeit/", running.show, name="show"),
    path(ONE + "ausblenden/", running.hide, name="hide"),
    path(ONE + "einblenden/", running.unhide, name="unhide"),
]
