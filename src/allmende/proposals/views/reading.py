"""Reading: the list, one proposal, its versions and the differences between any two of them."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from allmende.ballots import access as ballots
from allmende.ballots.models import Ballot
from allmende.ballots.models import State as BallotState
from allmende.constitution.queries import cooperative_at
from allmende.ground import differences
from allmende.ideas.models import Idea
from allmende.people.queries import Viewer
from allmende.proposals import access, queries, rules
from allmende.proposals.forms import FilterForm
from allmende.proposals.models import Proposal, State, Version, Visibility
from allmende.proposals.views import AREA


@require_safe
def proposals(request: HttpRequest, slug: str) -> HttpResponse:
    """/genossenschaft/<slug>/vorschlaege/: what is proposed here."""
    cooperative = cooperative_at(request.user, slug)
    form = FilterForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    found = queries.listed(request.user, cooperative, state=said.get("state", ""), words=said.get("q", ""))
    context = {
        "cooperative": cooperative,
        "filters": form,
        "is_filtered": bool(said.get("state") or said.get("q")),
        "pages": Paginator(found, queries.A_PAGE).get_page(request.GET.get("page")),
        "may_propose": access.may_propose(request.user, cooperative),
        "may_set_admission": access.may_set_admission(request.user, cooperative),
        "admission": queries.admission_of(cooperative),
    }
    return render(request, "proposals/proposals.html", AREA | context)


@require_safe
def proposal(request: HttpRequest, slug: str, year: int, serial: int) -> HttpResponse:
    """/genossenschaft/<slug>/vorschlaege/<year>-<serial>/: what it says, what is said about it, what can be done now."""
    cooperative = cooperative_at(request.user, slug)
    shown = queries.proposal_at(request.user, cooperative, year, serial)
    version, supporters = queries.version_of(shown), queries.supporters(shown)
    context = {
        "cooperative": cooperative,
        "proposal": shown,
        "version": version,
        "parts": queries.parts_of(version),
        "round": queries.newest_objections(shown),
        "deciding": _open_ballot(request.user, shown),
        "supporters": supporters,
        "missing": max(0, shown.supporters_needed - supporters),
    }
    return render(request, "proposals/proposal.html", AREA | context | _mine(request.user, shown))


def _mine(viewer: Viewer, shown: Proposal) -> dict[str, Any]:
    """What this viewer may do here, and who else writes."""
    inside = access.may_see_names(viewer, shown)
    writing = queries.authors_of(shown) if inside else []
    is_editable = shown.state in access.EDITABLE
    may_write = inside and access.may_write(viewer, shown)
    may_administer = inside and access.may_administer(viewer, shown)
    return {
        "inside": inside,
        "authors": [queries.called(one.person) for one in writing if one.accepted_at],
        "is_author": any(one.person_id == viewer.pk and one.accepted_at for one in writing) if inside else False,
        "invitation": next((one for one in writing if one.person_id == viewer.pk and not one.accepted_at), None) if inside else None,
        "may_write": may_write,
        "may_edit": may_write and is_editable and queries.is_open(shown, "edit"),
        "may_administer": may_administer,
        "may_decide": may_administer and shown.state == State.DELIBERATION,
        "may_support": inside and shown.state in access.SUPPORTABLE and queries.is_open(shown, "support"),
        "supports": inside and queries.supports(viewer, shown),
        "can_withdraw": may_write and rules.can_go(shown.state, State.WITHDRAWN),
        "can_reopen": may_write and shown.state in (State.WITHDRAWN, State.REJECTED),
        "idea": _idea(shown) if inside else None,
        "is_public": shown.visibility == Visibility.PUBLIC,
    }


def _idea(shown: Proposal) -> Idea | None:
    found = Idea.objects.filter(pk=shown.idea_id or 0, hidden_at=None).first()
    if found is not None:
        found.cooperative = shown.cooperative
    return found


def _open_ballot(viewer: Viewer, shown: Proposal) -> Ballot | None:
    """The decision about it that is open now and that this viewer sees."""
    if shown.state != State.DECISION:
        return None
    about = ballots.ballots_visible_to(viewer).filter(about_kind=Proposal._meta.label_lower, about_id=shown.pk)
    running = about.filter(state__in=(BallotState.OPEN, BallotState.CLOSED)).order_by("-opened_at")
    return next((one for one in running if rules.says_yes_or_no(one.rule)), None)


@require_safe
def versions(request: HttpRequest, slug: str, year: int, serial: int) -> HttpResponse:
    """…/fassungen/: all versions, the newest first."""
    cooperative = cooperative_at(request.user, slug)
    shown = queries.proposal_at(request.user, cooperative, year, serial)
    inside = access.may_see_names(request.user, shown)
    pages = Paginator(queries.versions_of(shown), queries.A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, _who(one) if inside else "") for one in pages]
    context = {"cooperative": cooperative, "proposal": shown, "pages": pages, "rows": rows}
    return render(request, "proposals/versions.html", AREA | context)


@require_safe
def version(request: HttpRequest, slug: str, year: int, serial: int, number: int) -> HttpResponse:
    """…/fassungen/<number>/: what it changed, or with ?with=<number> the differences to any other version."""
    cooperative = cooperative_at(request.user, slug)
    shown = queries.proposal_at(request.user, cooperative, year, serial)
    chosen = queries.version_of(shown, number)
    other = _other(request, shown, chosen)
    older, newer = (other, chosen) if other is None or other.number < chosen.number else (chosen, other)
    context = {
        "cooperative": cooperative,
        "proposal": shown,
        "version": chosen,
        "who": _who(chosen) if access.may_see_names(request.user, shown) else "",
        "other": other,
        "older": older,
        "newer": newer,
        "numbers": range(shown.newest, 0, -1),
        "parts": queries.parts_of(chosen),
        **compared(older, newer),
    }
    return render(request, "proposals/version.html", AREA | context)


def compared(
    older: Version | None, newer: Version, before: list[rules.Part] | None = None, after: list[rules.Part] | None = None
) -> dict[str, Any]:
    """What differs, for the page; `before` and `after` in place of stored paragraphs, for a text that is not saved yet."""
    if older is None:
        return {"steps": [], "unchanged": 0}
    old = queries.parts_of(older) if before is None else before
    steps = rules.compared(old, queries.parts_of(newer) if after is None else after)
    told = [(one, differences.between(one.before, one.after)) for one in steps if one.kind != "same"]
    return {
        "steps": told,
        "unchanged": len(steps) - len(told),
        "title_lines": differences.between(older.title, newer.title),
        "summary_lines": differences.between(older.summary, newer.summary),
        "rationale_lines": differences.between(older.rationale, newer.rationale),
    }


def _other(request: HttpRequest, shown: Proposal, chosen: Version) -> Version | None:
    said = request.GET.get("with", "")
    if not said:
        return shown.versions.filter(number=chosen.number - 1).first()
    if not said.isdecimal() or len(said) > 9 or int(said) == chosen.number:
        raise Http404
    return queries.version_of(shown, int(said))


def _who(one: Version) -> str:
    return queries.called(one.by) if one.by or not one.amendment else ""
