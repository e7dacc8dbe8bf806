"""The doors of feedback."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from allmende.feedback import access
from allmende.feedback.models import Review, Round
from allmende.ground.refusals import NotAllowed, require

AREA = {"area": "exchange", "page": "feedback"}


def the_round(request: HttpRequest, pk: int) -> Round:
    """A round this viewer sees, or 404."""
    return get_object_or_404(access.rounds_visible_to(request.user).select_related("project", "organisation"), pk=pk)


def my_round(request: HttpRequest, pk: int, sentence: str) -> Round:
    """A round this viewer runs; whoever only sees it is told in a sentence why not."""
    found = the_round(request, pk)
    require(access.may_run(request.user, found), sentence, NotAllowed)
    return found


def the_review(request: HttpRequest, pk: int) -> Review:
    """A review this viewer may read, or 404."""
    rows = access.reviews_visible_to(request.user).select_related("round__project", "round__organisation", "organisation", "person")
    return get_object_or_404(rows, pk=pk)


def about(found: Round, **more: Any) -> dict[str, Any]:
    """What every page of a round knows."""
    return AREA | {"round": found, "project": found.project, **more}
