"""Addresses for people."""

from django.urls import path

from allmende.contributions.views import deciding, desk, own, picture
from allmende.web.limits import slow_down

app_name = "contributions"
FILES_A_MINUTE = 10
HERE = "genossenschaft/<slug:slug>/beitraege/"
MINE = "genossenschaft/<slug:slug>/ich/beitraege/"

urlpatterns = [
    path(HERE, picture.contributions, name="contributions"),
    path(HERE + "live/", picture.live, name="live"),
    path(MINE, slow_down(own.own, "contribution", 60), name="own"),
    path(MINE + "<uuid:uuid>/zuruecknehmen/", own.undo, name="undo"),
    path(HERE + "bestaetigen/", desk.confirm, name="confirm"),
    path(HERE + "eintragen/", desk.enter, name="enter"),
    path(HERE + "buch/", desk.ledger, name="ledger"),
    path(HERE + "buch/<uuid:uuid>/", desk.reverse, name="reverse"),
    path(HERE + "import/", slow_down(desk.files, "contribution-file", FILES_A_MINUTE), name="files"),
    path(HERE + "import/<uuid:uuid>/", desk.file, name="file"),
    path(HERE + "regeln/", deciding.rules, name="rules"),
    path(HERE + "regeln/art/", deciding.new_type, name="new_type"),
    path(HERE + "regeln/art/<slug:key>/", deciding.change_type, name="change_type"),
    path(HERE + "regeln/bestaetigende/<int:number>/beenden/", deciding.end_confirmer, name="end_confirmer"),
    path(HERE + "regeln/schluessel/", deciding.new_key, name="new_key"),
    path(HERE + "regeln/schluessel/<uuid:uuid>/sperren/", deciding.revoke_key, name="revoke_key"),
    path(HERE + "regeln/satz/<slug:key>/<int:version>/", deciding.rule, name="rule"),
]
