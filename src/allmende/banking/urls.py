"""The addresses of bank, mandates, direct debits and payouts. Whatever writes is slowed down."""

from collections.abc import Callable

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path

from allmende.banking.views import mandates, orders, statements
from allmende.web.limits import slow_down

app_name = "banking"
A_MINUTE = 60
OF = "genossenschaft/<slug:slug>/"

BANK = f"{OF}bank/"
LINE = f"{BANK}zeile/<uuid:uuid>/"
RUN = f"{BANK}auftrag/<uuid:uuid>/"


def _slow(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    return slow_down(view, "banking", A_MINUTE)


urlpatterns = [
    path(f"{OF}ich/mandat/", _slow(mandates.own), name="own_mandate"),
    path(f"{OF}ich/mandat/widerrufen/", _slow(mandates.revoke_own), name="revoke_own_mandate"),
    path(f"{OF}ich/mandat/auszahlungskonto/", _slow(mandates.own_account), name="own_account"),
    path(BANK, _slow(statements.statements), name="statements"),
    path(f"{BANK}datei/<uuid:uuid>/", _slow(statements.upload), name="upload"),
    path(f"{BANK}datei/<uuid:uuid>/verwerfen/", _slow(statements.discard), name="discard_upload"),
    path(f"{BANK}sichere/", _slow(statements.book_certain), name="book_certain"),
    path(LINE, statements.line, name="line"),
    path(f"{LINE}buchen/", _slow(statements.book), name="book"),
    path(f"{LINE}auftrag/", _slow(statements.settle), name="settle"),
    path(f"{LINE}ignorieren/", _slow(statements.ignore), name="ignore"),
    path(f"{LINE}beachten/", _slow(statements.heed), name="heed"),
    path(f"{LINE}zuruecknehmen/", _slow(statements.undo), name="undo"),
    path(f"{LINE}zurueckzahlen/", _slow(statements.owe_rest), name="owe_rest"),
    path(f"{BANK}mandate/", _slow(mandates.listed), name="mandates"),
    path(f"{BANK}mandate/<int:number>/", _slow(mandates.of_member), name="member_accounts"),
    path(f"{BANK}mandate/<int:number>/widerrufen/", _slow(mandates.revoke), name="revoke_mandate"),
    path(f"{BANK}lastschriften/", _slow(orders.debits), name="debits"),
    path(f"{BANK}auszahlungen/", _slow(orders.payouts), name="payouts"),
    path(f"{BANK}auszahlungen/<int:number>/konto/", _slow(orders.ask), name="ask_for_account"),
    path(RUN, orders.run, name="run"),
    path(f"{RUN}datei/", _slow(orders.file), name="file"),
    path(f"{RUN}ausgefuehrt/", _slow(orders.execute), name="execute"),
    path(f"{RUN}aufgeben/", _slow(orders.cancel), name="cancel"),
    path(f"{RUN}zurueck/", _slow(orders.came_back), name="came_back"),
]
