"""The addresses of this room. What everybody may send is slowed down."""

from django.urls import path

from allmende.suggestions.views import deciding, pointing
from allmende.web.limits import slow_down

app_name = "suggestions"
A_MINUTE = 10

urlpatterns = [
    path("vorschlagen/", slow_down(pointing.propose, "suggestions", A_MINUTE), name="propose"),
    path("o/<slug:slug>/vorschlagen/", slow_down(pointing.suggest, "suggestions", A_MINUTE), name="suggest"),
    path("o/<slug:slug>/melden/", pointing.report, name="report"),
    path("o/<slug:slug>/melden/danke/", pointing.thanks, name="thanks"),
    path("o/<slug:slug>/melden/doppelt/", slow_down(pointing.twin, "suggestions", A_MINUTE), name="twin"),
    path("o/<slug:slug>/melden/rechtswidrig/", slow_down(pointing.notice, "suggestions", A_MINUTE), name="notice"),
    path("o/<slug:slug>/melden/<slug:what>/", slow_down(pointing.problem, "suggestions", A_MINUTE), name="problem"),
    path("o/<slug:slug>/vorschlaege/", deciding.inbox, name="inbox"),
    path("vorschlag/<uuid:uuid>/pruefen/", deciding.decide, name="decide"),
    path("vorschlag/<uuid:uuid>/<str:token>/", slow_down(pointing.status, "suggestions", A_MINUTE), name="status"),
    path("melden/<str:kind>/<int:number>/", pointing.report_thing, name="report_thing"),
    path("melden/<str:kind>/<int:number>/<slug:what>/", slow_down(pointing.notice_thing, "suggestions", A_MINUTE), name="notice_thing"),
    path("meldungen/", deciding.register, name="register"),
    path("meldung/<uuid:uuid>/pruefen/", deciding.judge, name="judge"),
    path("meldung/<uuid:uuid>/einspruch/<int:number>/", deciding.judge_appeal, name="judge_appeal"),
    path("meldung/<uuid:uuid>/<str:token>/", slow_down(pointing.report_status, "suggestions", A_MINUTE), name="report_status"),
]
