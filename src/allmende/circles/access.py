"""Who may see and change circles. Guests are viewers too.

Three rings: those who may know that a circle exists; those who may read its notes; its members, who see and change everything inside.
Caretakers and those who look after the hosting organisation see a circle from outside only. What is said inside stays inside, except
where nobody coordinates it any more: then they see who is in it, to name somebody.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from allmende.circles import rules
from allmende.circles.models import Audience, Circle, CircleFace, CircleMember, Note
from allmende.directory import access as directory
from allmende.directory.models import Organisation, Role, State, Stewardship
from allmende.people.models import Person
from allmende.people.queries import Viewer, is_person

OF_ANY_ROLE = (*directory.KEEPERS, Role.MEMBER)


def circles_visible_to(viewer: Viewer) -> QuerySet[Circle]:
    """Circles whose existence and purpose this viewer may know of. Those taken off after a report: members and caretakers."""
    shown = Q(hidden_at=None, organisation__state=State.PUBLISHED)
    if not is_person(viewer):
        return Circle.objects.filter(shown, audience=Audience.PUBLIC)
    own = CircleMember.objects.filter(circle=OuterRef("pk"), person=viewer)
    seen = shown & Q(audience=Audience.PUBLIC)
    seen |= Q(Exists(own.filter(state=rules.IN))) | Q(Exists(own.filter(state__in=[rules.INVITED, rules.ASKED])), hidden_at=None)
    seen |= Q(organisation__in=directory.stewarded_by(viewer).values("pk"), hidden_at=None)
    if directory.is_of_the_network(viewer):
        seen |= shown & Q(audience=Audience.NETWORK)
    if directory.may_caretake_somewhere(viewer):
        seen |= Q(organisation__in=directory.caretaken_by(viewer).values("pk"))
    if directory.may_caretake(viewer):
        seen |= Q(organisation=None)
    return Circle.objects.filter(seen)


def faces_visible_to(viewer: Viewer) -> QuerySet[CircleFace]:
    """The same as what can be reported from outside."""
    return CircleFace.objects.filter(pk__in=circles_visible_to(viewer).values("pk"))


def circles_inside(viewer: Viewer) -> QuerySet[Circle]:
    """Circles this viewer is a member of."""
    if not is_person(viewer):
        return Circle.objects.none()
    return Circle.objects.filter(Exists(CircleMember.objects.filter(circle=OuterRef("pk"), person=viewer, state=rules.IN)))


def notes_visible_to(viewer: Viewer) -> QuerySet[Note]:
    """Members' notes, and those of circles that let the network read along."""
    kept = Note.objects.filter(deleted_at=None, hidden_at=None)
    seen = Q(circle__in=circles_inside(viewer).values("pk"))
    if is_person(viewer) and directory.is_of_the_network(viewer):
        seen |= Q(circle__notes_open=True, circle__in=circles_visible_to(viewer).values("pk"))
    return kept.filter(seen)


def notes_inside(viewer: Viewer) -> QuerySet[Note]:
    """Notes that this viewer may change, discuss and see the versions of."""
    return Note.objects.filter(deleted_at=None, hidden_at=None, circle__in=circles_inside(viewer).values("pk"))


def membership(viewer: Viewer, circle: Circle) -> CircleMember | None:
    """How this viewer stands to the circle, in whatever state."""
    return CircleMember.objects.filter(circle=circle, person=viewer).first() if is_person(viewer) else None


def is_member(viewer: Viewer, circle: Circle) -> bool:
    """Whether this viewer is inside."""
    return circles_inside(viewer).filter(pk=circle.pk).exists()


def may_write(viewer: Viewer, circle: Circle) -> bool:
    """Members write; what is archived rests. Taken off after a report, a circle works on unseen, and its purpose can be mended."""
    return circle.archived_at is None and is_member(viewer, circle)


def may_coordinate(viewer: Viewer, circle: Circle) -> bool:
    """Those who coordinate it."""
    held = circle.members.filter(state=rules.IN, role=rules.COORDINATOR)
    return is_person(viewer) and held.filter(person=viewer).exists()


def has_coordinator(circle: Circle) -> bool:
    """Whether somebody who can sign in coordinates it."""
    return circle.members.filter(state=rules.IN, role=rules.COORDINATOR, person__is_active=True).exists()


def may_name_coordinator(viewer: Viewer, circle: Circle) -> bool:
    """Where nobody coordinates any more: those who look after the host, its caretakers, without a host those of the house."""
    return is_person(viewer) and not has_coordinator(circle) and (may_host(viewer, circle) or may_moderate(viewer, circle))


def may_host(viewer: Viewer, circle: Circle) -> bool:
    """Those who look after the organisation that hosts it."""
    return circle.organisation_id is not None and directory.stewarded_by(viewer).filter(pk=circle.organisation_id).exists()


def may_moderate(viewer: Viewer, circle: Circle) -> bool:
    """The caretakers of the hosting entry, without one those of the house."""
    return directory.may_caretake_entry(viewer, circle.organisation) if circle.organisation else directory.may_caretake(viewer)


def may_host_with(viewer: Viewer) -> QuerySet[Organisation]:
    """The organisations in whose name this person may found a circle."""
    return directory.stewarded_by(viewer).filter(state=State.PUBLISHED)


def backgrounds_of(viewer: Viewer) -> QuerySet[Organisation]:
    """The organisations this person may name as their background: whatever they belong to."""
    return directory.stewarded_by(viewer, OF_ANY_ROLE).filter(state=State.PUBLISHED)


def still_belongs() -> Exists:
    """For queries of members: whether they still belong to the organisation they came with, and it is still on the map."""
    held = Stewardship.objects.filter(person=OuterRef("person"), organisation=OuterRef("organisation"), until=None)
    return Exists(held.filter(role__in=OF_ANY_ROLE, organisation__state=State.PUBLISHED))


def members_of(circle: Circle) -> QuerySet[Person]:
    """Everybody inside who can sign in."""
    held = CircleMember.objects.filter(circle=circle, state=rules.IN)
    return Person.objects.filter(pk__in=held.values("person"), is_active=True, is_service=False)


def coordinators_of(circle: Circle) -> QuerySet[Person]:
    """Those of them who coordinate."""
    held = CircleMember.objects.filter(circle=circle, state=rules.IN, role=rules.COORDINATOR)
    return Person.objects.filter(pk__in=held.values("person"), is_active=True, is_service=False)
