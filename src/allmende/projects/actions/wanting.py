"""Wanted partners: needs of the exchange that belong to a project and are matched like every other."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from allmende.directory.audience import Audience
from allmende.directory.models import Organisation
from allmende.exchange.actions import open_listing
from allmende.exchange.rules import NEED
from allmende.ground import trail
from allmende.ground.refusals import NotAllowed, require
from allmende.people.models import Person
from allmende.projects import access, rules
from allmende.projects.actions.writing import taken
from allmende.projects.models import Part, Project, Wanted


@transaction.atomic
def want_partner(project: Project, said: Mapping[str, Any], *, by: Person) -> Wanted:
    """Put up a need of the organisation that leads the project, for those the project is meant for.

    `said` is what `exchange.actions.open_listing` wants of a need, without whose it is and for whom.
    """
    project = taken(project, by)
    require(not project.is_draft, _("Publish the project first: whoever wants to join reads about it."))
    require(project.hidden_at is None, _("This project has been taken off. Correct it first."))
    require(project.wanted.count() < rules.MOST_WANTED, _("This project has too many needs already."))
    meant = {"audience": project.audience, "chosen": _readers(project)}
    whose = {"direction": NEED, "organisation": organisation_for(project, by), "as_member": False, "person_name": ""}
    listing = open_listing({**said, **meant, **whose}, by=by)
    wanted = Wanted.objects.create(project=project, listing=listing)
    project.save(update_fields=["changed_at"])
    trail.record("projects.partner_wanted", by=by, about=project, listing=listing.pk)
    return wanted


def _readers(project: Project) -> list[Organisation]:
    """For whom the need is where the project is for chosen organisations only: these, and those who take part."""
    if project.audience != Audience.CHOSEN:
        return []
    takes_part = Part.objects.filter(project=project, state__in=access.TAKING_PART).exclude(organisation=project.organisation_id)
    found = Organisation.objects.filter(Q(pk__in=project.chosen.values("pk")) | Q(pk__in=takes_part.values("organisation"))).order_by("pk")
    require(found.exists(), _("Only you see this project. Choose organisations that may see it, or show it to the network."))
    return list(found)


def organisation_for(project: Project, by: Person) -> Organisation:
    """In whose name the need stands: who answers for the project, or the organisation of this person that leads it as well."""
    mine = access.organisations_to_carry_for(by)
    leads = project.parts.filter(kind=rules.LEAD, state=rules.CONFIRMED).values("organisation")
    found = mine.filter(pk=project.organisation_id).first() or mine.filter(pk__in=leads).order_by("pk").first()
    require(found, _("Only a published organisation that leads the project can look for partners."), NotAllowed)
    assert found is not None  # noqa: S101 - said for mypy, required above
    return found
