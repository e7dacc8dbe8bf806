"""The overview's link over all pages of a cooperative, the area's words in the menu, the way in from an entry."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from allmende.cockpit import queries
from allmende.constitution.models import Cooperative
from allmende.constitution.queries import of_entry
from allmende.constitution.tabs import link
from allmende.directory.models import Organisation
from allmende.web.panels import panel


@panel("cooperative.tabs", order=10)
def tab(request: HttpRequest, cooperative: Cooperative) -> str:
    """Overview."""
    return link(request, cooperative, "cockpit:cooperative", _("Overview"))


DECIDING = ("proposals", "amendments", "ideas", "opinions", "processes", "ballots", "electorates", "resolutions")


@panel("cooperative.tabs", order=25)
def deciding(request: HttpRequest, cooperative: Cooperative) -> str:
    """Deciding together: for whoever takes part; for others where something of it is public, at the first page that has it."""
    page = queries.first_page_about_deciding(request.user, cooperative)
    return link(request, cooperative, page, _("Deciding"), current=DECIDING) if page else ""


@panel("web.subnav.codetermination", order=10)
def menu_word(request: HttpRequest, page: Any) -> str:
    """The words in the menu of the area."""
    return render_to_string("cockpit/parts/menu.html", {"page": page}, request)


@panel("directory.organisation.head", order=60)
def of_organisation(request: HttpRequest, item: Organisation) -> str:
    """An organisation that runs its membership here leads to its overview."""
    found = of_entry(request.user, item)
    return render_to_string("cockpit/parts/organisation.html", {"cooperative": found}, request) if found else ""
