"""Who may see and change entries: the no first."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from allmende.directory import access
from allmende.directory.models import Belonging, Caretaking, Organisation, Proof, Role, State, Stewardship, Visibility
from allmende.people.models import Person
from allmende.people.queries import GUEST, service
from tests.cast import organisation, term

pytestmark = pytest.mark.django_db


def person(name: str, **more: bool) -> Person:
    return Person.objects.create_user(f"{name}@example.org", name=name.capitalize(), **more)


def looks_after(someone: Person, item: Organisation, role: Role = Role.EDITOR, *, ended: bool = False) -> Stewardship:
    now = timezone.now()
    until = now if ended else None
    return Stewardship.objects.create(organisation=item, person=someone, role=role, proof=Proof.INVITED, since=now, until=until)


@pytest.fixture
def muehle(db: None) -> Organisation:
    item = organisation("Alte Mühle eG", "Bremen", sector="food", country="DE")
    item.places.update(region="Bremen")
    return item


@pytest.fixture
def draft(db: None) -> Organisation:
    return organisation("Neue Mühle eG", "Kiel", sector="food", state=State.DRAFT)


def seen(viewer: Person | AnonymousUser) -> set[str]:
    return set(access.organisations_visible_to(viewer).values_list("name", flat=True))


def test_drafts_and_archived_entries_are_for_their_own_people_only(muehle: Organisation, draft: Organisation) -> None:
    gone = organisation("Alter Laden eG", state=State.ARCHIVED)
    owner, foreign, house = person("olga"), person("frank"), person("haus", is_caretaker=True)
    looks_after(owner, draft, Role.OWNER)
    looks_after(foreign, muehle, Role.OWNER)
    public = {"Alte Mühle eG"}
    assert seen(GUEST) == seen(person("fremd")) == seen(foreign) == seen(service("import")) == public
    assert seen(owner) == public | {"Neue Mühle eG"}
    assert seen(house) == public | {"Neue Mühle eG", gone.name}


def test_a_member_reads_but_does_not_see_a_draft(draft: Organisation) -> None:
    member = person("mia")
    looks_after(member, draft, Role.MEMBER)
    assert seen(member) == set()


def test_merged_entries_are_seen_by_nobody(muehle: Organisation, draft: Organisation) -> None:
    house = person("haus", is_caretaker=True)
    looks_after(house, draft, Role.OWNER)
    Organisation.objects.filter(pk=draft.pk).update(state=State.MERGED, merged_into=muehle)
    assert seen(house) == {"Alte Mühle eG"}
    assert not access.stewarded_by(house).exists()


def test_who_may_edit_and_who_may_decide(muehle: Organisation, draft: Organisation) -> None:
    foreign, member, editor, owner, former = (person(name) for name in ("frank", "mia", "edith", "olga", "fritz"))
    looks_after(foreign, draft, Role.OWNER)
    looks_after(member, muehle, Role.MEMBER)
    looks_after(editor, muehle, Role.EDITOR)
    looks_after(owner, muehle, Role.OWNER)
    looks_after(former, muehle, Role.OWNER, ended=True)
    may = {
        "guest": (GUEST, False, False),
        "stranger": (person("fremd"), False, False),
        "service": (service("import"), False, False),
        "foreign": (foreign, False, False),
        "former": (former, False, False),
        "member": (member, False, False),
        "editor": (editor, True, False),
        "owner": (owner, True, True),
        "house": (person("haus", is_caretaker=True), True, True),
    }
    assert {who: (access.may_edit(one, muehle), access.may_own(one, muehle)) for who, (one, _, _) in may.items()} == {
        who: (edit, own) for who, (_one, edit, own) in may.items()
    }


def test_who_was_locked_out_may_nothing(muehle: Organisation) -> None:
    owner = person("olga", is_caretaker=True)
    looks_after(owner, muehle, Role.OWNER)
    owner.is_active = False
    owner.save()
    assert not access.may_edit(owner, muehle)
    assert not access.may_caretake(owner)
    assert access.circle(owner, muehle) == Visibility.PUBLIC


@pytest.mark.parametrize(
    ("area", "inside"),
    [
        ({"country": "DE"}, True),
        ({"country": "AT"}, False),
        ({"country": "DE", "region": "Bremen"}, True),
        ({"country": "DE", "region": "Bayern"}, False),
        ({"sector": "food"}, True),
        ({"sector": "energy"}, False),
        ({"country": "DE", "region": "Bremen", "sector": "energy"}, False),
        ({"country": "DE", "region": "Bremen", "sector": "food"}, True),
    ],
)
def test_a_caretaker_of_an_area_takes_care_of_what_is_in_it(muehle: Organisation, area: dict[str, str], inside: bool) -> None:
    hauke = person("hauke")
    sector = term("sector", area["sector"]) if "sector" in area else None
    Caretaking.objects.create(person=hauke, country=area.get("country", ""), region=area.get("region", ""), sector=sector)
    assert access.may_caretake_somewhere(hauke)
    assert not access.may_caretake(hauke)
    assert access.may_edit(hauke, muehle) is inside
    assert access.caretaken_by(hauke).filter(pk=muehle.pk).exists() is inside
    assert (hauke in access.caretakers_of(muehle)) is inside


def test_an_entry_of_two_places_and_words_comes_once(muehle: Organisation) -> None:
    hauke = person("hauke")
    muehle.places.create(town="Kiel", country="DE", region="Schleswig-Holstein", position=1)
    Caretaking.objects.create(person=hauke, country="DE")
    Caretaking.objects.create(person=hauke, sector=term("sector", "food"))
    assert access.caretaken_by(hauke).count() == 1


def test_where_nobody_takes_care_of_the_area_the_house_does(muehle: Organisation) -> None:
    house = person("haus", is_caretaker=True)
    Caretaking.objects.create(person=person("hauke"), country="AT")
    assert list(access.caretakers_of(muehle)) == [house]


def test_the_circles_from_outside_to_inside(muehle: Organisation, draft: Organisation) -> None:
    network = organisation("Netz", kind="network")
    neighbour = organisation("Nachbarin eG", "Bremen")
    for one in (muehle, neighbour):
        Belonging.objects.create(network=network, member=one)
    people = {name: person(name) for name in ("frank", "nele", "netz", "mia", "edith")}
    looks_after(people["frank"], draft)
    looks_after(people["nele"], neighbour, Role.MEMBER)
    looks_after(people["netz"], network)
    looks_after(people["mia"], muehle, Role.MEMBER)
    looks_after(people["edith"], muehle)
    found = {name: access.circle(one, muehle) for name, one in people.items()}
    assert access.circle(GUEST, muehle) == Visibility.PUBLIC
    assert found == {"frank": "public", "nele": "network", "netz": "network", "mia": "members", "edith": "stewards"}
    assert access.is_of_the_network(people["nele"])
    assert not access.is_of_the_network(people["frank"])
    Organisation.objects.filter(pk=neighbour.pk).update(state=State.DRAFT)
    assert access.circle(people["nele"], muehle) == Visibility.PUBLIC
