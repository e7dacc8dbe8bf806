"""Who takes part: asking, offering, answering, changing, leaving; handing over; taking off."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from allmende.ground.refusals import BadInput, Refused
from allmende.people.models import Person
from allmende.people.views import person_of
from allmende.projects import access, actions, queries, rules
from allmende.projects.forms import AnswerForm, AskForm, HandoverForm, OfferForm, PartForm, ReasonForm, TakeOverForm, WordForm
from allmende.projects.models import Part
from allmende.projects.views.pages import AREA, own_project, seen_project
from allmende.projects.views.writing import form_page
from allmende.web.forms import HouseForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def parts(request: HttpRequest, pk: int) -> HttpResponse:
    """/projekte/7/beteiligte/: ask organisations, see who has answered."""
    item, person = own_project(request, pk), person_of(request)
    form = AskForm(request.POST or None, viewer=person)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.ask_part(item, said["organisation"], kind=said["kind"], contribution=said["contribution"], word=said["word"], by=person)
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            messages.success(request, _("Asked. It is shown as soon as they have confirmed it."))
            return redirect("projects:parts", item.pk)
    return form_page(request, "parts", form, item=item, parts=queries.parts(person, item))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """/projekte/7/mitmachen/: an organisation offers itself."""
    item, person = seen_project(request, pk), person_of(request)
    if item.is_draft or item.hidden_at:
        raise Http404
    taking_part = item.parts.filter(state__in=access.TAKING_PART).values("organisation")
    free = list(access.organisations_to_carry_for(person).exclude(pk=item.organisation_id).exclude(pk__in=taking_part))
    form = OfferForm(request.POST or None, viewer=person, organisations=free)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.offer_part(item, said["organisation"], kind=said["kind"], contribution=said["contribution"], word=said["word"], by=person)
        messages.success(request, _("Offered. Those who lead the project are told and answer."))
        return redirect(item)
    return form_page(request, "offer", form, item=item, may=bool(free))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def part(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """/projekte/7/beteiligung/3/: answer, change or end one part."""
    one = _seen_part(request, pk, number)
    if request.method == "POST":
        return _do(request, one, request.POST.get("what", ""))
    return _part_page(request, one)


def _seen_part(request: HttpRequest, pk: int, number: int) -> Part:
    """A part of one's own organisation, or of a project one may change; nobody else has anything to do here."""
    person = person_of(request)
    both = access.parts_of(person) | Part.objects.filter(project__in=access.projects_of(person).values("pk"))
    one = get_object_or_404(both.select_related("organisation", "project__organisation"), pk=number)
    if one.project_id != pk:
        raise Http404
    return one


def _part_page(request: HttpRequest, one: Part, form: HouseForm | None = None) -> HttpResponse:
    person: Person = person_of(request)
    is_mine = access.may_carry_for(person, one.organisation)
    context = {
        "one": one,
        "item": one.project,
        "may_read": access.projects_visible_to(person).filter(pk=one.project_id).exists(),
        "may_answer": rules.may_answer(one.state) and access.may_answer(person, one),
        "may_withdraw": rules.may_answer(one.state)
        and (access.may_change(person, one.project) if one.state == rules.ASKED else access.may_leave(person, one)),
        "may_change": is_mine and one.state == rules.CONFIRMED,
        "may_leave": one.state == rules.CONFIRMED and access.may_leave(person, one),
        "answer_form": AnswerForm(initial={"contribution": one.contribution}),
        "part_form": PartForm(initial={"kind": one.kind, "contribution": one.contribution}),
        "word_form": WordForm(),
        "form": form,
    }
    return render(request, "projects/part.html", AREA | context, status=422 if form is not None else 200)


