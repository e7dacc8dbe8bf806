"""What matching shows on the page of a listing and in My area."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from allmende.exchange.models import Listing
from allmende.exchange.rules import NEED, OPEN
from allmende.matching import access, queries
from allmende.web.panels import panel


@panel("exchange.listing.main", order=20)
def fitting(request: HttpRequest, item: Listing) -> str:
    """The best five with their reasons, and organisations whose entries speak of the same."""
    if item.state != OPEN:
        return ""
    is_mine = access.may_judge(request.user, item)
    context = {
        "item": item,
        "found": queries.matches(item, request.user),
        "organisations": queries.organisations(item) if item.direction == NEED else [],
        "is_mine": is_mine,
        "may_recommend": not is_mine and access.may_recommend_for(request.user, item.organisation_id),
        "misfits": access.misfits_visible_to(request.user).filter(said_by=item).count() if is_mine else 0,
    }
    return render_to_string("matching/parts/fitting.html", context, request)
