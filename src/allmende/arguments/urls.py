"""The addresses of arguments. Whatever writes is slowed down."""

from django.urls import path

from allmende.arguments import views
from allmende.web.limits import slow_down

app_name = "arguments"
A_MINUTE = 30

urlpatterns = [
    path("argumente/<uuid:uuid>/", views.argument, name="argument"),
    path("argumente/<uuid:uuid>/bearbeiten/", slow_down(views.change, "arguments", A_MINUTE), name="change"),
    path("argumente/<uuid:uuid>/zurueckziehen/", slow_down(views.withdraw, "arguments", A_MINUTE), name="withdraw"),
    path("argumente/<uuid:uuid>/zurueckholen/", slow_down(views.restore, "arguments", A_MINUTE), name="restore"),
    path("argumente/<uuid:uuid>/teilen/", slow_down(views.share, "arguments", A_MINUTE), name="share"),
    path("argumente/<uuid:uuid>/antworten/", slow_down(views.answer, "arguments", A_MINUTE), name="answer"),
    path("argumente/<uuid:uuid>/ausblenden/", views.hide, name="hide"),
    path("argumente/<uuid:uuid>/einblenden/", views.unhide, name="unhide"),
    path("argumente/<str:kind>/<int:number>/", views.arguments, name="arguments"),
    path("argumente/<str:kind>/<int:number>/neu/", slow_down(views.new, "arguments", A_MINUTE), name="new"),
]
