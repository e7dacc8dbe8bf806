"""The one page of the skin: its components."""

from django.urls import path

from allmende.web import views

app_name = "web"

urlpatterns = [path("bausteine/", views.components, name="components")]
