"""The door for people: what was examined, and the folder."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allmende.auditing import actions
from allmende.auditing.checks import examine
from allmende.auditing.folder import Wanted
from allmende.auditing.forms import FolderForm
from allmende.constitution.queries import read_by, statute_on
from allmende.constitution.rules import fiscal_year_start
from allmende.people.views import person_of
from allmende.web.forms import read_day


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def folder(request: HttpRequest, slug: str) -> HttpResponseBase:
    """…/pruefung/: the books examined as of a day; posting takes the folder."""
    cooperative = read_by(request.user, slug)
    today = localdate()
    statute = statute_on(cooperative, today)
    start = fiscal_year_start(today, statute.fiscal_month if statute else 12)
    asked = read_day(request.GET.get("on", ""))
    on = min(asked or start - timedelta(days=1), today)
    since = fiscal_year_start(on, statute.fiscal_month if statute else 12)
    form = FolderForm(request.POST or None, today=today, initial={"on": on.isoformat(), "since": since.isoformat()})
    if request.method == "POST" and form.is_valid():
        wanted = Wanted(cooperative, form.cleaned_data["since"], form.cleaned_data["on"])
        made = actions.take_folder(wanted, purpose=form.cleaned_data["purpose"], by=person_of(request))
        name = _("auditors-folder-%(slug)s-%(day)s.zip") % {"slug": slug, "day": wanted.on.isoformat()}
        response = FileResponse(made.file, as_attachment=True, filename=name, content_type="application/zip")
        response["Cache-Control"] = "private, no-store"
        return response
    context = {
        "area": "codetermination", "tab": "money", "cooperative": cooperative, "form": form, "on": on, "checks": examine(cooperative, on),
    }  # fmt: skip
    return render(request, "auditing/folder.html", context, status=422 if form.errors else 200)
