"""The addresses of this room."""

from django.urls import path

from allmende.ballots.views import casting, preparing, reading, running
from allmende.web.limits import slow_down

CODES_A_MINUTE = 60  # by address, for a whole hall looks for its papers from one
COUNTS_A_MINUTE = 6
app_name = "ballots"
HERE = "genossenschaft/<slug:slug>/abstimmungen/"
ONE = f"{HERE}<uuid:uuid>/"

urlpatterns = [
    path(HERE, reading.ballots, name="ballots"),
    path(f"{HERE}neu/", preparing.new, name="new"),
    path(ONE, reading.ballot, name="ballot"),
    path(f"{ONE}vorbereiten/", preparing.prepare, name="prepare"),
    path(f"{ONE}verwerfen/", preparing.discard, name="discard"),
    path(f"{ONE}naechste-runde/", preparing.next_round, name="next_round"),
    path(f"{ONE}stimme/", casting.cast, name="cast"),
    path(f"{ONE}quittung/", slow_down(casting.receipt, "ballots-receipt", CODES_A_MINUTE), name="receipt"),
    path(f"{ONE}stimmzettel/", reading.papers, name="papers"),
    path(f"{ONE}stimmzettel.json", reading.published_json, name="published"),
    path(f"{ONE}stimmzettel.csv", reading.published_csv, name="published_csv"),
    path(f"{ONE}verlaengern/", running.prolong, name="prolong"),
    path(f"{ONE}schliessen/", running.close_early, name="close_early"),
    path(f"{ONE}abbrechen/", running.cancel, name="cancel"),
    path(f"{ONE}auszaehlen/", slow_down(running.count, "ballots-count", COUNTS_A_MINUTE), name="count"),
]
