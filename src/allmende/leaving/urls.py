"""Addresses for people: a member's notice and transfers, the desk of the board. Whatever writes is slowed down."""

from django.urls import path

from allmende.leaving.views import desk, own, settling, transfers
from allmende.web.limits import slow_down

app_name = "leaving"

OWN, DESK, GUESSING = ("leaving-own", 12), ("leaving-desk", 60), ("leaving-transfer", 6)
AT = "genossenschaft/<slug:slug>/"

urlpatterns = [
    path(f"{AT}ich/kuendigen/", slow_down(own.leave, *OWN), name="leave"),
    path(f"{AT}ich/kuendigen/<uuid:uuid>/zuruecknehmen/", slow_down(own.withdraw, *OWN), name="withdraw"),
    path(f"{AT}ich/uebertragen/", slow_down(transfers.transfer, *GUESSING), name="transfer"),
    path(f"{AT}uebertragung/<uuid:uuid>/", slow_down(transfers.transferring, *OWN), name="transferring"),
    path(f"{AT}austritte/", desk.desk, name="desk"),
    path(f"{AT}austritte/neu/", slow_down(desk.enter, *DESK), name="enter"),
    path(f"{AT}austritte/abrechnung/", slow_down(settling.settlements, *DESK), name="settlements"),
    path(f"{AT}austritte/aufloesung/", slow_down(settling.dissolved, *DESK), name="dissolved"),
    path(f"{AT}austritte/uebertragung/", slow_down(transfers.enter, *DESK), name="enter_transfer"),
    path(f"{AT}austritte/<uuid:uuid>/", slow_down(desk.termination, *DESK), name="termination"),
    path(f"{AT}austritte/<uuid:uuid>/<slug:paper>.pdf", own.document, name="document"),
]
