"""What this room shows elsewhere: the amendments on a proposal's page, and the chain from an idea to what was done."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import ngettext

from allmende.amendments import access, queries
from allmende.amendments.chain import links
from allmende.amendments.models import State
from allmende.proposals import access as proposals
from allmende.proposals.models import Proposal
from allmende.web.panels import panel

A_PAGE = 20


@panel("proposal.amendments", order=50)
def amendments(request: HttpRequest, proposal: Proposal) -> str:
    """What shall be different: every amendment with its differences, paged."""
    if proposal.brought_in_at is None:
        return ""
    found = access.amendments_visible_to(request.user).filter(proposal=proposal)
    pages = Paginator(found.select_related("author", "ballot").prefetch_related("changes"), A_PAGE).get_page(request.GET.get("amendments"))
    inside = proposals.may_see_names(request.user, proposal)
    context = {
        "proposal": proposal,
        "slug": proposal.cooperative.organisation.slug,
        "pages": pages,
        "rows": queries.rows_of_page(list(pages.object_list), proposal),
        "total": pages.paginator.count,
        "tally": tally(queries.states(found)),
        "inside": inside,
        "may_amend": inside and queries.is_open(proposal),
    }
    return render_to_string("amendments/parts/section.html", context, request)


def tally(counts: dict[str, int]) -> list[str]:
    """In words: 2 adopted, 1 being voted on."""
    said = [
        (State.ACCEPTED, ngettext("%d adopted", "%d adopted", counts.get(State.ACCEPTED, 0))),
        (State.VOTING, ngettext("%d being voted on", "%d being voted on", counts.get(State.VOTING, 0))),
        (State.OPEN, ngettext("%d open", "%d open", counts.get(State.OPEN, 0))),
        (State.OVERTAKEN, ngettext("%d overtaken", "%d overtaken", counts.get(State.OVERTAKEN, 0))),
        (State.REJECTED, ngettext("%d rejected", "%d rejected", counts.get(State.REJECTED, 0))),
        (State.WITHDRAWN, ngettext("%d withdrawn", "%d withdrawn", counts.get(State.WITHDRAWN, 0))),
    ]
    return [words % counts[state] for state, words in said if counts.get(state)]


@panel("thing.chain", order=50)
def chain(request: HttpRequest, thing: Any) -> str:
    """Idea, proposal, amendments, decision, resolution, measures, report: what is there and may be seen, from wherever one looks."""
    found = links(request.user, thing)
    return render_to_string("amendments/parts/chain.html", {"links": found}, request) if len(found) > 1 else ""
