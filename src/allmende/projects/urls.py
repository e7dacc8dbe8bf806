"""Addresses for people. What is sent is slowed down. The readable address of a project comes last: see rules.TAKEN_WORDS."""

from django.urls import path

from allmende.projects import feeds
from allmende.projects.views import pages, parts, writing
from allmende.web.limits import slow_down

app_name = "projects"
A_MINUTE = 20

urlpatterns = [
    path("projekte/", pages.projects, name="projects"),
    path("projekte/neu/", slow_down(writing.new, "projects", A_MINUTE), name="new"),
    path("projekte/meine/", pages.mine, name="mine"),
    path("projekte/feed.atom", feeds.feed, name="feed"),
    path("projekte/<int:pk>/", pages.found, name="found"),
    path("projekte/<int:pk>/bearbeiten/", slow_down(writing.edit, "projects", A_MINUTE), name="edit"),
    path("projekte/<int:pk>/veroeffentlichen/", writing.publish, name="publish"),
    path("projekte/<int:pk>/entwurf/", writing.unpublish, name="unpublish"),
    path("projekte/<int:pk>/verwerfen/", writing.discard, name="discard"),
    path("projekte/<int:pk>/schritt/", slow_down(writing.step, "projects", A_MINUTE), name="step"),
    path("projekte/<int:pk>/schritt/<int:number>/zuruecknehmen/", writing.take_back_step, name="take_back_step"),
    path("projekte/<int:pk>/pitch/", pages.pitch, name="pitch"),
    path("projekte/<int:pk>/uebernehmen/", slow_down(writing.adopt, "projects", A_MINUTE), name="adopt"),
    path("projekte/<int:pk>/neues/", slow_down(writing.add_update, "projects", A_MINUTE), name="add_update"),
    path("projekte/<int:pk>/neues/<int:number>/", slow_down(writing.edit_update, "projects", A_MINUTE), name="edit_update"),
    path("projekte/<int:pk>/gesucht/", slow_down(writing.want, "projects", A_MINUTE), name="want"),
    path("projekte/<int:pk>/beteiligte/", slow_down(parts.parts, "projects", A_MINUTE), name="parts"),
    path("projekte/<int:pk>/mitmachen/", slow_down(parts.offer, "projects", A_MINUTE), name="offer"),
    path("projekte/<int:pk>/beteiligung/<int:number>/", slow_down(parts.part, "projects", A_MINUTE), name="part"),
    path("projekte/<int:pk>/uebergeben/", slow_down(parts.hand_over, "projects", A_MINUTE), name="hand_over"),
    path("projekte/<int:pk>/uebergeben/nein/", parts.end_handover, name="end_handover"),
    path("projekte/<int:pk>/ausblenden/", parts.hide, name="hide"),
    path("projekte/<int:pk>/<slug:slug>/", pages.project, name="project"),
]
