"""The links over the pages of a cooperative.

Rooms show theirs by panels: `cooperative.tabs`, `cooperative.sub.members`, `cooperative.sub.money`, `cooperative.sub.deciding`.
"""

from collections.abc import Collection

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from allmende.constitution.models import Cooperative

OWN_PAGES = "/ich/"  # in the address of every page about the own membership, whatever room it is in


def link(request: HttpRequest, cooperative: Cooperative, name: str, label: str, *, current: Collection[str] = ()) -> str:
    """A link to the page `name` of this cooperative; marked as the present one there and on the pages named in `current`.

    `current` holds names of pages (`members:member`), whole rooms (`members`), or OWN_PAGES. A page of the own membership is no page of
    the room that shows it: who holds an office as well is told on which side of the desk they are.
    """
    match = request.resolver_match
    if match is not None and OWN_PAGES in match.route:
        here = OWN_PAGES in current
    else:
        here = match is not None and (match.view_name in {name, *current} or match.app_name in current)
    address = reverse(name, args=[cooperative.organisation.slug])
    return format_html('<a href="{}"{}>{}</a>', address, format_html(' aria-current="{}"', "page") if here else "", label)
