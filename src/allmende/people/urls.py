"""The pages of "Mein Bereich". Signing in itself lives in account_urls."""

from django.urls import path

from allmende.people import views
from allmende.web.limits import slow_down

app_name = "people"

DOWNLOADS_A_MINUTE = 3

urlpatterns = [
    path("mein/", views.mine, name="mine"),
    path("mein/mitteilungen/", views.notices, name="notices"),
    path("mein/mitteilungen/gelesen/", views.read, name="read_all"),
    path("mein/mitteilungen/<int:pk>/gelesen/", views.read, name="read"),
    path("mein/einstellungen/", views.mail, name="mail"),
    path("mein/daten/", views.data, name="data"),
    path("mein/daten/herunterladen/", slow_down(views.download, "download", DOWNLOADS_A_MINUTE), name="download"),
    path("mein/daten/loeschen/", slow_down(views.erase, "erase", DOWNLOADS_A_MINUTE), name="erase"),
    path("mein/einwilligungen/", views.consents, name="consents"),
    path("mein/einwilligungen/<int:pk>/widerrufen/", views.withdraw, name="withdraw"),
    path("mitteilungen/abbestellen/<str:token>/", views.no_mail, name="no_mail"),
    path("konto-geloescht/", views.goodbye, name="goodbye"),
]
