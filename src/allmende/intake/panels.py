"""The link to this room over the pages of a cooperative."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from allmende.constitution import access
from allmende.constitution.models import Cooperative
from allmende.constitution.tabs import link
from allmende.web.panels import panel


@panel("cooperative.sub.members", order=80)
def intake(request: HttpRequest, cooperative: Cooperative) -> str:
    """For the board and the member administration."""
    if not access.may_administer(request.user, cooperative):
        return ""
    return link(request, cooperative, "intake:intake", _("Intake"), current=("intake",))
