"""The word in the second row of links."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.constitution.tabs import link
from allmende.web.panels import panel


@panel("cooperative.sub.money", order=80)
def sub(request: HttpRequest, cooperative: Cooperative) -> str:
    """Audit."""
    return link(request, cooperative, "auditing:folder", _("Audit"))
