"""What this room shows on other rooms' pages: who looks after an entry (no names), the way in, and what waits for a person."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from allmende.directory import access as entries
from allmende.directory import rules as freshness
from allmende.directory.models import Organisation, State
from allmende.people.models import Person
from allmende.stewards import access, letters, queries, rules
from allmende.web.panels import panel


def _care(request: HttpRequest, item: Organisation) -> queries.Care | None:
    """Who looks after the entry, asked once for the two panels of a page."""
    known: dict[int, queries.Care | None] = request.__dict__.setdefault("_care", {})
    if item.pk not in known:
        known[item.pk] = queries.care(item)
    return known[item.pk]


@panel("directory.organisation.head", order=40)
def way_in(request: HttpRequest, item: Organisation) -> str:
    """Under the title: guests take over what nobody answers for, those who look after it go to their team."""
    sees_team = isinstance(request.user, Person) and access.may_see_team(request.user, item)
    care = _care(request, item)
    context = {
        "item": item,
        "sees_team": sees_team,
        "claim": queries.open_claim(request.user, item),
        "may_take_over": item.state == State.PUBLISHED and not (care and care.has_owner) and not sees_team,
    }
    return render_to_string("stewards/parts/head.html", context, request)


@panel("directory.organisation.side", order=20)
def looked_after(request: HttpRequest, item: Organisation) -> str:
    """In the margin: how many people look after it, since when, and how that was shown."""
    context = {
        "item": item,
        "care": _care(request, item),
        "is_public": item.state == State.PUBLISHED,
        "role": entries.role_of(request.user, item),
    }
    return render_to_string("stewards/parts/side.html", context, request)


@panel("people.mine", order=20)
def my_organisations(request: HttpRequest, person: Person) -> str:
    """ "Meine Organisationen": what one looks after, how fresh it is, and the ways on; rooms upstairs add theirs to each."""
    now = timezone.now()
    rows = [(held, freshness.freshness(getattr(held, "confirmed_at", None), now)) for held in queries.held_by(person)]
    return render_to_string("stewards/parts/mine.html", {"rows": rows, "claims": queries.claims_opened_by(person)}, request)


@panel("people.waiting", order=20)
def waiting(request: HttpRequest, person: Person) -> str:
    """Invitations to one's own addresses, claims one can decide as an owner, vouches one still needs."""
    context = {
        "invitations": [(letters.called(one.by), one) for one in queries.invitations_for(person)],
        "claims": [(letters.called(one.person), one) for one in queries.claims_for_owner(person)],
        "needed": rules.VOUCHES,
        "own": [one for one in queries.claims_opened_by(person) if one.proof == "vouched" and one.proved_at is None],
    }
    return render_to_string("stewards/parts/waiting.html", context, request)
