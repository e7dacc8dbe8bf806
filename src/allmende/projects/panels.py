"""What projects show on pages further down."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from allmende.directory.models import Organisation
from allmende.exchange.models import Listing
from allmende.people.models import Person
from allmende.projects import access, queries
from allmende.web.panels import panel

FEW = 4


@panel("web.subnav.exchange", order=20)
def menu_word(request: HttpRequest, page: Any) -> str:
    """The word in the menu of the area."""
    return render_to_string("projects/parts/menu.html", {"page": page}, request)


@panel("directory.organisation.main", order=40)
def of_organisation(request: HttpRequest, item: Organisation) -> str:
    """What an organisation leads and takes part in."""
    found = queries.projects_of_organisation(request.user, item)
    return render_to_string("projects/parts/organisation.html", {"item": item, "found": found}, request) if found else ""


@panel("exchange.listing.side", order=30)
def of_listing(request: HttpRequest, item: Listing) -> str:
    """Which project a need belongs to."""
    project = queries.project_of_listing(request.user, item)
    return render_to_string("projects/parts/listing.html", {"project": project}, request) if project else ""


@panel("people.waiting", order=50)
def waiting(request: HttpRequest, person: Person) -> str:
    """Parts to confirm, offers to answer, projects to take over."""
    context = {
        "parts": list(queries.waiting_parts(person)[:20]),
        "handovers": list(queries.handovers(person)[:10]),
        "orphans": list(queries.orphans(person)[:10]),
    }
    return render_to_string("projects/parts/waiting.html", context, request) if any(context.values()) else ""


@panel("people.mine", order=40)
def my_projects(request: HttpRequest, person: Person) -> str:
    """The projects of one's organisations, in short."""
    if not access.organisations_to_carry_for(person).exists():
        return ""
    found, parts = queries.mine(person), queries.parts_of_mine(person)
    context = {"found": list(found[:FEW]), "count": found.count(), "parts": list(parts[:FEW]), "part_count": parts.count()}
    return render_to_string("projects/parts/mine.html", context, request)


@panel("home.exchange", order=30)
def newest(request: HttpRequest, thing: Any) -> str:
    """The newest projects, on the first page of the area."""
    return render_to_string("projects/parts/newest.html", {"found": queries.newest(request.user, FEW)}, request)
