"""The pages of "Mein Bereich". Signing in itself lives in account_urls."""

from django.urls import path

from allmende.people import views

app_name = "people"

urlpatterns = [
    path("mein/", views.mine, name="mine"),
]
