"""The addresses of this room."""

from django.urls import path

from allmende.networks import views

app_name = "networks"
HERE = "genossenschaft/<slug:slug>/verbund/"

urlpatterns = [
    path(HERE, views.networks, name="networks"),
    path(f"{HERE}beitraege/", views.fees, name="fees"),
    path(f"{HERE}staffel/", views.scheme, name="scheme"),
    path(f"{HERE}staffel/<int:year>/entfernen/", views.drop_scheme, name="drop_scheme"),
    path(f"{HERE}<int:number>/", views.member, name="member"),
    path(f"{HERE}<int:number>/antwort/", views.answer, name="answer"),
    path(f"{HERE}<int:number>/groesse/", views.size, name="size"),
    path(f"{HERE}<int:number>/vertretung/", views.represent, name="represent"),
    path(f"{HERE}<int:number>/vertretung/<uuid:uuid>/bestaetigen/", views.confirm, name="confirm"),
    path(f"{HERE}<int:number>/vertretung/<uuid:uuid>/beenden/", views.end, name="end"),
    path(f"{HERE}<int:number>/beitrag/<int:year>/zuruecknehmen/", views.take_back_fee, name="take_back_fee"),
]
