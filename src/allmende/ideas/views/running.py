"""Answer, merge and separate, make public, hide."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from allmende.ground.refusals import NotAllowed, Refused
from allmende.ideas import access, actions, queries, rules
from allmende.ideas.forms import AnswerForm, HideForm, MergeForm, VisibilityForm
from allmende.ideas.models import Idea
from allmende.ideas.views.reading import context, idea_at
from allmende.people.views import person_of


def _run(request: HttpRequest, slug: str, uuid: UUID) -> Idea:
    found = idea_at(request, slug, uuid)
    if not access.may_moderate(request.user, found):
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Say how far an idea has come."""
    found = _run(request, slug, uuid)
    if found.state not in rules.ANSWERED:
        raise Refused(_("A merged or withdrawn idea is not answered. Answer the one it went into."))
    form = AnswerForm(request.POST or None, idea=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_idea(found, form.cleaned_data["state"], form.cleaned_data["text"], by=person_of(request))
        except NotAllowed:
            raise
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            messages.success(request, _("Answered; the author and all supporters are told."))
            return redirect(found)
    shown = context(found.cooperative, form=form, idea=found, n_supports=found.supports.count())
    return render(request, "ideas/answer.html", shown, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Choose the idea this one goes into; where another author has to agree they are asked."""
    found = idea_at(request, slug, uuid)
    if not access.may_wish(request.user, found):
        raise Http404
    form = MergeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        into = access.idea_at(request.user, found.cooperative, form.cleaned_data["into"])
        if into is None:
            form.add_error("into", _("Please choose an idea."))
        else:
            return _merged(request, found, into)
    choices = _choices(request, found)
    shown = context(found.cooperative, form=form, idea=found, choices=choices, q=request.GET.get("q", ""))
    return render(request, "ideas/merge.html", shown, status=422 if form.errors else 200)


def _merged(request: HttpRequest, found: Idea, into: Idea) -> HttpResponse:
    by = person_of(request)
    if access.may_merge(by, found, into):
        merged = actions.merge_ideas(found, into, by=by)
        messages.success(request, _("The two are one idea now. On the page of the former one this can be undone."))
        return redirect(merged)
    actions.wish_merge(found, into, by=by)
    messages.success(request, _("The author of the other idea is asked."))
    return redirect(found)


def _choices(request: HttpRequest, found: Idea) -> list[tuple[Idea, bool]]:
    """Other ideas on their way, and whether choosing them merges at once; those that say much the same first."""
    q = request.GET.get("q", "")[:100]
    if q:
        narrowed = queries.ideas_of(request.user, found.cooperative, queries.Filters(q=q, order="most"))
        rows = list(narrowed.filter(state__in=rules.LIVE, hidden_at=None).exclude(pk=found.pk)[: rules.A_PAGE])
    else:
        rows = queries.similar(request.user, found.cooperative, f"{found.title} {found.text[:600]}", apart_from=found.pk)
    is_run = access.may_moderate(request.user, found)
    return [(one, is_run or one.author_id == request.user.pk) for one in rows]


@login_required
@require_POST
def answer_wish(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """The other author agrees to a merge, or wants both to stay."""
    found = idea_at(request, slug, uuid)
    by = person_of(request)
    wish = next((one for one in queries.wishes_for(by) if found.pk in (one.idea_id, one.into_id)), None)
    if wish is None:
        raise Http404
    if request.POST.get("answer") == "yes":
        merged = actions.agree_to_merge(wish, by=by)
        messages.success(request, _("The two are one idea now. On the page of the former one this can be undone."))
        return redirect(merged)
    actions.decline_merge(wish, by=by)
    messages.success(request, _("Both ideas stay."))
    return redirect(found)


@login_required
@require_POST
def separate(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Undo a merge."""
    found = idea_at(request, slug, uuid)
    actions.separate_ideas(found, by=person_of(request))
    messages.success(request, _("The idea stands by itself again, with its own supporters."))
    return redirect(found)


@login_required
@require_POST
def show(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Make an idea public, or for members only again."""
    found = _run(request, slug, uuid)
    form = VisibilityForm(request.POST)
    actions.show_to(found, form.cleaned_data["visibility"] if form.is_valid() else "", by=person_of(request))
    messages.success(request, _("Who may read the idea is changed."))
    return redirect(found)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Take an idea off the pages, with the reason that its author reads."""
    found = _run(request, slug, uuid)
    form = HideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.hide_idea(found, by=person_of(request), reason=form.cleaned_data["reason"])
        messages.success(request, _("The idea is hidden. Whoever wrote it has been told why."))
        return redirect(found)
    shown = context(found.cooperative, form=form, idea=found)
    return render(request, "ideas/hide.html", shown, status=422 if form.errors else 200)


@login_required
@require_POST
def unhide(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Show a hidden idea again."""
    found = _run(request, slug, uuid)
    actions.unhide_idea(found, by=person_of(request))
    messages.success(request, _("Members can read the idea again."))
    return redirect(found)
