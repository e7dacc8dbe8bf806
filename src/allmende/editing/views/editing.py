"""The doors for changing what is here: the form, the page where two people meet, and leaving the map."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from allmende.directory import access as directory_access
from allmende.directory import queries as directory
from allmende.directory.history import EditConflict, Merged
from allmende.directory.models import Organisation, State
from allmende.editing import actions, differences, forms, queries, sheets
from allmende.editing.rules import SHOWN_PLACES
from allmende.editing.settling import conflicts, settled
from allmende.editing.views.shared import SHOW_AGAIN, number, own, sheet_context
from allmende.ground.refusals import NotAllowed, Refused, require
from allmende.people.views import SignedIn
from allmende.web import errors


@login_required
def edit(request: SignedIn, slug: str) -> HttpResponse:
    """/o/<slug>/bearbeiten/: the form, filled with what the entry says."""
    item = directory.organisation_as_it_is(request.user, slug)
    if item is None:
        return _not_editable(request, slug)
    sent = request.method == "POST"
    base = number(request.POST.get("base")) if sent else directory.newest_revision(item.pk)
    start = SHOWN_PLACES * number(request.POST.get("page") if sent else request.GET.get("orte"))
    step = str(request.POST.get("step", ""))
    data = request.POST if sent else None
    form = sheets.filled(forms.Sheet, queries.state_at(item.pk, base), data, ruled=queries.ruled(), start=start, more=int(step == "add"))
    shown = sheet_context(form, step) | {"item": item, "base": base, "reason": request.POST.get("reason", "")}
    shown |= {"page": start // SHOWN_PLACES, "may_own": directory_access.may_own(request.user, item)}
    if not sent or step in SHOW_AGAIN:
        if sent:
            form.quiet()
        return render(request, "editing/edit.html", shown)
    if not form.is_valid():
        return render(request, "editing/edit.html", shown | {"has_errors": True}, status=422)
    return _save(request, item, form.said(), base)


def _save(request: SignedIn, item: Organisation, said: dict[str, Any], base: int) -> HttpResponse:
    reason = forms.Restore(request.POST)
    why = reason.cleaned_data["reason"] if reason.is_valid() else ""
    try:
        saved = actions.save_entry(item, said, by=request.user, base=base, reason=why)
    except EditConflict as conflict:
        return _settle_page(request, item, conflict, base=base, why=why)
    except Refused as refusal:  # the entry or the right to it went away between reading and writing
        return _lost(request, refusal.status, str(refusal.sentence))
    messages.success(request, _sentence(saved, item))
    return redirect("directory:organisation", item.slug)


def _sentence(saved: actions.Saved, item: Organisation) -> str:
    told = _("Saved.") if saved.revision else _("Nothing was changed, so nothing was saved.")
    if saved.meanwhile:
        told += " " + _("Somebody else changed meanwhile: %(fields)s. Both are kept.") % {"fields": differences.named(saved.meanwhile)}
    if item.state == State.ARCHIVED:
        told += " " + _("The entry is off the map; a caretaker can put it back.")
    return told


def _settle_page(
    request: SignedIn, item: Organisation, conflict: EditConflict, *, base: int, why: str, wrong: dict[str, str] | None = None
) -> HttpResponse:
    merged = conflict.merged
    kept = {**merged.fields, **{name: mine for name, (mine, _theirs) in merged.conflicts.items()}}
    shown = {
        "area": "map",
        "item": item,
        "conflicts": conflicts(merged, request.POST, wrong or {}),
        "mine_alone": differences.named(merged.fields),
        "theirs_alone": differences.named(
            name for name in merged.theirs if merged.theirs[name] != merged.base[name] and name not in merged.conflicts and name != "state"
        ),
        "newest": merged.newest,
        "said": signing.dumps([item.pk, request.user.pk, kept], salt=queries.SAID, compress=True),
        "reason": why,
        "other": queries.last_editor(item.pk, base),
        "wrong": wrong,
    }
    return render(request, "editing/settle.html", shown, status=409)


@login_required
def settle(request: SignedIn, slug: str) -> HttpResponse:
    """Where two people changed the same fields: what the second one chose, field by field."""
    item = directory.organisation_as_it_is(request.user, slug)
    if item is None:
        return _not_editable(request, slug)
    if request.method != "POST":
        return redirect("editing:edit", slug)
    base = number(request.POST.get("base"))
    said = _unsigned(request, item)
    asked, fields, wrong = settled(said, request.POST)
    if wrong:
        again = EditConflict(_merged_again(item, said, asked))
        return _settle_page(request, item, again, base=base, why=str(request.POST.get("reason", ""))[:200], wrong=wrong)
    return _save(request, item, fields, base)


def _merged_again(item: Organisation, said: dict[str, Any], asked: list[str]) -> Merged:
    """The same question once more, because an answer to it cannot be."""
    now = queries.state_now(item.pk)
    fields = {name: value for name, value in said.items() if name not in asked}
    both = {name: (said[name], now[name]) for name in asked}
    return Merged(fields, both, now, now, directory.newest_revision(item.pk))


def _unsigned(request: SignedIn, item: Organisation) -> dict[str, Any]:
    try:
        pk, person, said = signing.loads(str(request.POST.get("said", "")), salt=queries.SAID)
    except (signing.BadSignature, ValueError, TypeError):
        pk, person, said = 0, 0, {}
    right = pk == item.pk and person == request.user.pk and isinstance(said, dict)
    require(right, _("What was sent cannot be read any more. Please open the form again."))
    return dict(said)


@login_required
def off(request: SignedIn, slug: str) -> HttpResponse:
    """/o/<slug>/vom-netz/: an organisation no longer exists, or does not want to be on the map."""
    item = own(request, slug)
    require(directory_access.may_own(request.user, item), _("Only who answers for the entry, or a caretaker, may do this."), NotAllowed)
    form = forms.Off(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        ended = said["ended"] if said["why"] == "ended" else None
        actions.take_off_the_map(item, by=request.user, ended=ended or None, reason=said["reason"])
        messages.success(request, _("“%(name)s” is off the map. A caretaker can put it back.") % {"name": item.name})
        return redirect("directory:organisation", slug)
    return render(request, "editing/off.html", {"area": "map", "item": item, "form": form})


def _not_editable(request: SignedIn, slug: str) -> HttpResponse:
    """Merged, hidden or somebody else's: a page that says so, and gives back what was typed."""
    if into := queries.merged_into(slug):
        if request.method != "POST":
            return redirect("editing:edit", into.slug)
        sentence = _("This entry was merged into “%(name)s” meanwhile. Nothing was saved; take over what is still missing there.")
        return _lost(request, 409, sentence % {"name": into.name}, into)
    item = directory_access.organisations_visible_to(request.user).filter(slug=slug).first()
    if item is None:
        if request.method != "POST":
            raise Http404
        return _lost(request, 404, _("There is no entry for you to edit here any more. Nothing was saved."))
    return _lost(request, 403, _("Only those who look after an entry may change it. You can suggest the change instead."), item)


def _lost(request: SignedIn, status: int, sentence: str, item: Organisation | None = None) -> HttpResponse:
    """No, with everything that was typed, so that nobody types it twice."""
    if request.method != "POST":
        return errors.page(request, status, sentence)
    shown = {"area": "map", "sentence": sentence, "item": item, "typed": sheets.typed(request.POST)}
    return render(request, "editing/lost.html", shown, status=status)
