"""The doors of those who give: the form, no thanks, taking back, throwing a draft away."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from allmende.feedback import access, actions, forms, letters, queries, rules
from allmende.feedback.actions.giving import require_taking
from allmende.feedback.models import Review, Round
from allmende.feedback.views import about, the_review, the_round
from allmende.ground.refusals import NotAllowed, Refused, require
from allmende.people.views import person_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """/rueckmeldungen/7/geben/?as=12: feedback in the name of an organisation (its number) or in one's own (`selbst`)."""
    found, by = the_round(request, pk), person_of(request)
    if sentence := _over(found):
        require(request.method != "POST", sentence)
        messages.warning(request, sentence)  # the link of an old notice leads to what became of it
        return redirect(found)
    voices = queries.voices(by, found)
    require(voices, _("You were not asked here, or you belong to those who asked."), NotAllowed)
    voice = _chosen(voices, request.GET.get("as"))
    if voice.review is not None:
        is_free = rules.can_write(True, voice.review.state, queries.is_answered(voice.review))
        require(is_free, _("Those who asked have begun to answer. What you gave stands as it is."))
    if request.method == "POST":
        return _take(request, found, voices, voice)
    form = _form(found, voice, initial=forms.GiveForm.initial_from(voice.review, by.name))
    return _page(request, found, voices, voice, form)


def _over(found: Round) -> str:
    """Why nothing can be given any more; empty where something can."""
    try:
        require_taking(found)
    except Refused as no:
        return str(no.sentence)
    return ""


def _chosen(voices: list[queries.Voice], wanted: str | None) -> queries.Voice:
    """The voice the address names; without one the first that has not spoken yet."""
    if wanted is None:
        return next((one for one in voices if one.review is None or one.review.state == rules.DRAFT), voices[0])
    chosen = next((one for one in voices if one.key == wanted), None)
    if chosen is None:
        raise Http404
    return chosen


def _form(found: Round, voice: queries.Voice, **options: object) -> forms.GiveForm:
    return forms.GiveForm(asked=queries.questions(found), in_own_name=voice.organisation is None, **options)


def _take(request: HttpRequest, found: Round, voices: list[queries.Voice], voice: queries.Voice) -> HttpResponse:
    form, keeps = _form(found, voice, data=request.POST), request.POST.get("what") == "keep"
    if not form.is_valid():
        return _page(request, found, voices, voice, form, status=422)
    try:
        write = actions.keep_draft if keeps else actions.give_review
        review = write(found, voice.organisation, form.said(), by=person_of(request))
    except Refused as no:
        form.add_error(None, str(no.sentence))
        return _page(request, found, voices, voice, _newest(form, voice), status=no.status)
    if review.state == rules.DRAFT:
        messages.success(request, _("Your draft is kept. Only those of you who write it see it."))
        return redirect(f"{request.path}?as={voice.key}")
    messages.success(request, _("Your feedback is given. You hear what becomes of your suggestions."))
    return redirect(letters.review_path(review))


def _newest(form: forms.GiveForm, voice: queries.Voice) -> forms.GiveForm:
    """The words as typed, on top of what stands there now: sent once more, they replace it knowingly."""
    form.data = {**form.data.dict(), "version": str(voice.review.version if voice.review else 0)}  # type: ignore[attr-defined]
    return form


def _page(
    request: HttpRequest, found: Round, voices: list[queries.Voice], voice: queries.Voice, form: forms.GiveForm, status: int = 200
) -> HttpResponse:
    is_stale = status == Refused.status and voice.review is not None
    context = {
        "form": form,
        "voices": voices,
        "voice": voice,
        "asker": queries.name_of(found.organisation),
        "is_given": voice.review is not None and voice.review.state == rules.GIVEN,
        "stands": queries.Given(voice.review, queries.questions(found)) if is_stale and voice.review else None,
        "invitation": found.invitations.filter(organisation=voice.organisation).first() if voice.organisation else None,
    }
    return render(request, "feedback/give.html", about(found, **context), status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """/rueckmeldungen/7/absagen/?as=12: no, with a word if one likes."""
    found, by = the_round(request, pk), person_of(request)
    mine = access.invitations_of(by).filter(round=found).select_related("organisation", "round__organisation", "round__project")
    wanted = request.GET.get("as", "")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else None
    invitation = get_object_or_404(mine, organisation=number) if wanted else mine.filter(declined_at=None).first()
    require(invitation, _("Only who looks after the organisation invited can answer."), NotAllowed)
    assert invitation is not None  # noqa: S101 - said for mypy, required above
    form = forms.DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.decline_invitation(invitation, word=form.cleaned_data["word"], by=by)
        messages.success(request, _("Those who asked know that you will not answer this time. You can still do so until the end."))
        return redirect(found)
    require_taking(found)
    context = {"form": form, "invitation": invitation, "asker": queries.name_of(found.organisation)}
    return render(request, "feedback/decline.html", about(found, **context), status=422 if form.errors else 200)


@login_required
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a draft again of what was given."""
    review = _mine(request, pk)
    actions.take_back_review(review, by=person_of(request))
    messages.success(request, _("It is a draft again. Give it anew or throw it away."))
    return redirect(f"{_give_address(review)}?as={review.organisation_id or 'selbst'}")


@login_required
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    review = _mine(request, pk)
    actions.drop_draft(review, by=person_of(request))
    messages.success(request, _("The draft is gone."))
    return redirect("feedback:rounds")


def _mine(request: HttpRequest, pk: int) -> Review:
    review = the_review(request, pk)
    require(access.may_write(request.user, review), _("This is not yours."), NotAllowed)
    return review


def _give_address(review: Review) -> str:
    return f"{letters.round_path(review.round)}geben/"
