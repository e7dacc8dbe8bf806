"""The doors of leaving."""

from collections.abc import Callable
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import cooperative_at
from allmende.ground.refusals import Refused
from allmende.leaving import access
from allmende.leaving.models import Termination
from allmende.members.access import own_in
from allmende.members.models import Membership

METHODS = ["GET", "HEAD", "POST"]
AREA = {"area": "codetermination"}
OFFICE = AREA | {"tab": "members"}
WHOLE = ("membership__cooperative__organisation", "membership__person", "statute", "payable")


def done(form: Form, write: Callable[[], object]) -> bool:
    """Whether the form was right and the action went through; otherwise its sentence stands in the form."""
    if not form.is_valid():
        return False
    try:
        write()
    except Refused as no:
        form.add_error(None, str(no.sentence))
        return False
    return True


def own_membership(request: HttpRequest, slug: str) -> tuple[Cooperative, Membership]:
    """The cooperative and the viewer's own membership there, or 404."""
    cooperative = cooperative_at(request.user, slug)
    found = own_in(request.user, cooperative)
    if found is None:
        raise Http404
    return cooperative, Membership.objects.select_related("cooperative__organisation", "person").get(pk=found.pk)


def the_termination(request: HttpRequest, cooperative: Cooperative, uuid: UUID) -> Termination:
    """An exit this viewer sees, or 404."""
    return get_object_or_404(access.terminations_visible_to(request.user, cooperative).select_related(*WHOLE), uuid=uuid)
