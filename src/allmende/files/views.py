"""The doors of this room: the files of a thing, one file, removing and bringing back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.files import access, actions, forms, queries, storing
from allmende.files.models import Attachment
from allmende.ground.refusals import Refused
from allmende.people import subjects
from allmende.people.models import Person
from allmende.people.views import SignedIn, person_of

SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""Should a browser ever take a file for a page: it may load nothing, run nothing, and has an origin of its own."""


@require_safe
def one(request: HttpRequest, uuid: UUID, name: str) -> HttpResponseBase:
    """/dateien/<uuid>/<name>: the file itself, for those who see its thing at this moment."""
    found = queries.attachment(request.user, uuid)
    path = storing.path_of(uuid)
    if found is None or not path.is_file():
        raise Http404
    if name != found.name:
        return redirect("files:one", uuid=uuid, name=found.name)
    etag = f'"{found.digest}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == etag:
        return _guarded(HttpResponseNotModified(), found, etag)
    # Only pictures, which we wrote ourselves, are shown in the browser; its PDF viewer does not work inside a sandbox.
    is_shown = found.content_type.startswith("image/")
    answer = FileResponse(path.open("rb"), as_attachment=not is_shown, filename=found.name, content_type=found.content_type)
    return _guarded(answer, found, etag)


def _guarded(answer: HttpResponseBase, found: Attachment, etag: str) -> HttpResponseBase:
    answer.headers["ETag"] = etag
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Cache-Control"] = "public, no-cache" if queries.is_public(found) else "private, no-store"
    patch_vary_headers(answer, ["Cookie"])
    answer.is_packed = True  # type: ignore[attr-defined]  # pictures and archives do not shrink any more
    return answer


@csrf_exempt  # asked by `_attach`, once it is clear that somebody may attach: before that no upload is taken apart
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def at(request: HttpRequest, kind: str, number: int) -> HttpResponseBase:
    """/dateien/an/<kind>/<number>/: the files of a thing, and the form for one more."""
    thing = subjects.find(kind, number, request.user)
    if thing is None or subjects.of(thing).may_attach is subjects.Subject.may_attach:
        raise Http404
    if request.method == "POST":
        if not access.may_attach(request.user, thing):
            raise Http404
        return _attach(request, thing)
    return _page(request, thing, forms.Upload())


@csrf_protect
def _attach(request: HttpRequest, thing: Any) -> HttpResponse:
    form = forms.Upload(request.POST, request.FILES)
    if form.is_valid():
        try:
            made, remarks = actions.attach_file(thing, *form.given(), by=person_of(request))
        except Refused as refusal:
            form.add_error("file", str(refusal.sentence))
        else:
            messages.success(request, _("“%(name)s” is attached.") % {"name": made.name})
            for remark in remarks:
                messages.info(request, remark)
            return _back(thing)
    return _page(request, thing, form)


def _page(request: HttpRequest, thing: Any, form: forms.Upload) -> HttpResponse:
    subject = subjects.of(thing)
    context = {"thing": thing, "title": subject.title(thing), "back": subject.url(thing), "form": form}
    context |= {"kind": subject.kind, "files": queries.files_of(request.user, thing)}
    return render(request, "files/at.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def remove(request: SignedIn, uuid: UUID) -> HttpResponse:
    """/dateien/<uuid>/entfernen/: take a file away; the message says how to bring it back."""
    found, thing = _changeable(request.user, uuid)
    actions.remove_file(found, by=request.user)
    messages.success(request, _("“%(name)s” is removed. For 30 days you can bring it back here.") % {"name": found.name})
    return _back(thing)


@login_required
@require_POST
def restore(request: SignedIn, uuid: UUID) -> HttpResponse:
    """/dateien/<uuid>/zurueckholen/: bring a removed file back."""
    found, thing = _changeable(request.user, uuid)
    actions.restore_file(found, by=request.user)
    messages.success(request, _("“%(name)s” is back.") % {"name": found.name})
    return _back(thing)


def _changeable(viewer: Person, uuid: UUID) -> tuple[Attachment, Any]:
    found = queries.with_its_thing(viewer, uuid)
    if found is None:
        raise Http404
    return found


def _back(thing: Any) -> HttpResponse:
    return redirect(subjects.of(thing).url(thing) + "#dateien")
