"""Addresses for people."""

from django.urls import path

from allmende.amendments import views
from allmende.web.limits import slow_down

app_name = "amendments"
OF = "genossenschaft/<slug:slug>/vorschlaege/<int:year>-<int:serial>/aenderungen/"
WRITES_A_MINUTE = 20

urlpatterns = [
    path(OF + "neu/", slow_down(views.new, "amendment", WRITES_A_MINUTE), name="new"),
    path(OF + "<int:number>/", views.amendment, name="amendment"),
    path(OF + "<int:number>/bearbeiten/", slow_down(views.edit, "amendment", WRITES_A_MINUTE), name="edit"),
    path(OF + "<int:number>/entscheiden/", views.decide, name="decide"),
    path(OF + "<int:number>/ablehnen/", views.reject, name="reject"),
]
