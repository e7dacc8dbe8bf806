"""The addresses of comments. Whatever writes is slowed down."""

from django.urls import path

from allmende.comments import views
from allmende.web.limits import slow_down

app_name = "comments"
A_MINUTE = 20

urlpatterns = [
    path("kommentare/<uuid:uuid>/", views.comment, name="comment"),
    path("kommentare/<uuid:uuid>/bearbeiten/", slow_down(views.change, "comments", A_MINUTE), name="change"),
    path("kommentare/<uuid:uuid>/loeschen/", slow_down(views.delete, "comments", A_MINUTE), name="delete"),
    path("kommentare/<uuid:uuid>/zurueckholen/", slow_down(views.restore, "comments", A_MINUTE), name="restore"),
    path("kommentare/<uuid:uuid>/ausblenden/", views.hide, name="hide"),
    path("kommentare/<uuid:uuid>/einblenden/", views.unhide, name="unhide"),
    path("kommentare/<str:kind>/<int:number>/", slow_down(views.thread, "comments", A_MINUTE), name="thread"),
    path("kommentare/<str:kind>/<int:number>/folgen/", slow_down(views.follow, "comments", A_MINUTE), name="follow"),
]
