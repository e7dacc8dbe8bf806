"""What following shows on pages further down."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from allmende.directory.models import Organisation
from allmende.notices import access, queries
from allmende.people.models import Person
from allmende.web.panels import panel


@panel("directory.organisation.head", order=80)
def follow_entry(request: HttpRequest, item: Organisation) -> str:
    """Follow this entry, or how one follows it."""
    context = {"item": item, "follow": queries.is_followed(request.user, item.pk) if access.may_follow(request.user) else None}
    return render_to_string("notices/parts/follow_entry.html", context, request)


@panel("atlas.map.take", order=20)
def follow_search(request: HttpRequest, query: str) -> str:
    """Follow this search."""
    return render_to_string("notices/parts/follow_search.html", {"query": query}, request)


@panel("people.mine", order=60)
def mine(request: HttpRequest, person: Person) -> str:
    """What I follow, in short."""
    return render_to_string("notices/parts/mine.html", {"count": len(queries.follows(person))}, request)
