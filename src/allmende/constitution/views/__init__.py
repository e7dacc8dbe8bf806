"""The doors of this room: setting up and settings (founding), statutes, the assistant, offices."""

from typing import Any

from django.http import HttpRequest

from allmende.constitution import access
from allmende.constitution.models import Cooperative
from allmende.people.models import Person

SHOW = ("GET", "HEAD", "POST")


def sent(request: HttpRequest) -> Any:
    """What was sent, or nothing where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def frame(request: HttpRequest, cooperative: Cooperative) -> dict[str, Any]:
    """What every page of this room needs: the cooperative, the links over it, whether the viewer is on its board."""
    may = isinstance(request.user, Person) and access.may_decide(request.user, cooperative)
    return {"area": "codetermination", "tab": "statute", "cooperative": cooperative, "may_decide": may}
