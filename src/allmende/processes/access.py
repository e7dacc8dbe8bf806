"""Who sees and who runs processes. A process is seen where its thing is seen; board and administration of the cooperative run it."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.directory.access import keepers_of
from allmende.directory.models import Organisation
from allmende.members.access import active_on
from allmende.members.models import Membership
from allmende.networks.access import memberships_of
from allmende.networks.models import Answer
from allmende.people import subjects
from allmende.people.models import Person
from allmende.people.queries import Viewer
from allmende.processes.models import Phase, Process


def processes_visible_to(viewer: Viewer) -> QuerySet[Process]:
    """Those of the things this viewer may see."""
    somewhere = Q(pk__in=())
    for kind in Process.objects.order_by().values_list("about_kind", flat=True).distinct():
        subject = subjects.by_kind(kind)
        if subject is not None:
            somewhere |= Q(about_kind=kind, about_id__in=subject.visible_to(viewer).values("pk"))
    return Process.objects.filter(somewhere).select_related("cooperative__organisation")


def process_at(viewer: Viewer, cooperative: Cooperative, uuid: UUID) -> tuple[Process, Any] | None:
    """A process of this cooperative with its thing, if the viewer may see that."""
    found = Process.objects.filter(cooperative=cooperative, uuid=uuid).select_related("cooperative__organisation").first()
    thing = subjects.find(found.about_kind, found.about_id, viewer) if found is not None else None
    return (found, thing) if found is not None and thing is not None else None


def thing_at(viewer: Viewer, cooperative: Cooperative, about: str) -> Any | None:
    """The thing meant by `kind:number`, if the viewer may see it and it belongs to this cooperative."""
    kind, _colon, number = about.partition(":")
    if not (number.isascii() and number.isdecimal() and len(number) < 20):
        return None
    thing = subjects.find(kind, int(number), viewer)
    return thing if thing is not None and belongs_to(thing, cooperative) else None


def belongs_to(thing: Any, cooperative: Cooperative) -> bool:
    """Whether a thing is this cooperative's."""
    organisation = subjects.of(thing).organisation(thing)
    return organisation is not None and organisation.pk == cooperative.organisation_id


def cooperative_of(thing: Any) -> Cooperative | None:
    """The cooperative a thing belongs to."""
    organisation = subjects.of(thing).organisation(thing)
    return Cooperative.objects.filter(organisation=organisation).select_related("organisation").first() if organisation else None


def may_run(viewer: Viewer, cooperative: Cooperative) -> bool:
    """Board and administration: plan, change, end."""
    return constitution.may_administer(viewer, cooperative)


def participants(process: Process) -> QuerySet[Person]:
    """Who is told what happens in a process: members with an account, who acts for member organisations, who holds an office."""
    cooperative, today = process.cooperative, localdate()
    active = Membership.objects.filter(active_on(today), cooperative=cooperative)
    organisations = Organisation.objects.filter(pk__in=active.filter(bond__answer=Answer.YES).values("organisation"))
    standing = Q(represents__until=None) | Q(represents__until__gte=today)
    named = Q(represents__membership__in=active, represents__since__lte=today, represents__confirmed_at__isnull=False) & standing
    whom = Q(memberships__in=active) | named | Q(pk__in=constitution.holders(cooperative, constitution.READING).values("pk"))
    if organisations.exists():
        whom |= Q(pk__in=keepers_of(*organisations).values("pk"))
    return Person.objects.filter(whom, is_active=True, is_service=False).distinct().order_by("pk")


def of_own(phases: QuerySet[Phase], person: Person) -> QuerySet[Phase]:
    """Only those of cooperatives this person belongs to: what is merely public elsewhere is not their business."""
    member = memberships_of(person).filter(active_on(localdate())).values("cooperative")
    office = constitution.held_by(person).values("cooperative")
    return phases.filter(Q(process__cooperative__in=member) | Q(process__cooperative__in=office))
