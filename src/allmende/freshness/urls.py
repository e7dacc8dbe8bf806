"""Addresses for people: what the links of letters lead to, what stewards and caretakers do, the age of the map."""

from django.urls import path

from allmende.freshness import views
from allmende.web.limits import slow_down

app_name = "freshness"

TRIES_A_MINUTE = 30

urlpatterns = [
    path("stimmt/<str:link>/", slow_down(views.answer, "freshness", TRIES_A_MINUTE), name="answer"),
    path("stimmt/<str:link>/ende/", slow_down(views.gone, "freshness", TRIES_A_MINUTE), name="gone"),
    path("stimmt/<str:link>/nicht-mehr-fragen/", slow_down(views.stop, "freshness", TRIES_A_MINUTE), name="stop"),
    path("o/<slug:slug>/bestaetigen/", views.confirm, name="confirm"),
    path("o/<slug:slug>/ende/", views.end, name="end"),
    path("o/<slug:slug>/frische/", views.care, name="care"),
    path("pflege/frische/brief/<int:pk>/", views.settle_bounce, name="settle_bounce"),
    path("pflege/frische/ende/<int:pk>/", views.settle_end, name="settle_end"),
    path("pflege/frische/website/<int:pk>/", views.settle_link, name="settle_link"),
    path("zahlen/frische/", views.network, name="network"),
]
