"""The doors of those who ask: a new round, its words, invitations, deadline and end, answers to what came."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allmende.feedback import access, actions, forms, letters, queries, rules
from allmende.feedback.models import Round
from allmende.feedback.views import AREA, about, my_round, the_review
from allmende.ground.refusals import NotAllowed, Refused, require
from allmende.people.views import person_of
from allmende.projects.access import projects_visible_to

METHODS = ["GET", "HEAD", "POST"]
FIRST_DEADLINE, MORE_TIME = 21, 14
"""Days that a form suggests."""


def _done(form: Form, write: Callable[[], object]) -> bool:
    """Whether the form was right and the action went through; otherwise its sentence stands in the form."""
    if not form.is_valid():
        return False
    try:
        write()
    except Refused as no:
        form.add_error(None, str(no.sentence))
        return False
    return True


@login_required
@require_http_methods(METHODS)
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """/projekte/7/rueckmeldung/fragen/: a new round."""
    project, by = get_object_or_404(projects_visible_to(request.user), pk=pk), person_of(request)
    askers = access.may_ask_as(by, project)
    require(askers, _("Only organisations that lead this project ask for feedback on it."), NotAllowed)
    require(not project.is_draft and not project.hidden_at, _("Publish the project first: nobody can answer about what nobody sees."))
    near = queries.near(askers[0], project)
    initial = {"readers": rules.INVITED, **forms.DeadlineForm.in_days(FIRST_DEADLINE)}
    form = forms.AskForm(request.POST or None, askers=askers, near=near, viewer=by, initial=initial)
    if request.method == "POST":
        made: list[Round] = []

        def write() -> None:
            until = form.cleaned_data["deadline"]
            made.append(actions.open_round(project, form.asker(), deadline=until, invited=form.invited(), by=by, **form.said()))

        if _done(form, write):
            messages.success(request, _("The round is open. Those invited have been told."))
            return redirect(made[0])
    context = {"project": project, "form": form, "asker": askers[0].name}
    return render(request, "feedback/ask.html", AREA | context, status=422 if form.errors else 200)


@login_required
@require_http_methods(METHODS)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """/rueckmeldungen/7/fragen/: change the words of an open round."""
    found = my_round(request, pk, _("Only those who asked can change this round."))
    require(found.state == rules.OPEN, _("This round is closed. Open it again to change it."))
    is_frozen, by = queries.number_given(found) > 0, person_of(request)
    form = forms.QuestionsForm(request.POST or None, initial=forms.QuestionsForm.initial_from(found), is_frozen=is_frozen)
    if request.method == "POST" and _done(form, lambda: actions.correct_round(found, by=by, **form.said())):
        messages.success(request, _("The round is changed."))
        return redirect(found)
    context = about(found, form=form, is_frozen=is_frozen)
    return render(request, "feedback/correct.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(METHODS)
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """/rueckmeldungen/7/einladen/: ask further organisations."""
    found, by = my_round(request, pk, _("Only those who asked can change this round.")), person_of(request)
    require(rules.is_taking(found.state, found.deadline, timezone.now()), _("This round is closed. Open it again to invite somebody."))
    there = set(found.invitations.values_list("organisation_id", flat=True))
    near = [one for one in queries.near(found.organisation, found.project) if one.pk not in there]
    form = forms.InvitingForm(request.POST or None, near=near, viewer=by)
    if request.method == "POST" and _done(form, lambda: actions.invite_organisations(found, form.invited(), by=by)):
        messages.success(request, _("Those invited have been told."))
        return redirect(found)
    return render(request, "feedback/invite.html", about(found, form=form), status=422 if form.errors else 200)


@login_required
@require_http_methods(METHODS)
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """/rueckmeldungen/7/frist/: more time; for a month after the end, opening it again."""
    found, by = my_round(request, pk, _("Only those who asked can change this round.")), person_of(request)
    now = timezone.now()
    is_taking = rules.is_taking(found.state, found.deadline, now)
    can_reopen = rules.can_reopen(rules.CLOSED, found.closed_at or found.deadline, now)
    require(is_taking or can_reopen, _("This round closed more than 30 days ago. Ask in a new one."))
    form = forms.DeadlineForm(request.POST or None, initial=forms.DeadlineForm.in_days(MORE_TIME))
    change = actions.extend_round if is_taking else actions.reopen_round
    if request.method == "POST" and _done(form, lambda: change(found, form.cleaned_data["deadline"], by=by)):
        messages.success(request, _("The new deadline holds. Those who have not answered yet have been told."))
        return redirect(found)
    return render(request, "feedback/extend.html", about(found, form=form, is_taking=is_taking), status=422 if form.errors else 200)


@login_required
@require_http_methods(METHODS)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """/rueckmeldungen/7/abschluss/: end the round before its deadline, or say what came out of it."""
    found, by = my_round(request, pk, _("Only those who asked can change this round.")), person_of(request)
    form = forms.WordForm(request.POST or None, initial={"word": found.word})
    ends = request.POST.get("what") == "close"
    change = actions.close_round if ends else actions.write_word
    if request.method == "POST" and _done(form, lambda: change(found, word=form.cleaned_data["word"], by=by)):
        messages.success(request, _("The round is closed.") if ends else _("What came out of it stands on the page."))
        return redirect(found)
    context = about(found, form=form, is_open=found.state == rules.OPEN, became=letters.became_sentence(queries.became_of(found)))
    return render(request, "feedback/close.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(METHODS)
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """/rueckmeldung/7/antworten/: what becomes of each suggestion, an answer to the questions, thanks."""
    review, by = the_review(request, pk), person_of(request)
    require(access.may_run(by, review.round), _("Only those who asked can answer."), NotAllowed)
    require(review.hidden_at is None, _("This feedback was taken off. There is nothing to answer at the moment."))
    suggestions = list(review.suggestions.all())
    form = forms.ReplyForm(request.POST or None, suggestions=suggestions, initial=forms.ReplyForm.initial_from(review, suggestions))

    def write() -> None:
        data = form.cleaned_data
        actions.answer_review(review, form.answers(), reply=data["reply"], thanks=data["thanks"], by=by)

    if request.method == "POST" and _done(form, write):
        messages.success(request, _("Your answer is kept. Those who gave the feedback have been told what is new."))
        return redirect(letters.review_path(review))
    given = queries.Given(review, queries.questions(review.round))
    return render(request, "feedback/reply.html", about(review.round, form=form, given=given), status=422 if form.errors else 200)
