"""What this room shows on other rooms' pages: the button "all still true", what there is to ask about a website, what waits."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from allmende.directory.models import Organisation, Stewardship
from allmende.directory.rules import MONTH
from allmende.freshness import access, links, queries
from allmende.people.models import Person
from allmende.web.panels import panel

SHOWN = 20
JUST_NOW = 1 * MONTH


@panel("directory.organisation.head", order=60)
def still_true(request: HttpRequest, item: Organisation) -> str:
    """For those who look after the entry: confirm it, or say that the organisation is no more."""
    if not access.may_confirm(request.user, item):
        return ""
    at = queries.confirmed_at(item)
    context = {
        "item": item,
        "is_fresh": at is not None and timezone.now() - at < JUST_NOW,
        "may_end": access.may_end(request.user, item),
    }
    return render_to_string("freshness/parts/head.html", context, request)


@panel("directory.organisation.head", order=95)
def website(request: HttpRequest, item: Organisation) -> str:
    """Below the buttons, for those who look after the entry: that its website is gone or has moved."""
    check = queries.link_question(item) if access.may_confirm(request.user, item) else None
    return render_to_string("freshness/parts/website.html", {"sentence": links.sentence(check)}, request) if check else ""


@panel("stewards.mine.entry", order=60)
def confirm_mine(request: HttpRequest, thing: Organisation | Stewardship) -> str:
    """Beside each of "my organisations"."""
    item = thing.organisation if isinstance(thing, Stewardship) else thing
    if not access.may_confirm(request.user, item):
        return ""
    return render_to_string("freshness/parts/confirm.html", {"item": item, "next": request.path, "quiet": True}, request)


@panel("people.waiting", order=40)
def waiting(request: HttpRequest, person: Person) -> str:
    """Entries of mine whose confirmation is due, and that letters to me come back."""
    due = list(queries.due_for(person, timezone.now())[: SHOWN + 1])
    context = {
        "due": due[:SHOWN],
        "has_more": len(due) > SHOWN,
        "bounced": queries.bounced_for(person),
        "next": request.path,
        "person": person,
    }
    return render_to_string("freshness/parts/waiting.html", context, request)
