"""Addresses for people."""

from django.urls import path

from allmende.duplicates import views

app_name = "duplicates"

urlpatterns = [
    path("dubletten/", views.pairs, name="pairs"),
    path("dubletten/zusammengefuehrt/", views.merges, name="merges"),
    path("dubletten/zusammengefuehrt/<int:pk>/trennen/", views.undo, name="undo"),
    path("dubletten/<int:pk>/", views.pair, name="pair"),
    path("dubletten/<int:pk>/urteil/", views.say, name="say"),
    path("dubletten/<int:pk>/antwort/", views.answer, name="answer"),
    path("dubletten/<int:pk>/fragen/", views.ask, name="ask"),
    path("dubletten/<int:pk>/zusammenfuehren/", views.merge, name="merge"),
    path("dubletten/<int:pk>/wieder-oeffnen/", views.reopen, name="reopen"),
]
