"""The doors of circles: pages, coming and going, notes, planning. What they share stands here."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from allmende.circles import access, queries
from allmende.circles.models import Circle
from allmende.people.queries import Viewer
from allmende.people.views import person_of

View = Callable[..., HttpResponse]
AREA = {"area": "exchange", "page": "circles"}
SHOW = ["GET", "HEAD", "POST"]
MAX_NUMBER = 2**63 - 1


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, also if it is nothing at all; None where somebody only looks."""
    return request.POST if request.method == "POST" else None


def found(request: HttpRequest, pk: int) -> Circle:
    """The circle of the address; 404 where this viewer may not know of it."""
    circle = queries.circle(request.user, pk) if pk <= MAX_NUMBER else None
    if circle is None:
        raise Http404
    return circle


def _of(may: Callable[[Viewer, Circle], bool]) -> Callable[[View], View]:
    """Gives the view the circle; 404 for whoever may not do what it is for."""

    def register(view: View) -> View:
        @login_required
        @wraps(view)
        def handle(request: HttpRequest, pk: int, **more: Any) -> HttpResponse:
            circle = found(request, pk)
            if not may(person_of(request), circle) or any(isinstance(one, int) and one > MAX_NUMBER for one in more.values()):
                raise Http404
            return view(request, circle, **more)

        return handle

    return register


of_inside = _of(access.is_member)
of_led = _of(access.may_coordinate)
of_left = _of(access.may_name_coordinator)
of_seen = _of(lambda _viewer, _circle: True)
