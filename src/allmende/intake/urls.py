"""The addresses of this room."""

from django.urls import path

from allmende.intake import views
from allmende.web.limits import slow_down

app_name = "intake"
HERE = "genossenschaft/<slug:slug>/uebernahme/"

urlpatterns = [
    path(HERE, slow_down(views.intake, "intake", 10), name="intake"),
    path(f"{HERE}vorlage.<str:ending>", views.template, name="template"),
    path(f"{HERE}<uuid:uuid>/", views.one, name="one"),
    path(f"{HERE}<uuid:uuid>/spalten/", views.columns, name="columns"),
    path(f"{HERE}<uuid:uuid>/pruefung.csv", views.findings, name="findings"),
    path(f"{HERE}<uuid:uuid>/starten/", views.start, name="start"),
    path(f"{HERE}<uuid:uuid>/verwerfen/", views.discard, name="discard"),
    path(f"{HERE}<uuid:uuid>/rueckgaengig/", views.undo, name="undo"),
]
