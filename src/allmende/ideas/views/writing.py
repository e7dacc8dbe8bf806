"""Write, change, withdraw and support ideas."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from allmende.constitution.queries import cooperative_at
from allmende.ground.refusals import NotAllowed, Refused
from allmende.ideas import access, actions, queries
from allmende.ideas.forms import IdeaForm
from allmende.ideas.views.reading import context, idea_at
from allmende.people.views import person_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Write an idea; what is similar is shown before it is put up."""
    cooperative = cooperative_at(request.user, slug)
    if not access.may_write(request.user, cooperative):
        raise Http404
    form, similar = IdeaForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        words = form.words()
        if "anyway" not in request.POST:
            similar = queries.similar(request.user, cooperative, f"{words.title} {words.text[:600]}")
        if not similar:
            try:
                made = actions.publish_idea(cooperative, words, by=person_of(request))
            except NotAllowed:
                raise
            except Refused as no:
                form.add_error(None, str(no.sentence))
            else:
                messages.success(request, _("Your idea is there. Members can support it now."))
                return redirect(made)
    shown = context(cooperative, form=form, similar=similar)
    return render(request, "ideas/write.html", shown, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Other words for an own idea."""
    found = idea_at(request, slug, uuid)
    if not access.may_edit(request.user, found):
        raise Http404
    form = IdeaForm(request.POST or None, initial=queries.written(found))
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_idea(found, form.words(), by=person_of(request))
        except NotAllowed:
            raise
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            return redirect(found)
    shown = context(found.cooperative, form=form, idea=found, is_supported=queries.is_supported_by_others(found))
    return render(request, "ideas/write.html", shown, status=422 if form.errors else 200)


@login_required
@require_POST
def support(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Support it, or not any more; then back to where one was."""
    found = idea_at(request, slug, uuid)
    wants = request.POST.get("support") == "yes"
    actions.support_idea(found, by=person_of(request), is_supported=wants)
    back = request.POST.get("back", "")
    own_list = reverse("ideas:ideas", args=[found.cooperative.organisation.slug])
    if back.startswith(own_list) and url_has_allowed_host_and_scheme(back, None):
        return redirect(f"{back}#idee-{found.pk}")
    messages.success(
        request, _("You support this idea and hear what becomes of it.") if wants else _("You do not support this idea any more.")
    )
    return redirect(found)


@login_required
@require_POST
def withdraw(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Take an own idea back."""
    found = idea_at(request, slug, uuid)
    actions.withdraw_idea(found, by=person_of(request))
    messages.success(request, _("Your idea is withdrawn: only you see it. You can bring it back here."))
    return redirect(found)


@login_required
@require_POST
def bring_back(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """It was not meant to be withdrawn."""
    found = idea_at(request, slug, uuid)
    actions.bring_back(found, by=person_of(request))
    messages.success(request, _("Your idea is there again."))
    return redirect(found)
