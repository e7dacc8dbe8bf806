"""The doors of freshness: the pages letters lead to, buttons of stewards and caretakers, the age of the map.

The pages of a letter need no sign-in and no cookie: the signed link is the proof, so a forged form would have to know it (ADR 0014).
"""

import csv
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.directory import access as entries
from allmende.directory import queries as directory
from allmende.directory.models import Organisation
from allmende.directory.portrait import search_address
from allmende.freshness import access, actions, figures, forms, letters, queries
from allmende.freshness.models import Question, Reply, Snapshot, Whom
from allmende.freshness.rules import Standing
from allmende.ground.refusals import BadInput, NotAllowed, require
from allmende.people.rules import is_own_path
from allmende.people.views import SignedIn

Context = dict[str, Any]
STATUS = {None: 404, Standing.EXPIRED: 410, Standing.NOT_YOURS: 410, Standing.OFF_THE_MAP: 410}


# -------------------------------------------------------------------------------------------------- links of letters


def _by_link(view: Callable[[HttpRequest, Question, Standing], HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives the view the question of the link; where there is none, the page says so. The link goes into no cache and no referrer."""

    @never_cache
    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def handle(request: HttpRequest, link: str) -> HttpResponse:
        question = queries.question_of(link)
        response = view(request, question, queries.standing(question, timezone.now())) if question else _state(request, None, None)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return handle


def _state(request: HttpRequest, question: Question | None, how: Standing | None, page: str = "answer", **more: Any) -> HttpResponse:
    """A page of a letter, as its link stands today. What the entry says is shown only to whom the letter belongs."""
    context: Context = {"area": "map", "how": how.value if how else "unknown", "question": question, **more}
    if question and how not in {None, Standing.NOT_YOURS, Standing.OFF_THE_MAP}:
        item = directory.shown_to(directory.whole(Organisation.objects.filter(pk=question.organisation_id)).get())
        context |= {
            "item": item,
            "facts": letters.entry_facts(item),
            "link": queries.link_of(question),
            "of_team": question.whom == Whom.PERSON,
        }
    return render(request, f"freshness/{page}.html", context, status=STATUS.get(how, 200))


@_by_link
def answer(request: HttpRequest, question: Question, how: Standing) -> HttpResponse:
    """/stimmt/…/: what the entry says and one button. Only pressing it confirms: mail programs and scanners follow links by themselves."""
    if request.method == "POST" and how == Standing.OPEN:
        actions.confirm_by_letter(question)
        return redirect("freshness:answer", queries.link_of(question))
    return _state(request, question, how)


@_by_link
def gone(request: HttpRequest, question: Question, how: Standing) -> HttpResponse:
    """/stimmt/…/ende/: we no longer exist. It makes a note for people; nothing is taken off the map by a letter's link."""
    if how not in {Standing.OPEN, Standing.OVERTAKEN}:
        return _state(request, question, how)
    form = forms.EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.say_gone(question, year=form.cleaned_data["year"], word=form.cleaned_data["word"])
        return redirect("freshness:answer", queries.link_of(question))
    may_end = access.may_end(request.user, question.organisation)
    return _state(request, question, how, "gone", form=form, may_end=may_end)


@_by_link
def stop(request: HttpRequest, question: Question, how: Standing) -> HttpResponse:
    """/stimmt/…/nicht-mehr-fragen/: no more of these letters; mail programs may POST here at once and are not sent elsewhere (RFC 8058)."""
    if how == Standing.NOT_YOURS or question.whom == Whom.PERSON:
        return _state(request, question, how)
    is_done = question.answer == Reply.OPTOUT
    if request.method == "POST":
        question, is_done = actions.stop_asking(question), True
    return _state(request, question, Standing.OPEN, "stop", is_done=is_done)


# ---------------------------------------------------------------------------------------------- stewards and caretakers


def _entry(request: SignedIn, slug: str) -> Organisation:
    return get_object_or_404(entries.organisations_visible_to(request.user), slug=slug)


def _back(request: SignedIn, item: Organisation | None = None) -> HttpResponse:
    """To the page the button stood on, when it is one of ours."""
    wanted = request.POST.get("next", "")
    if is_own_path(wanted):
        return redirect(wanted)
    return redirect("directory:organisation", item.slug) if item else redirect("people:mine")


@login_required
@require_POST
def confirm(request: SignedIn, slug: str) -> HttpResponse:
    """The button on the page of an entry and in "Mein Bereich"."""
    item = _entry(request, slug)
    actions.confirm(item, by=request.user)
    messages.success(request, _("“%(name)s” is confirmed as of today.") % {"name": item.name})
    return _back(request, item)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: SignedIn, slug: str) -> HttpResponse:
    """/o/…/ende/: who answers for an entry says that the organisation is no more, and takes it off the map."""
    item = _entry(request, slug)
    require(access.may_end(request.user, item), _("Only who answers for the entry, or a caretaker, may do this."), NotAllowed)
    form = forms.EndHereForm(request.POST or None)
    if form.is_valid():
        actions.end_organisation(item, by=request.user, year=form.cleaned_data["year"], word=form.cleaned_data["word"])
        messages.success(request, _("“%(name)s” was taken off the map.") % {"name": item.name})
        return redirect("people:mine")
    return render(request, "freshness/end.html", {"area": "mine", "item": item, "form": form})


@login_required
@require_POST
def care(request: SignedIn, slug: str) -> HttpResponse:
    """What a caretaker does with an entry nobody confirms: `deed` is ask, leave or confirm."""
    item, deed = _entry(request, slug), request.POST.get("deed", "")
    require(deed in {"ask", "leave", "confirm"}, _("This button does nothing. Please go back and reload the page."), BadInput)
    if deed == "ask":
        n = actions.ask_again(item, by=request.user)
        said = ngettext("%d person was asked once more.", "%d people were asked once more.", n) % n
    elif deed == "leave":
        actions.leave_as_it_is(item, by=request.user)
        said = _("“%(name)s” stays as it is; nobody is asked for a year.") % {"name": item.name}
    else:
        actions.confirm(item, by=request.user)
        said = _("“%(name)s” is confirmed as of today.") % {"name": item.name}
    messages.success(request, said)
    return _back(request, item)


@login_required
@require_POST
def settle_bounce(request: SignedIn, pk: int) -> HttpResponse:
    """A letter that came back: taken note of."""
    actions.settle_bounce(pk, by=request.user)
    messages.success(request, _("Taken note of."))
    return _back(request)


@login_required
@require_POST
def settle_end(request: SignedIn, pk: int) -> HttpResponse:
    """What was said about an end: `verdict` is gone or stays."""
    verdict = request.POST.get("verdict", "")
    require(verdict in {"gone", "stays"}, _("This button does nothing. Please go back and reload the page."), BadInput)
    item = actions.settle_end(pk, by=request.user, is_true=verdict == "gone")
    said = _("“%(name)s” was taken off the map.") if verdict == "gone" else _("“%(name)s” stays on the map.")
    messages.success(request, said % {"name": item.name})
    return _back(request)


@login_required
@require_POST
def settle_link(request: SignedIn, pk: int) -> HttpResponse:
    """A website that is gone or moved: taken note of."""
    actions.settle_link(pk, by=request.user)
    messages.success(request, _("Taken note of."))
    return _back(request)


# ------------------------------------------------------------------------------------------------------ age of the map


@require_safe
def network(request: HttpRequest) -> HttpResponse:
    """/zahlen/frische/: how fresh the map is, today and month by month."""
    now = timezone.now()
    found = figures.counted(now)
    history = figures.months(figures.today(found, now))
    context = {
        "area": "map",
        "page": "figures",
        "found": found,
        "levels": figures.level_rows(found),
        "history": history[::-1],
        "bars": figures.bars(history),
        "has_history": len(history) > 1,
        "tables": figures.tables(found),
        "search": search_address(),
    }
    return render(request, "freshness/network.html", context)


@require_safe
def network_csv(request: HttpRequest) -> HttpResponse:
    """/zahlen/frische.csv: every day that was written down, and today."""
    now = timezone.now()
    response = HttpResponse(content_type="text/csv; charset=utf-8; header=present")
    response.headers["Content-Disposition"] = 'attachment; filename="frische.csv"'
    writer = csv.writer(response)
    writer.writerow(figures.COLUMNS)
    current = figures.today(figures.counted(now), now)
    rows = [*Snapshot.objects.filter(day__lt=current.day).order_by("day"), current]
    writer.writerows(figures.row(one) for one in rows)
    return response
