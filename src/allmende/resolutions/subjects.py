"""What of this room can have files and be reported: a resolution with its evidence."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from allmende.constitution import access as constitution
from allmende.people.models import Person
from allmende.people.queries import Viewer
from allmende.people.subjects import Subject, register
from allmende.resolutions import access, letters
from allmende.resolutions.models import Resolution


def _may_moderate(viewer: Viewer, resolution: Resolution) -> bool:
    return access.may_write(viewer, resolution.cooperative)


def _people(resolution: Resolution) -> QuerySet[Person]:
    """Board and administration, and whoever is responsible."""
    held = constitution.holders(resolution.cooperative, constitution.ADMINISTERING).values("pk")
    return Person.objects.filter(pk__in=[*held.values_list("pk", flat=True), resolution.person_id or 0])


register(
    Subject(
        Resolution,
        label=_("Resolution"),
        visible_to=access.resolutions_visible_to,
        url=letters.path_of,
        words=lambda one: f"{one.wording}\n\n{one.outcome}",
        organisation=lambda one: one.cooperative.organisation,
        may_attach=access.may_report,
        may_moderate=_may_moderate,
        people=_people,
    )
)
