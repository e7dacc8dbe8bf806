"""The address for programs that hold a key."""

from django.urls import path

from allmende.commons import views

app_name = "commons-api"

urlpatterns = [path("datennutzung/daten.json", views.data, name="data")]
