"""The links over the pages of a cooperative.

Rooms show theirs by panels: `cooperative.tabs`, `cooperative.sub.members`, `cooperative.sub.money`.
"""

from collections.abc import Collection

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from allmende.constitution.models import Cooperative


def link(request: HttpRequest, cooperative: Cooperative, name: str, label: str, *, current: Collection[str] = ()) -> str:
    """A link to the page `name` of this cooperative; marked as the present one there and on the pages named in `current`.

    `current` holds names of pages (`members:member`) or whole rooms (`members`).
    """
    match = request.resolver_match
    here = match is not None and (match.view_name in {name, *current} or match.app_name in current)
    address = reverse(name, args=[cooperative.organisation.slug])
    return format_html('<a href="{}"{}>{}</a>', address, format_html(' aria-current="{}"', "page") if here else "", label)
