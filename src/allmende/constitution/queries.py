"""Questions about cooperatives, their statutes and offices."""

from datetime import date

from django.db.models import QuerySet
from django.http import Http404
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution import access
from allmende.constitution.models import Cooperative, Office, Statute, StatuteState
from allmende.ground.refusals import Refused
from allmende.people.queries import Viewer


def cooperative_at(viewer: Viewer, slug: str) -> Cooperative:
    """The cooperative with this address; Http404 where the viewer sees none."""
    found = access.cooperatives_visible_to(viewer).filter(organisation__slug=slug).first()
    if found is None:
        raise Http404
    return found


def read_by(viewer: Viewer, slug: str) -> Cooperative:
    """The same for pages that only offices see; Http404 for everybody else."""
    found = cooperative_at(viewer, slug)
    if not access.may_read(viewer, found):
        raise Http404
    return found


def statute_on(cooperative: Cooperative, day: date) -> Statute | None:
    """The version in force on this day."""
    adopted = Statute.objects.filter(cooperative=cooperative, state=StatuteState.ADOPTED, valid_from__lte=day)
    return adopted.order_by("-valid_from").first()


def statute_of(cooperative: Cooperative, day: date | None = None) -> Statute:
    """The version in force on this day (today); Refused with a sentence where there is none yet."""
    found = statute_on(cooperative, day or localdate())
    if found is None:
        raise Refused(_("There is no statute in force on this day yet. The board has to enter it first."))
    return found


def offices_of(cooperative: Cooperative, day: date | None = None) -> QuerySet[Office]:
    """Who holds an office on this day (today)."""
    return access.offices_on(day or localdate()).filter(cooperative=cooperative).select_related("person")
