"""The addresses of this room."""

from django.urls import path

from allmende.ballots.views import casting, preparing, reading, running

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
    path(f"{ONE}quittung/", casting.receipt, name="receipt"),
    path(f"{ONE}stimmzettel/", reading.papers, name="papers"),
    path(f"{ONE}stimmzettel.json", reading.published_json, name="published"),
    path(f"{ONE}stimmzettel.csv", reading.published_csv, name="published_csv"),
    path(f"{ONE}verlaengern/", running.prolong, name="prolong"),
    path(f"{ONE}schliessen/", running.close_early, name="close_early"),
    path(f"{ONE}abbrechen/", running.cancel, name="cancel"),
]