def _do(request: HttpRequest, one: Part, what: str) -> HttpResponse:
    """One of the answers on the page of a part."""
    form_class: type[HouseForm] | None = {
        "confirm": AnswerForm,
        "decline": AnswerForm,
        "change": PartForm,
        "leave": WordForm,
        "withdraw": WordForm,
    }.get(what)
    if form_class is None:
        raise BadInput(_("Please choose one of the answers."))
    form = form_class(request.POST)
    if not form.is_valid():
        return _part_page(request, one, form)
    said, person = form.cleaned_data, person_of(request)
    if what in {"confirm", "decline"}:
        actions.answer_part(one, confirm=what == "confirm", word=said["word"], contribution=said["contribution"] or None, by=person)
        messages.success(request, _("Confirmed.") if what == "confirm" else _("Declined. Those who asked are told."))
    elif what == "change":
        actions.change_part(one, kind=said["kind"], contribution=said["contribution"], by=person)
        messages.success(request, _("Saved."))
    elif what == "leave":
        actions.leave_part(one, word=said["word"], by=person)
        messages.success(request, _("Your part is ended. The history of the project still shows it."))
    else:
        actions.withdraw_part(one, by=person)
        messages.success(request, _("Taken back."))
    if access.projects_visible_to(person).filter(pk=one.project_id).exists():
        return redirect(one.project)
    return redirect("projects:mine")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """/projekte/7/uebergeben/: ask another organisation to answer for it, answer such a question, or take it over."""
    item, person = seen_project(request, pk), person_of(request)
    may_offer, mine = access.may_hand_over(person, item), list(access.may_take_over_for(person, item))
    if item.is_draft or not (may_offer or mine):
        raise Http404
    what = request.POST.get("what", "")
    form = HandoverForm(request.POST if what == "offer" else None, viewer=person)
    taking = TakeOverForm(request.POST if what == "take" else None, viewer=person, organisations=mine)
    try:
        if what == "offer" and may_offer and form.is_valid():
            actions.offer_handover(item, form.cleaned_data["organisation"], by=person)
            messages.success(request, _("Asked. Nothing changes until they take it over."))
            return redirect(item)
        if what == "take" and mine and taking.is_valid():
            said = taking.cleaned_data
            done = actions.take_over_project(item, said["organisation"], sentence=said["sentence"], by=person, today=timezone.localdate())
            messages.success(request, _("Your organisation now answers for the project. Say how far it is."))
            return redirect(done)
    except Refused as no:
        (form if what == "offer" else taking).add_error(None, str(no.sentence))
    return form_page(
        request,
        "hand_over",
        taking if what == "take" else form,
        item=item,
        offering=form,
        taking=taking,
        may_offer=may_offer,
        may_take=bool(mine),
        is_asked=bool(item.handover_to_id and any(one.pk == item.handover_to_id for one in mine)),
        partners=queries.parts(person, item).confirmed,
    )


@login_required
@require_POST
def end_handover(request: HttpRequest, pk: int) -> HttpResponse:
    """The question is taken back by those who asked, or refused by the organisation that was asked."""
    item, person = seen_project(request, pk), person_of(request)
    if item.handover_to is not None and access.may_carry_for(person, item.handover_to):
        actions.refuse_handover(item, by=person, word=request.POST.get("word", "")[:300])
    else:
        actions.offer_handover(item, None, by=person)
    messages.success(request, _("Noted. The project stays where it was."))
    return redirect(item) if access.projects_visible_to(person).filter(pk=item.pk).exists() else redirect("projects:mine")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: HttpRequest, pk: int) -> HttpResponse:
    """/projekte/7/ausblenden/: a caretaker takes it off, or puts it back."""
    item, person = seen_project(request, pk), person_of(request)
    if not access.may_moderate(person, item):
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and item.hidden_at is not None:
        actions.unhide_project(item, by=person)
        messages.success(request, _("The project is shown again."))
        return redirect(item)
    if request.method == "POST" and form.is_valid():
        actions.hide_project(item, by=person, reason=form.cleaned_data["reason"])
        messages.success(request, _("The project is taken off. Those who lead it are told why."))
        return redirect(item)
    return form_page(request, "hide", form, item=item)
