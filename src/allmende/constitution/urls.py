"""Addresses for people. What can be tried often (addresses of accounts, uploads) is slowed down."""

from django.urls import path

from allmende.constitution.views import assistant, founding, offices, statutes
from allmende.web.limits import slow_down

app_name = "constitution"

AT = "genossenschaft/<slug:slug>/"
WRITING, UPLOADING, NAMING = ("constitution-writing", 60), ("constitution-uploading", 10), ("constitution-naming", 10)

urlpatterns = [
    path(f"{AT}einrichten/", slow_down(founding.set_up, *NAMING), name="set_up"),
    path(f"{AT}einstellungen/", slow_down(founding.settings, *WRITING), name="settings"),
    path(f"{AT}satzung/", statutes.statute, name="statute"),
    path(f"{AT}satzung/entwurf/", assistant.draft, name="statute_edit"),
    path(f"{AT}satzung/entwurf/beginnen/", slow_down(assistant.begin, *WRITING), name="statute_begin"),
    path(f"{AT}satzung/entwurf/verwerfen/", slow_down(assistant.discard, *WRITING), name="statute_discard"),
    path(f"{AT}satzung/entwurf/beschliessen/", slow_down(assistant.adopt, *WRITING), name="statute_adopt"),
    path(f"{AT}satzung/entwurf/dokument/", slow_down(assistant.draft_document, *UPLOADING), name="draft_document"),
    path(f"{AT}satzung/entwurf/<slug:key>/", slow_down(assistant.step, *WRITING), name="statute_step"),
    path(f"{AT}satzung/<int:version>/", statutes.version, name="statute_version"),
    path(f"{AT}satzung/<int:version>/dokument/", statutes.document, name="statute_document"),
    path(f"{AT}satzung/<int:version>/blatt/", slow_down(statutes.paper, *UPLOADING), name="statute_paper"),
    path(f"{AT}satzung/<int:version>/nachreichen/", slow_down(assistant.late_document, *UPLOADING), name="late_document"),
    path(f"{AT}satzung/<int:version>/zuruecknehmen/", slow_down(assistant.withdraw, *WRITING), name="statute_withdraw"),
    path(f"{AT}aemter/", offices.offices, name="offices"),
    path(f"{AT}aemter/neu/", slow_down(offices.give, *NAMING), name="give_office"),
    path(f"{AT}aemter/<int:pk>/", slow_down(offices.office, *NAMING), name="office"),
]
