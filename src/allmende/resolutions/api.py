"""The register for programs: what everybody may read, as JSON and CSV."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import cooperative_at
from allmende.directory.models import State
from allmende.ground import outbox
from allmende.people.queries import GUEST
from allmende.resolutions import export, queries
from allmende.web.answers import answer, json


def _open(slug: str) -> Cooperative:
    cooperative = cooperative_at(GUEST, slug)
    if cooperative.organisation.state != State.PUBLISHED:
        raise Http404
    return cooperative


def open_json(request: HttpRequest, slug: str) -> HttpResponse:
    """/beschluesse/offen.json: all public resolutions, the latest first; asked as a guest, whoever asks."""
    cooperative = _open(slug)
    with translation.override("de"):  # addresses and names of bodies are the same for every program
        page = outbox.link(f"/genossenschaft/{cooperative.organisation.slug}/beschluesse/")
        data = export.register(str(cooperative), page, queries.public(cooperative))
    return answer(request, json(data))


def open_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """/beschluesse/offen.csv: the same for spreadsheets."""
    cooperative = _open(slug)
    with translation.override("de"):
        body = b"".join(export.csv_parts(queries.public(cooperative)))
    found = answer(request, body, "text/csv; charset=utf-8")
    found["Content-Disposition"] = f'attachment; filename="beschluesse-{cooperative.organisation.slug}.csv"'
    return found
