"""Addresses for people."""

from django.urls import path

from allmende.commons import views
from allmende.web.limits import slow_down

app_name = "commons"
ASKS_A_MINUTE = 5

urlpatterns = [
    path("datenregeln/", views.rules, name="rules"),
    path("datenregeln/vorschlagen/", views.propose, name="propose"),
    path("datenregeln/<int:number>/", views.version, name="version"),
    path("datenregeln/<int:number>/bearbeiten/", views.edit, name="edit"),
    path("datenregeln/<int:number>/oeffnen/", views.put_to_vote, name="put_to_vote"),
    path("datenregeln/<int:number>/verwerfen/", views.drop, name="drop"),
    path("datenregeln/<int:number>/abstimmen/", views.vote, name="vote"),
    path("datennutzung/", views.requests, name="requests"),
    path("datennutzung/anfragen/", slow_down(views.ask, "data-request", ASKS_A_MINUTE), name="ask"),
    path("datennutzung/angefragt/", views.asked, name="asked"),
    path("datennutzung/meine/<str:word>/", slow_down(views.own_request, "own-request", 20), name="own_request"),
    path("datennutzung/<uuid:uuid>/", views.data_request, name="request"),
    path("datennutzung/<uuid:uuid>/antworten/", views.answer, name="answer"),
    path("datennutzung/<uuid:uuid>/entscheiden/", views.decide, name="decide"),
]
