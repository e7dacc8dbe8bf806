"""The addresses of this room."""

from django.urls import path

from allmende.files import views
from allmende.web.limits import slow_down

app_name = "files"
A_MINUTE = 20

urlpatterns = [
    path("dateien/an/<str:kind>/<int:number>/", slow_down(views.at, "files", A_MINUTE), name="at"),
    path("dateien/<uuid:uuid>/entfernen/", views.remove, name="remove"),
    path("dateien/<uuid:uuid>/zurueckholen/", views.restore, name="restore"),
    path("dateien/<uuid:uuid>/<str:name>", views.one, name="one"),
]
