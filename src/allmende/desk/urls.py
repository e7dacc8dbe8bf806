"""Addresses for people."""

from django.urls import path

from allmende.desk import views

app_name = "desk"

urlpatterns = [
    path("pflege/", views.desk, name="desk"),
    path("pflege/hintergrund/", views.background, name="background"),
    path("pflege/hintergrund/<uuid:pk>/", views.task, name="task"),
    path("pflege/import/<int:pk>/gesehen/", views.looked, name="looked"),
    path("pflege/wer/", views.who, name="who"),
    path("pflege/wer/<int:pk>/beenden/", views.end, name="end"),
    path("pflege/wer/haus/<int:pk>/beenden/", views.end_house, name="end_house"),
]
