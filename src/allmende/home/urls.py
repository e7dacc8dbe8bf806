"""The pages of the house itself."""

from django.urls import path

from allmende.home import views

app_name = "home"

urlpatterns = [
    path("", views.start, name="start"),
    path("austausch/", views.exchange, name="exchange"),
    path("mitbestimmung/", views.codetermination, name="codetermination"),
    path("impressum/", views.imprint, name="imprint"),
    path("datenschutz/", views.privacy, name="privacy"),
    path("barrierefreiheit/", views.accessibility, name="accessibility"),
]
