"""The doors of this room: claims, invitations, the team. What they share stands here."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers

from allmende.directory.models import Organisation
from allmende.stewards import queries

View = Callable[..., HttpResponse]


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, also if it is nothing at all; None where somebody only looks."""
    return request.POST if request.method == "POST" else None


def of_entry(view: View) -> View:
    """Gives the view the entry of the address; 404 where there is none for this viewer, and on to the other after a merge."""

    @wraps(view)
    def handle(request: HttpRequest, slug: str, **more: Any) -> HttpResponse:
        organisation = queries.entry(request.user, slug)
        if organisation is None:
            raise Http404
        if organisation.slug != slug:
            return _moved(request, organisation, more)
        return view(request, organisation, **more)

    return handle


def _moved(request: HttpRequest, organisation: Organisation, more: dict[str, Any]) -> HttpResponseRedirect:
    name = request.resolver_match.view_name if request.resolver_match else "directory:organisation"
    answer: HttpResponseRedirect = redirect(name, slug=organisation.slug, **more)
    return answer


def unkept(view: View) -> View:
    """Pages behind a secret link stay in no cache and send their address to nobody."""

    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        response = view(request, *args, **more)
        add_never_cache_headers(response)
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return handle
