"""Addresses for people."""

from django.urls import path

from allmende.matching import views
from allmende.web.limits import slow_down

app_name = "matching"
A_MINUTE = 30

urlpatterns = [
    path("boerse/passend/", views.overview, name="overview"),
    path("boerse/passend/wie/", views.how, name="how"),
    path("boerse/<int:pk>/passend/", views.matches, name="matches"),
    path("boerse/<int:pk>/passt-nicht/", views.misfits, name="misfits"),
    path("boerse/<int:pk>/passt-nicht/<int:other>/", slow_down(views.misfit, "matching", A_MINUTE), name="misfit"),
    path("boerse/<int:pk>/passt-doch/<int:misfit>/", views.take_back, name="take_back"),
    path("boerse/<int:pk>/empfehlen/<int:other>/", slow_down(views.recommend, "matching", A_MINUTE), name="recommend"),
    path("boerse/empfehlung/<int:pk>/zuruecknehmen/", views.take_back_recommendation, name="take_back_recommendation"),
]
