"""The list, one idea, its former words, and what is similar while one types."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import cooperative_at
from allmende.ideas import access, queries, rules
from allmende.ideas.forms import FilterForm
from allmende.ideas.models import Idea, MergeWish, State, Visibility
from allmende.people.queries import is_person

AREA = {"area": "codetermination", "tab": "deciding"}


def cooperative_with_ideas(request: HttpRequest, slug: str) -> Cooperative:
    """The cooperative, for those who see ideas there; Http404 for everybody else."""
    found = cooperative_at(request.user, slug)
    if not access.may_come_in(request.user, found):
        raise Http404
    return found


def idea_at(request: HttpRequest, slug: str, uuid: UUID) -> Idea:
    """The idea, if the viewer may see it; Http404 otherwise."""
    found = access.idea_at(request.user, cooperative_at(request.user, slug), uuid)
    if found is None:
        raise Http404
    return found


def context(cooperative: Cooperative, **more: Any) -> dict[str, Any]:
    """What every page of this room says."""
    return AREA | {"cooperative": cooperative} | more


@require_safe
def ideas(request: HttpRequest, slug: str) -> HttpResponse:
    """All ideas this viewer sees, with filters."""
    cooperative = cooperative_with_ideas(request, slug)
    form = FilterForm(request.GET or None)
    filters = form.filters() if form.is_bound else queries.Filters()
    pages = Paginator(queries.ideas_of(request.user, cooperative, filters), rules.A_PAGE).get_page(request.GET.get("page"))
    shown = {
        "form": form,
        "filters": filters,
        "pages": pages,
        "may_write": access.may_write(request.user, cooperative),
        "viewer_pk": request.user.pk,
        "live": rules.LIVE,
    }
    return render(request, "ideas/ideas.html", context(cooperative, **shown))


@require_safe
def similar(request: HttpRequest, slug: str) -> HttpResponse:
    """A part of a page: what is similar to a title that is being typed."""
    cooperative = cooperative_at(request.user, slug)
    if not access.may_write(request.user, cooperative):
        raise Http404
    title = request.GET.get("q", "")[: rules.LONGEST_TITLE]
    found = queries.similar(request.user, cooperative, title) if len(title) >= rules.ASKABLE else []
    return render(request, "ideas/parts/similar.html", {"similar": found, "cooperative": cooperative, "while_typing": True})


@require_safe
def idea(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """One idea: words, supporters, answers, what went into it."""
    found = idea_at(request, slug, uuid)
    if found.cooperative.organisation.slug != slug:
        return redirect(found)
    viewer = request.user
    takes_part = access.may_write(viewer, found.cooperative)
    shown = {
        "idea": found,
        "author": queries.called(found.author),
        "n_supports": found.supports.count(),
        "is_supported": is_person(viewer) and found.supports.filter(person=viewer).exists(),
        "supporters": found.supports.select_related("person").order_by("supported_at", "pk")[:50] if takes_part else (),
        "answers": found.answers.select_related("by"),
        "editions": found.editions.count() if access.may_read_editions(viewer, found) else 0,
        "merged": queries.merged_into(found),
        "into": found.merged_into,
        "wish": _wish(request, found),
        "takes_part": takes_part,
        "is_own": access.is_author(viewer, found),
        "may_support": access.may_support(viewer, found),
        "may_edit": access.may_edit(viewer, found),
        "may_moderate": access.may_moderate(viewer, found),
        "may_wish": access.may_wish(viewer, found),
        "may_separate": access.may_separate(viewer, found),
        "is_withdrawn": found.state == State.WITHDRAWN,
        "is_public": found.visibility == Visibility.PUBLIC,
    }
    return render(request, "ideas/idea.html", context(found.cooperative, **shown))


def _wish(request: HttpRequest, found: Idea) -> MergeWish | None:
    """A merge with this idea that this viewer is asked about."""
    if not is_person(request.user):
        return None
    asked = queries.wishes_for(request.user)
    return next((one for one in asked if found.pk in (one.idea_id, one.into_id)), None)


@require_safe
def editions(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """How an idea read before, the latest first; for who takes part."""
    found = idea_at(request, slug, uuid)
    if not access.may_read_editions(request.user, found):
        raise Http404
    return render(request, "ideas/editions.html", context(found.cooperative, idea=found, editions=found.editions.all()))
