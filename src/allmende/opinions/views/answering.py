"""Answering, changing one's mind, adding statements."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import cooperative_at
from allmende.electorates.access import takes_part
from allmende.ground.refusals import BadInput, Refused, require
from allmende.opinions import access, actions, forms, queries, rules
from allmende.opinions.models import Landscape, State, Statement
from allmende.opinions.views.showing import AREA
from allmende.people.views import person_of


def _inside(request: HttpRequest, slug: str, uuid: UUID) -> tuple[Cooperative, Landscape]:
    """For those who take part; Http404 for everybody else, also where a report is published."""
    cooperative = cooperative_at(request.user, slug)
    asked = queries.landscape_at(request.user, cooperative, uuid)
    if not takes_part(request.user, cooperative):
        raise Http404
    return cooperative, asked


@login_required
@require_POST
def answer(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/antwort/: agree, pass or disagree with one statement; then the next one, or back to the list of one's own answers."""
    _cooperative, asked = _inside(request, slug, uuid)
    said, number = request.POST.get("value", ""), request.POST.get("statement", "")
    require(said in rules.WORDS, _("Choose agree, disagree or pass."), BadInput)
    require(number.isascii() and number.isdigit() and len(number) <= 4, _("This statement is not known here."), BadInput)
    statement = get_object_or_404(Statement.objects.select_related("landscape"), landscape=asked, number=int(number))
    actions.answer(statement, rules.WORDS[said], by=person_of(request))
    if request.POST.get("back") == "own":
        return redirect(f"{reverse('opinions:own', args=[slug, uuid])}#s-{statement.number}")
    return redirect(f"{reverse('opinions:landscape', args=[slug, uuid])}#frage")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/meine/: one's own answers, to change or to take back altogether."""
    cooperative, asked = _inside(request, slug, uuid)
    if request.method == "POST":
        actions.withdraw_answers(asked, by=person_of(request))
        messages.success(request, _("Your answers are taken back."))
        return redirect("opinions:landscape", slug=slug, uuid=uuid)
    mine = queries.own_answers(asked, request.user)
    words = {value: word for word, value in rules.WORDS.items()}
    context = {
        "cooperative": cooperative,
        "landscape": asked,
        "rows": [(one, words.get(mine.get(one.number, 2), "")) for one in queries.asked(asked)],
        "is_open": queries.is_answering_open(asked, timezone.now()),
        "has_answers": bool(mine),
    }
    return render(request, "opinions/own.html", AREA | context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def statements(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/aussagen/: all statements, hidden ones with the reason; add one, after a look at those that say nearly the same."""
    cooperative, asked = _inside(request, slug, uuid)
    form = forms.Saying(request.POST or None)
    similar: list[Statement] = []
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        similar = [] if form.cleaned_data["sure"] else queries.alike(asked, text)
        if not similar:
            try:
                actions.add_statement(asked, text, by=person_of(request))
            except Refused as fault:
                form.add_error("text", str(fault.sentence))
            else:
                said = _("The statement is added. Others are asked about it from now on.")
                messages.success(request, _("The statement is added to the draft.") if asked.state == State.DRAFT else said)
                return redirect("opinions:statements", slug=slug, uuid=uuid)
    return _statements_page(request, cooperative, asked, form, similar)


def _statements_page(
    request: HttpRequest, cooperative: Cooperative, asked: Landscape, form: forms.Saying, similar: list[Statement]
) -> HttpResponse:
    runs = access.may_run(request.user, cooperative)
    is_open = queries.is_answering_open(asked, timezone.now())
    context: dict[str, Any] = {
        "cooperative": cooperative,
        "landscape": asked,
        "form": form,
        "similar": similar,
        "statements": list(Statement.objects.filter(landscape=asked).order_by("number")),
        "may_add": access.may_add(request.user, asked) and (is_open or (runs and asked.state == State.DRAFT)),
        "may_run": runs,
        "is_draft": asked.state == State.DRAFT,
    }
    return render(request, "opinions/statements.html", AREA | context, status=400 if form.errors else 200)


@login_required
@require_safe
def alike(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/aussagen/aehnliche/?text=: statements that say nearly the same, while one writes."""
    _cooperative, asked = _inside(request, slug, uuid)
    text = request.GET.get("text", "")[: rules.LONGEST]
    return render(request, "opinions/parts/alike.html", {"similar": queries.alike(asked, text)})
