"""The files of a thing on its own page: `{% panels "thing.files" item %}`."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from allmende.files import forms, queries
from allmende.people import subjects
from allmende.web.panels import panel


@panel("thing.files")
def files(request: HttpRequest, thing: Any) -> str:
    """What is attached, and the form for those who may attach; nothing where there is neither."""
    found = queries.files_of(request.user, thing)
    if not (found.there or found.removed or found.may_attach):
        return ""
    context = {"thing": thing, "kind": subjects.of(thing).kind, "files": found, "form": forms.Upload()}
    return render_to_string("files/parts/files.html", context, request)
