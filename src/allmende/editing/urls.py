"""Addresses for people."""

from django.urls import path

from allmende.editing.views import editing, entering, history
from allmende.web.limits import slow_down

app_name = "editing"

FORMS_A_MINUTE = 20
INVITATIONS_A_MINUTE = 10

urlpatterns = [
    path("eintragen/", slow_down(entering.new, "enter", FORMS_A_MINUTE), name="new"),
    path("eintragen/einladen/", slow_down(entering.invite, "invite-to-enter", INVITATIONS_A_MINUTE), name="invite"),
    path("o/<slug:slug>/eingetragen/", entering.entered, name="entered"),
    path("o/<slug:slug>/sichten/", entering.look, name="look"),
    path("o/<slug:slug>/bearbeiten/", editing.edit, name="edit"),
    path("o/<slug:slug>/bearbeiten/zusammenfuehren/", editing.settle, name="settle"),
    path("o/<slug:slug>/vom-netz/", editing.off, name="off"),
    path("o/<slug:slug>/verlauf/", history.history, name="history"),
    path("o/<slug:slug>/verlauf/<int:pk>/", history.revision, name="revision"),
    path("o/<slug:slug>/verlauf/<int:pk>/wiederherstellen/", history.restore, name="restore"),
]
