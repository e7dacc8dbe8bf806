"""Addresses for people."""

from django.urls import path

from allmende.notices import views

app_name = "notices"

urlpatterns = [
    path("folgen/", views.follow, name="follow"),
    path("mein/abos/", views.follows, name="follows"),
    path("mein/abos/<int:pk>/", views.change, name="change"),
    path("mein/abos/feed/", views.renew_feed, name="renew_feed"),
    path("abo/<str:word>/", views.unsubscribe, name="unsubscribe"),
]
