"""The addresses of this room. What opens names to many is slowed down."""

from django.urls import path

from allmende.members.views import deciding, figures, inspecting, linking, member, own, register
from allmende.web.limits import slow_down

app_name = "members"
AT = "genossenschaft/<slug:slug>/"
LIST = f"{AT}mitglieder/"
MEMBER = f"{LIST}<int:number>/"
A_MINUTE = 20

urlpatterns = [
    path(LIST, register.register, name="register"),
    path(f"{LIST}aufdecken/", slow_down(register.reveal, "members", A_MINUTE), name="reveal"),
    path(f"{LIST}liste.<str:kind>", slow_down(register.export_list, "members", A_MINUTE), name="export"),
    path(f"{LIST}zahlen/", figures.statistics, name="statistics"),
    path(f"{LIST}gruppen/", figures.groups, name="groups"),
    path(f"{LIST}gruppen/<slug:key>/", figures.group, name="group"),
    path(f"{LIST}einsicht/", slow_down(inspecting.inspection, "members", A_MINUTE), name="inspection"),
    path(f"{LIST}einsicht/liste/", inspecting.inspection_list, name="inspection_list"),
    path(f"{LIST}einsicht/protokoll/", inspecting.inspection_log, name="inspection_log"),
    path(f"{LIST}aenderungen/", deciding.changes, name="changes"),
    path(f"{LIST}aenderungen/<int:number>/", deciding.change, name="change"),
    path(f"{LIST}verknuepfen/<str:token>/", slow_down(linking.link, "members", A_MINUTE), name="link"),
    path(MEMBER, member.member, name="member"),
    path(f"{MEMBER}daten/", member.member_data, name="member_data"),
    path(f"{MEMBER}gruppe/", member.member_group, name="member_group"),
    path(f"{MEMBER}storno/<int:line>/", member.member_reverse, name="member_reverse"),
    path(f"{MEMBER}konto/", slow_down(linking.member_account, "members", A_MINUTE), name="member_account"),
    path(f"{MEMBER}eintrag/", linking.member_organisation, name="member_organisation"),
    path(f"{MEMBER}auszug.pdf", slow_down(member.member_extract, "members", A_MINUTE), name="member_extract"),
    path(f"{AT}ich/", own.own, name="own"),
    path(f"{AT}ich/daten/", slow_down(own.own_data, "members", A_MINUTE), name="own_data"),
    path(f"{AT}ich/zugriffe/", own.own_looks, name="own_looks"),
    path(f"{AT}ich/auszug.pdf", own.own_extract, name="own_extract"),
]
