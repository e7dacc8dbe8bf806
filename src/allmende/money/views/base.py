"""What every page of this room needs."""

from typing import Any

from django.http import HttpRequest

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative

AT_ONCE = 50


def frame(request: HttpRequest, cooperative: Cooperative) -> dict[str, Any]:
    """The context of a page of the books."""
    return {
        "area": "codetermination",
        "tab": "money",
        "cooperative": cooperative,
        "slug": cooperative.organisation.slug,
        "may_book": constitution.may_book(request.user, cooperative),
        "may_decide": constitution.may_decide(request.user, cooperative),
    }
