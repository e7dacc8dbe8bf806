"""The address for feed readers."""

from django.urls import path

from allmende.notices import views

app_name = "notices-api"

urlpatterns = [path("abo/<str:word>.atom", views.feed, name="feed")]
