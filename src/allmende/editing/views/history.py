"""The doors to what an entry said before: the list of revisions, one of them, and going back to it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allmende.directory import access as directory_access
from allmende.directory import actions as directory
from allmende.directory.models import Organisation, Revision
from allmende.editing import differences, forms, queries, rules
from allmende.editing.views.shared import number, own
from allmende.people.views import SignedIn


@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """/o/<slug>/verlauf/: what was changed, newest first, as far as it is for this viewer."""
    item = _seen(request, slug)
    if item.slug != slug:
        return redirect("editing:history", item.slug, permanent=True)
    page = Paginator(queries.changes(request.user, item), rules.PAGE).get_page(number(request.GET.get("seite")) or 1)
    rows = [(change, differences.labels(change.before, change.after)) for change in queries.read(request.user, item, page)]
    return render(request, "editing/history.html", _context(request, item) | {"rows": rows, "page": page})


@require_safe
def revision(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """/o/<slug>/verlauf/<number>/: one change, field by field."""
    item = _seen(request, slug)
    if item.slug != slug:
        return redirect("editing:history", item.slug)
    held = get_object_or_404(queries.changes(request.user, item), pk=pk)
    (change,) = queries.read(request.user, item, [held])
    shown = {"change": change, "differences": differences.differences(change.before, change.after)}
    return render(request, "editing/revision.html", _context(request, item) | shown | {"undo": _import_of(request, held)})


@login_required
def restore(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    """/o/<slug>/verlauf/<number>/wiederherstellen/: see what would change, then go back."""
    item = own(request, slug)
    held = get_object_or_404(queries.changes(request.user, item), pk=pk)
    form = forms.Restore(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        done = directory.restore_organisation(item, held, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The entry says again what it said then.") if done else _("The entry says this already."))
        return redirect("editing:history", slug)
    before, after = queries.way_back(item, held)
    (change,) = queries.read(request.user, item, [held])
    shown = {"form": form, "change": change, "differences": differences.differences(before, after)}
    return render(request, "editing/restore.html", _context(request, item) | shown)


def _seen(request: HttpRequest, slug: str) -> Organisation:
    """The entry of this address as it is, or where it was merged into; only its changes decide what is shown of it."""
    seen = directory_access.organisations_visible_to(request.user)
    item = seen.filter(slug=slug).first()
    if item is None and (into := queries.merged_into(slug)):
        item = seen.filter(pk=into.pk).first()
    if item is None:
        raise Http404
    return item


def _context(request: HttpRequest, item: Organisation) -> dict[str, Any]:
    return {"area": "map", "item": item, "may_edit": directory_access.may_edit(request.user, item)}


def _import_of(request: HttpRequest, held: Revision) -> str:
    """Where a caretaker takes the whole import back that this change was part of."""
    if held.set.source_id is None or not directory_access.may_caretake(request.user):
        return ""
    return reverse("admin:directory_revisionset_change", args=[held.set_id])
