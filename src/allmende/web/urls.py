"""Pages for those who build: components, and in ALLMENDE_DEBUG the letters the house has written."""

from django.urls import path

from allmende.web import views

app_name = "web"

urlpatterns = [
    path("bausteine/", views.components, name="components"),
    path("postkasten/", views.mailbox, name="mailbox"),
    path("postkasten/<int:pk>/", views.letter, name="letter"),
]
