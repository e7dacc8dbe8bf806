"""The addresses of bank, mandates, direct debits and payouts. Whatever writes is slowed down."""

from django.urls import path

from allmende.banking.views import mandates
from allmende.web.limits import slow_down

app_name = "banking"
A_MINUTE = 30
OF = "genossenschaft/<slug:slug>/"

urlpatterns = [
    path(f"{OF}ich/mandat/", slow_down(mandates.own, "banking", A_MINUTE), name="own_mandate"),
    path(f"{OF}ich/mandat/widerrufen/", slow_down(mandates.revoke_own, "banking", A_MINUTE), name="revoke_own_mandate"),
    path(f"{OF}ich/mandat/auszahlungskonto/", slow_down(mandates.own_account, "banking", A_MINUTE), name="own_account"),
]
