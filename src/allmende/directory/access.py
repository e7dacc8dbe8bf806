"""Who may see and change entries. Guests are viewers too.

An entry belongs to those who look after it: owners and editors (`Stewardship`). Caretakers of the house (`Person.is_caretaker`) take
care of all entries, those of an area (`Caretaking`) of the entries there.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from allmende.directory.models import (
    Belonging,
    Bulk,
    Caretaking,
    DataRules,
    Organisation,
    Place,
    Role,
    RulesState,
    State,
    Stewardship,
    Visibility,
)
from allmende.people.models import Person
from allmende.people.queries import Viewer, is_person

KEEPERS = (Role.OWNER, Role.EDITOR)


def organisations_visible_to(viewer: Viewer) -> QuerySet[Organisation]:
    """Published entries for everybody; those not published also for their own stewards and for caretakers. Merged ones for nobody."""
    if may_caretake(viewer):
        return Organisation.objects.exclude(state=State.MERGED)
    published = Q(state=State.PUBLISHED)
    if not is_person(viewer):
        return Organisation.objects.filter(published)
    mine = Q(pk__in=stewarded_by(viewer).values("pk")) | Q(pk__in=caretaken_by(viewer).values("pk"))
    return Organisation.objects.filter(published | (~Q(state=State.MERGED) & mine))


def stewarded_by(viewer: Viewer, roles: tuple[Role, ...] = KEEPERS) -> QuerySet[Organisation]:
    """The entries this person looks after today, in one of these roles."""
    if not is_person(viewer):
        return Organisation.objects.none()
    held = Stewardship.objects.filter(person=viewer, until=None, role__in=roles, organisation=OuterRef("pk"))
    return Organisation.objects.filter(Exists(held)).exclude(state=State.MERGED)


def caretaken_by(viewer: Viewer) -> QuerySet[Organisation]:
    """The entries this person takes care of for the network: all, or those of their regions and sectors."""
    if may_caretake(viewer):
        return Organisation.objects.exclude(state=State.MERGED)
    if not is_person(viewer):
        return Organisation.objects.none()
    wanted = Q(pk__in=())
    for area in Caretaking.objects.filter(person=viewer):
        wanted |= _in_area(area)
    return Organisation.objects.filter(wanted).exclude(state=State.MERGED)


def _in_area(area: Caretaking) -> Q:
    found = Q()
    if area.country:
        there = Place.objects.filter(organisation=OuterRef("pk"), country=area.country)
        found &= Q(Exists(there.filter(region=area.region) if area.region else there))
    if area.sector_id:
        found &= Q(sector_id=area.sector_id) | Q(sector__parent_id=area.sector_id) | Q(terms=area.sector_id)
    # A number list, not a join: an entry must not come twice because it has two words of the sector.
    return Q(pk__in=Organisation.objects.filter(found).values("pk"))


def keepers_of(*organisations: Organisation, roles: tuple[Role, ...] = KEEPERS) -> QuerySet[Person]:
    """The people who look after one of these entries today, in one of these roles; each once."""
    held = Stewardship.objects.filter(organisation__in=organisations, until=None, role__in=roles)
    return Person.objects.filter(pk__in=held.values("person"), is_active=True, is_service=False)


def caretakers_of(organisation: Organisation) -> QuerySet[Person]:
    """Who takes care of this entry for the network: those of its region and sector, where there are none those of the house."""
    places = organisation.places.exclude(country="").values_list("country", "region")
    sectors = {organisation.sector_id, organisation.sector.parent_id if organisation.sector else None, None}
    sectors |= set(organisation.terms.values_list("pk", flat=True))
    near = Q(country="")
    for country, region in places:
        near |= Q(country=country, region__in=("", region))
    areas = Caretaking.objects.filter(near).filter(Q(sector=None) | Q(sector_id__in=[pk for pk in sectors if pk]))
    active = Person.objects.filter(is_active=True)
    local = active.filter(pk__in=areas.values("person"))
    return local if local.exists() else active.filter(is_caretaker=True)


def may_caretake(viewer: Viewer) -> bool:
    """Caretakers of the house import, correct and archive everywhere."""
    return is_person(viewer) and viewer.is_caretaker


def may_caretake_entry(viewer: Viewer, organisation: Organisation) -> bool:
    """Caretakers of the house, and those of the entry's region or sector."""
    return may_caretake(viewer) or (is_person(viewer) and caretaken_by(viewer).filter(pk=organisation.pk).exists())


def may_caretake_somewhere(viewer: Viewer) -> bool:
    """Whether the caretakers' desk is open to this person at all."""
    return may_caretake(viewer) or (is_person(viewer) and Caretaking.objects.filter(person=viewer).exists())


def may_edit(viewer: Viewer, organisation: Organisation) -> bool:
    """Those who look after the entry, and its caretakers."""
    return role_of(viewer, organisation) in KEEPERS or may_caretake_entry(viewer, organisation)


def may_own(viewer: Viewer, organisation: Organisation) -> bool:
    """Who answers for the entry decides who looks after it; its caretakers may, too."""
    return role_of(viewer, organisation) == Role.OWNER or may_caretake_entry(viewer, organisation)


def role_of(viewer: Viewer, organisation: Organisation) -> Role | None:
    """What this person is for the entry today."""
    if not is_person(viewer):
        return None
    found = Stewardship.objects.filter(person=viewer, organisation=organisation, until=None).values_list("role", flat=True).first()
    return Role(found) if found else None


def may_import(viewer: Viewer) -> bool:
    """Imports are the caretakers' and the house's own import hand's."""
    return may_caretake(viewer) or (isinstance(viewer, Person) and viewer.is_service)


def circle(viewer: Viewer, organisation: Organisation) -> Visibility:
    """The innermost circle of the entry this viewer is in.

    `network`: looks after (or is a member of) a published organisation that shares a network with the entry, or is that network.
    """
    if not is_person(viewer):
        return Visibility.PUBLIC
    role = role_of(viewer, organisation)
    if role in KEEPERS or may_caretake_entry(viewer, organisation):
        return Visibility.STEWARDS
    if role == Role.MEMBER:
        return Visibility.MEMBERS
    return Visibility.NETWORK if _shares_a_network(viewer, organisation) else Visibility.PUBLIC


def _shares_a_network(viewer: Viewer, organisation: Organisation) -> bool:
    mine = stewarded_by(viewer, (*KEEPERS, Role.MEMBER)).filter(state=State.PUBLISHED).values("pk")
    networks = Belonging.objects.filter(member=organisation, network__state=State.PUBLISHED).values("network")
    near = Q(pk__in=networks) | Q(belongs_to__network__in=networks) | Q(belongs_to__network=organisation.pk)
    return Organisation.objects.filter(near, pk__in=mine).exists()


def is_of_the_network(viewer: Viewer) -> bool:
    """Whether this person belongs to some published organisation of a network: who may vote on the network's rules and the like."""
    mine = stewarded_by(viewer, (*KEEPERS, Role.MEMBER)).filter(state=State.PUBLISHED)
    return may_caretake_somewhere(viewer) or mine.filter(Q(belongs_to__isnull=False) | Q(belongings__isnull=False)).exists()


def may_take_all(viewer: Viewer) -> bool:
    """Whether this viewer may fetch all public entries at once: as the data rules in force say."""
    bulk = DataRules.objects.filter(state=RulesState.ADOPTED).values_list("bulk", flat=True).first() or Bulk.EVERYBODY
    return bulk == Bulk.EVERYBODY or may_caretake(viewer) or (bulk == Bulk.NETWORK and is_of_the_network(viewer))
