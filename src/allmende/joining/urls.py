"""The addresses of this room. What everybody may send is slowed down."""

from django.urls import path

from allmende.joining.views import desk, further, joining
from allmende.web.limits import slow_down

app_name = "joining"
A_MINUTE = 12
BASE = "genossenschaft/<slug:slug>/"

urlpatterns = [
    path(BASE + "beitreten/", joining.join, name="join"),
    path(BASE + "beitreten/angaben/", slow_down(joining.particulars, "joining", A_MINUTE), name="join_particulars"),
    path(BASE + "beitreten/anteile/", slow_down(joining.shares, "joining", A_MINUTE), name="join_shares"),
    path(BASE + "beitreten/pruefen/", slow_down(joining.review, "joining", A_MINUTE), name="join_review"),
    path(BASE + "beitreten/verwerfen/", slow_down(joining.discard, "joining", A_MINUTE), name="join_discard"),
    path(BASE + "beitreten/einbetten/", joining.embed, name="join_embed"),
    path(BASE + "beitreten/antrag/<str:token>/", slow_down(joining.application, "joining", A_MINUTE), name="application"),
    path(BASE + "beitreten/antrag/<str:token>/erklaerung.pdf", joining.document, name="application_document"),
    path(
        BASE + "beitreten/antrag/<str:token>/zuruecknehmen/",
        slow_down(joining.withdraw, "joining", A_MINUTE),
        name="application_withdraw",
    ),
    path(BASE + "antraege/", desk.desk, name="desk"),
    path(BASE + "antraege/papier/", desk.paper, name="desk_paper"),
    path(BASE + "antraege/zulassen/", desk.batch, name="desk_batch"),
    path(BASE + "antraege/<uuid:uuid>/", desk.application, name="desk_application"),
    path(BASE + "antraege/<uuid:uuid>/erklaerung.pdf", desk.document, name="desk_document"),
    path(BASE + "antraege/<uuid:uuid>/zulassen/", desk.admit, name="desk_admit"),
    path(BASE + "antraege/<uuid:uuid>/ablehnen/", desk.refuse, name="desk_refuse"),
    path(BASE + "antraege/<uuid:uuid>/nachfragen/", desk.ask, name="desk_ask"),
    path(BASE + "ich/anteile/", further.further, name="further"),
]
