"""Addresses for people. Whatever writes is slowed down."""

from django.urls import path

from allmende.feedback.views import asking, giving, reading
from allmende.web.limits import slow_down

app_name = "feedback"

ASKING, GIVING = ("feedback-asking", 20), ("feedback-giving", 30)

urlpatterns = [
    path("rueckmeldungen/", reading.rounds, name="rounds"),
    # two words after the number: one alone would be read as the title of a project
    path("projekte/<int:pk>/rueckmeldung/fragen/", slow_down(asking.ask, *ASKING), name="ask"),
    path("rueckmeldungen/<int:pk>/", reading.round_page, name="round"),
    path("rueckmeldungen/<int:pk>/auswertung/", reading.summary, name="summary"),
    path("rueckmeldungen/<int:pk>/geben/", slow_down(giving.give, *GIVING), name="give"),
    path("rueckmeldungen/<int:pk>/absagen/", slow_down(giving.decline, *GIVING), name="decline"),
    path("rueckmeldungen/<int:pk>/fragen/", slow_down(asking.correct, *ASKING), name="correct"),
    path("rueckmeldungen/<int:pk>/einladen/", slow_down(asking.invite, *ASKING), name="invite"),
    path("rueckmeldungen/<int:pk>/frist/", slow_down(asking.extend, *ASKING), name="extend"),
    path("rueckmeldungen/<int:pk>/abschluss/", slow_down(asking.close, *ASKING), name="close"),
    path("rueckmeldung/<int:pk>/antworten/", slow_down(asking.reply, *ASKING), name="reply"),
    path("rueckmeldung/<int:pk>/zuruecknehmen/", slow_down(giving.take_back, *GIVING), name="take_back"),
    path("rueckmeldung/<int:pk>/verwerfen/", slow_down(giving.drop, *GIVING), name="drop"),
]
