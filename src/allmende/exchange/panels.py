"""What offers and needs show on pages further down: the word in the menu, what an organisation has, what of one's own ends soon."""

from typing import Any

from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string

from allmende.directory.models import Organisation
from allmende.exchange import access, queries
from allmende.people.models import Person
from allmende.web.panels import panel

AT_ONCE = 5


@panel("web.subnav.exchange", order=10)
def menu_word(request: HttpRequest, page: Any) -> str:
    """The word in the menu of the area."""
    return render_to_string("exchange/parts/menu.html", {"page": page}, request)


@panel("directory.organisation.main", order=30)
def of_organisation(request: HttpRequest, item: Organisation) -> str:
    """What an organisation and its members offer and need today; for those who may write, a way to begin."""
    rows = list(queries.open_of(request.user, item)[: AT_ONCE + 1])
    may_write = access.organisations_to_write_for(request.user).filter(pk=item.pk).exists() if request.user.is_authenticated else False
    if not rows and not may_write:
        return ""
    context = {"item": item, "rows": rows[:AT_ONCE], "has_more": len(rows) > AT_ONCE, "may_write": may_write}
    return render_to_string("exchange/parts/organisation.html", context, request)


@panel("people.mine", order=30)
def mine(request: HttpRequest, person: Person) -> str:
    """In "Mein Bereich": how many of one's own are open, and which end soon."""
    if not access.may_write(person):
        return ""
    context = {"soon": list(queries.ending_soon(person)[:AT_ONCE]), "open": queries.own(person).filter(state="open").count()}
    return render_to_string("exchange/parts/mine.html", context, request)


@panel("home.exchange", order=10)
def newest(request: HttpRequest, thing: Any) -> str:
    """On the entry page of the area: the newest offers and needs."""
    context = {"rows": queries.newest(request.user, AT_ONCE), "tally": queries.tally(request.user)}
    return render_to_string("exchange/parts/newest.html", context, request)


@panel("atlas.map.take", order=10)
def same_words(request: HttpRequest, query: str) -> str:
    """Below the map: the same words, looked for in offers and needs."""
    words = QueryDict(query).get("q", "")
    return render_to_string("exchange/parts/same_words.html", {"words": words}, request) if words else ""
