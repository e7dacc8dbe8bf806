"""The statute in plain words, its versions, the document, as paper."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allmende.constitution import access, keeping, queries, rules, wording
from allmende.constitution.models import Cooperative, Statute, StatuteState
from allmende.constitution.views import frame
from allmende.web import paper as documents

SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


@require_safe
def statute(request: HttpRequest, slug: str) -> HttpResponse:
    """/genossenschaft/<slug>/satzung/: the version in force."""
    cooperative = queries.cooperative_at(request.user, slug)
    return _page(request, cooperative, queries.statute_on(cooperative, localdate()))


@require_safe
def version(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """/genossenschaft/<slug>/satzung/<version>/: one version, with what it changed."""
    cooperative = queries.cooperative_at(request.user, slug)
    return _page(request, cooperative, queries.version_at(request.user, cooperative, version))


def _page(request: HttpRequest, cooperative: Cooperative, shown: Statute | None) -> HttpResponse:
    today = localdate()
    context = frame(request, cooperative) | {"shown": shown, "today": today}
    versions = access.statutes_visible_to(request.user, cooperative).order_by("-valid_from", "-version")
    context |= {"versions": versions, "in_force": queries.statute_on(cooperative, today)}
    if shown is not None:
        before = queries.before(shown, shown.valid_from) if shown.state == StatuteState.ADOPTED else None
        context |= {
            "parts": wording.sheet(shown),
            "changes": wording.changes(shown, before) if before and before.valid_from < shown.valid_from else [],
            "before": before,
            "until": queries.until(shown) if shown.state == StatuteState.ADOPTED else None,
            "hints": list(wording.sentences(rules.hints_for_statute(queries.says(shown)))) if context["may_decide"] else [],
        }
    if context["may_decide"]:
        context["draft"] = queries.draft_of(cooperative)
    return render(request, "constitution/statute.html", context)


@require_safe
def document(request: HttpRequest, slug: str, version: int) -> HttpResponseBase:
    """/genossenschaft/<slug>/satzung/<version>/dokument/: exactly the bytes that were stored, or the text."""
    cooperative = queries.cooperative_at(request.user, slug)
    shown = queries.version_at(request.user, cooperative, version)
    if shown.sha256:
        path = keeping.path_of(shown.sha256)
        if not path.is_file():
            raise Http404
        answer: HttpResponseBase = FileResponse(
            path.open("rb"), as_attachment=True, filename=shown.document, content_type="application/pdf"
        )
    elif shown.text:
        name = _("statute-%(version)d.txt") % {"version": shown.version}
        answer = documents.answer(shown.text.encode(), name, "text/plain; charset=utf-8")
    else:
        raise Http404
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@require_safe
def paper(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """/genossenschaft/<slug>/satzung/<version>/blatt/: the numbers of this version as PDF."""
    cooperative = queries.cooperative_at(request.user, slug)
    shown = queries.version_at(request.user, cooperative, version)
    content = documents.pdf("constitution", "statute", paper_of(shown))
    return documents.answer(content, _("statute-sheet-%(version)d.pdf") % {"version": shown.version})


def paper_of(shown: Statute) -> dict[str, object]:
    """What the sheet says; every word as it is to be read."""
    facts = [
        (_("Version"), str(shown.version)),
        (_("State"), shown.get_state_display()),
        (_("Holds from"), wording.day(shown.valid_from) if shown.state == StatuteState.ADOPTED else "–"),
    ]
    for label, when in ((_("Resolved on"), shown.adopted_on), (_("Entered in the register on"), shown.registered_on)):
        facts += [(label, wording.day(when))] if when else []
    return {
        "title": _("The statute of %(name)s in numbers") % {"name": str(shown.cooperative)},
        "author": str(shown.cooperative),
        "language": (get_language() or "de")[:2],
        "facts": facts,
        "lead": _("These are the rules this house counts by. The statute itself decides; the law is the German Co-operatives Act (GenG)."),
        "heads": [_("Rule"), _("Value"), _("Law"), _("In the statute")],
        "parts": [
            {"title": part.title, "lines": [[one.label, one.value, one.paragraph, one.place or "–"] for one in part.lines]}
            for part in wording.sheet(shown)
        ],
        "document": f"{shown.document}, SHA-256 {shown.sha256}" if shown.sha256 else "",
        "document_label": _("The statute as document"),
    }
