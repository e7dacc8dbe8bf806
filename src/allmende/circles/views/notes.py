"""The doors of notes: reading, writing, two at once, versions and their differences, removing and bringing back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.circles import access, actions, forms, letters, queries
from allmende.circles.models import Circle, CircleFace, Note, NoteVersion
from allmende.circles.views import AREA, MAX_NUMBER, SHOW, of_inside, sent
from allmende.ground import differences
from allmende.ground.refusals import Refused
from allmende.people.views import person_of


@require_http_methods(SHOW)
@of_inside
def new(request: HttpRequest, circle: Circle) -> HttpResponse:
    """A new note."""
    form = forms.NoteForm(sent(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            note = actions.write_note(circle, title=said["title"], text=said["text"], by=person_of(request))
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            messages.success(request, _("Saved."))
            return redirect(note)
    context = {"circle": circle, "form": form, "here": _("New note")}
    return render(request, "circles/edit_note.html", AREA | context, status=422 if form.errors else 200)


@login_required
@require_safe
def note(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What it says. Members may go on writing, the network reads where the circle lets it."""
    if max(pk, number) > MAX_NUMBER:
        raise Http404
    seen = access.notes_visible_to(request.user).select_related("circle__organisation")
    shown = get_object_or_404(seen, circle=pk, pk=number)
    newest, inside = queries.newest(shown), access.is_member(request.user, shown.circle)
    context = {
        "circle": shown.circle,
        "here": shown.title,
        "note": shown,
        "newest": newest,
        "who": letters.called(newest.by) if inside else "",
        "inside": inside,
        "face": None if inside else CircleFace.objects.get(pk=shown.circle_id),
        "may_write": inside and shown.circle.archived_at is None,
    }
    return render(request, "circles/note.html", AREA | context)


def _of(request: HttpRequest, circle: Circle, number: int) -> Note:
    return get_object_or_404(access.notes_inside(request.user).filter(circle=circle), pk=number)


@require_http_methods(SHOW)
@of_inside
def edit(request: HttpRequest, circle: Circle, number: int) -> HttpResponse:
    """Write on. Who was overtaken sees both texts and saves again on top."""
    shown = _of(request, circle, number)
    newest = queries.newest(shown)
    initial = {"title": newest.title, "text": newest.text, "base": newest.number}
    form = forms.NoteForm(sent(request), initial=initial)
    context: dict[str, Any] = {"circle": circle, "note": shown, "form": form, "here": _("Edit")}
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.save_note(shown, title=said["title"], text=said["text"], base=said["base"] or 0, by=person_of(request))
        except actions.Overtaken as no:
            return _both(request, context, no)
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            messages.success(request, _("Saved."))
            return redirect(shown)
    return render(request, "circles/edit_note.html", AREA | context, status=422 if form.errors else 200)


def _both(request: HttpRequest, context: dict[str, Any], no: actions.Overtaken) -> HttpResponse:
    """What was typed stays in the form, now on top of what stands there; beside it the present text and the difference."""
    typed = context["form"].cleaned_data
    form = forms.NoteForm(initial={"title": typed["title"], "text": typed["text"], "base": no.newest.number})
    more = {
        "form": form,
        "overtaken": no.newest,
        "who": letters.called(no.newest.by),
        "lines": differences.between(no.newest.text, typed["text"]),
        "other_title": no.newest.title if no.newest.title != typed["title"] else "",
    }
    return render(request, "circles/edit_note.html", AREA | context | more, status=409)


@require_POST
@of_inside
def remove(request: HttpRequest, circle: Circle, number: int) -> HttpResponse:
    """Off the page, or back."""
    by = person_of(request)
    if request.POST.get("what") == "back":
        gone = get_object_or_404(queries.removed_notes(circle), pk=number)
        actions.bring_back_note(gone, by=by)
        messages.success(request, _("The note is there again."))
        return redirect(gone)
    actions.remove_note(_of(request, circle, number), by=by)
    messages.success(request, _("The note is removed. Below the notes you can bring it back for 30 days."))
    return redirect(circle)


@require_safe
@of_inside
def versions(request: HttpRequest, circle: Circle, number: int) -> HttpResponse:
    """All versions, the newest first."""
    shown = _of(request, circle, number)
    rows = [(letters.called(one.by), one) for one in shown.versions.select_related("by").defer("text")[:500]]
    context = {"circle": circle, "note": shown, "rows": rows, "here": _("Versions")}
    return render(request, "circles/versions.html", AREA | context)


@require_http_methods(SHOW)
@of_inside
def version(request: HttpRequest, circle: Circle, number: int, version: int) -> HttpResponse:
    """One version: what it changed, or with ?view=now what has changed since; it can be restored."""
    shown = _of(request, circle, number)
    chosen = get_object_or_404(shown.versions.select_related("by", "note__circle"), number=min(version, 2**31 - 1))
    if request.method == "POST":
        actions.restore_version(chosen, by=person_of(request))
        messages.success(request, _("Version %d holds again.") % chosen.number)
        return redirect(shown)
    newest = queries.newest(shown)
    since = request.GET.get("view") == "now" and chosen.number != newest.number
    other = newest if since else shown.versions.filter(number=chosen.number - 1).first()
    context = {
        "circle": circle,
        "note": shown,
        "version": chosen,
        "who": letters.called(chosen.by),
        "newest": newest,
        "since": since,
        "lines": _lines(chosen, newest) if since else _lines(other, chosen),
        "old_title": other.title if other and other.title != chosen.title else "",
        "may_restore": circle.archived_at is None and (chosen.title, chosen.text) != (newest.title, newest.text),
        "here": _("Version %d") % chosen.number,
    }
    return render(request, "circles/version.html", AREA | context)


def _lines(old: NoteVersion | None, new: NoteVersion) -> list[differences.Line]:
    return differences.between(old.text if old else "", new.text)
