"""Addresses for people. Whatever reaches other people is slowed down."""

from django.urls import path

from allmende.circles.views import joining, notes, pages, planning
from allmende.web.limits import slow_down

app_name = "circles"

FOUNDING, JOINING, INVITING, LINKS = ("circles-founding", 12), ("circles-joining", 12), ("circles-inviting", 20), ("circles-links", 20)
WRITING = ("circles-writing", 60)

urlpatterns = [
    path("arbeitskreise/", pages.circles, name="circles"),
    path("arbeitskreise/neu/", slow_down(pages.new, *FOUNDING), name="new"),
    path("arbeitskreise/einladung/<str:token>/", slow_down(joining.mail_invitation, *LINKS), name="mail_invitation"),
    path("arbeitskreise/<int:pk>/einstellungen/", slow_down(pages.settings, *WRITING), name="settings"),
    path("arbeitskreise/<int:pk>/archiv/", slow_down(pages.archive, *WRITING), name="archive"),
    path("arbeitskreise/<int:pk>/beitreten/", slow_down(joining.join, *JOINING), name="join"),
    path("arbeitskreise/<int:pk>/antwort/", slow_down(joining.answer, *JOINING), name="answer"),
    path("arbeitskreise/<int:pk>/austreten/", joining.leave, name="leave"),
    path("arbeitskreise/<int:pk>/mitglieder/", slow_down(joining.members, *WRITING), name="members"),
    path("arbeitskreise/<int:pk>/mitglieder/<int:number>/", slow_down(joining.member, *WRITING), name="member"),
    path("arbeitskreise/<int:pk>/einladen/", slow_down(joining.invite, *INVITING), name="invite"),
    path("arbeitskreise/<int:pk>/einladungen/", slow_down(joining.withdraw, *WRITING), name="withdraw"),
    path("arbeitskreise/<int:pk>/koordination/", joining.name_coordinator, name="name_coordinator"),
    path("arbeitskreise/<int:pk>/notiz/neu/", slow_down(notes.new, *WRITING), name="new_note"),
    path("arbeitskreise/<int:pk>/notiz/<int:number>/", notes.note, name="note"),
    path("arbeitskreise/<int:pk>/notiz/<int:number>/bearbeiten/", slow_down(notes.edit, *WRITING), name="edit_note"),
    path("arbeitskreise/<int:pk>/notiz/<int:number>/entfernen/", slow_down(notes.remove, *WRITING), name="remove_note"),
    path("arbeitskreise/<int:pk>/notiz/<int:number>/fassungen/", notes.versions, name="versions"),
    path("arbeitskreise/<int:pk>/notiz/<int:number>/fassungen/<int:version>/", slow_down(notes.version, *WRITING), name="version"),
    path("arbeitskreise/<int:pk>/termine.ics", planning.calendar, name="calendar"),
    path("arbeitskreise/<int:pk>/kalender/", slow_down(planning.feed, *WRITING), name="feed"),
    path("arbeitskreise/<int:pk>/termin/neu/", slow_down(planning.new_date, *WRITING), name="new_date"),
    path("arbeitskreise/<int:pk>/termin/<int:number>/", slow_down(planning.date, *WRITING), name="date"),
    path("arbeitskreise/<int:pk>/link/neu/", slow_down(planning.new_link, *WRITING), name="new_link"),
    path("arbeitskreise/<int:pk>/link/<int:number>/", slow_down(planning.link, *WRITING), name="link"),
    path("arbeitskreise/<int:pk>/aufgabe/neu/", slow_down(planning.new_task, *WRITING), name="new_task"),
    path("arbeitskreise/<int:pk>/aufgabe/<int:number>/", slow_down(planning.task, *WRITING), name="task"),
    path("arbeitskreise/<int:pk>/aufgabe/<int:number>/haken/", slow_down(planning.tick, *WRITING), name="tick"),
    path("arbeitskreise/<int:pk>/<slug:slug>/", pages.circle, name="circle"),
]
