"""What the pages of the offices have in common."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.constitution.queries import read_by
from allmende.ground.refusals import BadInput, Refused

AREA = {"area": "codetermination", "tab": "money"}
A_PAGE = 50


def page(request: HttpRequest, cooperative: Cooperative, template: str, status: int = 200, /, **context: Any) -> HttpResponse:
    """A page under "Money"."""
    may_book = constitution.may_book(request.user, cooperative)
    return render(request, f"banking/{template}.html", AREA | {"cooperative": cooperative, "may_book": may_book} | context, status=status)


def booked_by(request: HttpRequest, slug: str) -> Cooperative:
    """The cooperative, for those who book there; others with an office are told no by the action, everybody else sees nothing."""
    cooperative = read_by(request.user, slug)
    if not constitution.may_book(request.user, cooperative):
        raise Http404
    return cooperative


def attempt(request: HttpRequest, work: Callable[[], str], back: str, *args: Any) -> HttpResponse:
    """Do it and say what was done; a no becomes a message on the page one came from, where everything else is as it was."""
    try:
        messages.success(request, work())
    except (BadInput, Refused) as no:
        if no.status == 403:
            raise
        messages.error(request, str(no.sentence))
    return redirect(back, *args)
