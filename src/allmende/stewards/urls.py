"""Addresses for people. Whatever writes is slowed down, so that nobody tries words or floods mailboxes."""

from django.urls import path

from allmende.stewards.views import claims, invitations, teams
from allmende.web.limits import slow_down

app_name = "stewards"

CLAIMS, LINKS, INVITING = ("stewards-claims", 12), ("stewards-links", 20), ("stewards-inviting", 20)

urlpatterns = [
    path("o/<slug:slug>/uebernehmen/", slow_down(claims.claim, *CLAIMS), name="claim"),
    path("o/<slug:slug>/uebernehmen/aendern/", slow_down(claims.change, *CLAIMS), name="change_claim"),
    path("uebernehmen/<str:token>/", slow_down(claims.prove, *LINKS), name="prove"),
    path("buergschaft/<uuid:uuid>/", slow_down(claims.vouch, *LINKS), name="vouch"),
    path("anfrage/<uuid:uuid>/", claims.decide, name="decide"),
    path("o/<slug:slug>/team/", teams.team, name="team"),
    path("o/<slug:slug>/team/einladen/", slow_down(invitations.invite, *INVITING), name="invite"),
    path("o/<slug:slug>/team/verlassen/", teams.leave, name="leave"),
    path("o/<slug:slug>/team/<int:pk>/", teams.member, name="member"),
    path("o/<slug:slug>/team/einladung/<int:pk>/", slow_down(invitations.change, *INVITING), name="change_invitation"),
    path("einladung/<str:token>/", slow_down(invitations.invitation, *LINKS), name="invitation"),
    path("mein/einladung/<int:pk>/", invitations.mine, name="my_invitation"),
]
