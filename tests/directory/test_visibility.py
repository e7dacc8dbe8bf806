"""Who sees which field: what the entry chose, else the data rules, else the cautious default; and what is left of a place."""

import pytest

from allmende.directory import export, queries, rules
from allmende.directory.models import DataRules, Organisation, RulesState, Visibility
from allmende.people.models import Person
from allmende.people.queries import GUEST
from tests.cast import HAMBURG, organisation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("field", "own", "ruled", "level"),
    [
        ("email", {}, None, "stewards"),
        ("website", {}, None, "public"),
        ("email", {}, {"email": "network"}, "network"),
        ("email", {"email": "public"}, {"email": "network"}, "public"),
        ("website", {"website": "publik"}, None, "stewards"),  # a typing error publishes nothing
        ("website", {}, {"website": "all"}, "stewards"),
    ],
)
def test_the_entry_decides_before_the_rules_and_the_rules_before_the_default(
    field: str, own: dict[str, str], ruled: dict[str, str] | None, level: str
) -> None:
    assert rules.level(field, own, ruled) == level


@pytest.mark.parametrize(
    ("circle", "without"),
    [
        ("public", {"email", "phone", "website"}),
        ("network", {"email", "phone"}),
        ("members", {"email"}),
        ("stewards", set()),
    ],
)
def test_who_is_further_inside_sees_more(circle: str, without: set[str]) -> None:
    assert rules.hidden(circle, {"website": "network", "phone": "members"}, None) == without


@pytest.fixture
def muehle(db: None) -> Organisation:
    item = organisation(
        "Alte Mühle eG",
        "Hamburg",
        HAMBURG,
        website="https://muehle.example",
        email="anna@muehle.example",
        phone="040 123456",
        register="GnR 7",
        legal_name="Alte Mühle Mahlwerk eG",
        founded=1990,
        description="Lang",
        description_en="Long",
    )
    item.places.update(street="Wallstraße 1", postcode="20095", label="Hof")
    return item


def read(item: Organisation, circle: str = Visibility.PUBLIC) -> dict[str, object]:
    return export.organisation(queries.whole(Organisation.objects.filter(pk=item.pk)).get(), seen_from=circle)


def test_e_mail_and_phone_are_for_the_team_unless_somebody_says_otherwise(muehle: Organisation) -> None:
    said = read(muehle)
    assert (said["email"], said["phone"], said["website"]) == ("", "", "https://muehle.example")
    assert read(muehle, "stewards")["email"] == "anna@muehle.example"


def test_every_field_that_can_be_hidden_is_gone_with_all_that_belongs_to_it(muehle: Organisation) -> None:
    muehle.visibility = dict.fromkeys(rules.HIDEABLE, "members")
    muehle.save()
    said = read(muehle)
    gone = ("description", "description_en", "website", "email", "phone", "register", "legal_name")
    assert {name: said[name] for name in gone} == dict.fromkeys(gone, "")
    assert said["founded"] is None
    assert read(muehle, "members") == read(muehle, "stewards")


def test_of_a_hidden_address_the_town_is_left(muehle: Organisation) -> None:
    muehle.visibility = {"address": "network"}
    muehle.save()
    (place,) = read(muehle)["places"]  # type: ignore[misc]
    assert (place["town"], place["street"], place["postcode"], place["label"], place["precision"]) == ("Hamburg", "", "", "", "town")  # type: ignore[index]
    assert (place["lat"], place["lon"]) != HAMBURG  # type: ignore[index]


def test_rules_in_force_apply_at_once_and_only_those(muehle: Organisation) -> None:
    DataRules.objects.create(version=1, state=RulesState.DRAFT, text_de="…", defaults={"website": "stewards"})
    assert read(muehle)["website"]
    DataRules.objects.filter(version=1).update(state=RulesState.ADOPTED)
    assert read(muehle)["website"] == ""
    DataRules.objects.filter(version=1).update(state=RulesState.REPLACED)
    assert read(muehle)["website"]


def test_a_copy_with_fields_left_out_cannot_be_written(muehle: Organisation) -> None:
    found = queries.organisation(GUEST, muehle.slug)
    assert found is not None
    with pytest.raises(TypeError):
        found.save()


def test_a_copy_remembers_its_circle_and_is_narrowed_but_never_widened(muehle: Organisation) -> None:
    muehle.visibility = {"website": "network", "phone": "members"}
    muehle.save()
    whole = queries.whole(Organisation.objects.filter(pk=muehle.pk)).get()
    assert queries.shown_to(whole, "stewards") is whole
    members = queries.shown_to(whole, "members")
    public = queries.shown_to(members, "public")
    assert (members.seen_from, members.phone, members.email) == ("members", "040 123456", "")
    assert (public.seen_from, public.phone, public.website) == ("public", "", "")
    assert all(queries.shown_to(public, circle) is public for circle in rules.CIRCLES)
    assert (whole.seen_from, whole.phone, whole.email) == ("stewards", "040 123456", "anna@muehle.example")


def test_even_a_copy_that_leaves_out_nothing_knows_for_whom_it_is(muehle: Organisation) -> None:
    muehle.visibility = dict.fromkeys(rules.HIDEABLE, "public")
    muehle.save()
    found = queries.organisation(GUEST, muehle.slug)
    assert found is not None
    assert (found.seen_from, found.email) == ("public", "anna@muehle.example")


def test_the_whole_entry_is_only_for_those_who_may_edit_it(muehle: Organisation) -> None:
    stranger, house = Person.objects.create_user("fremd@example.org"), Person.objects.create_user("haus@example.org", is_caretaker=True)
    assert queries.organisation_as_it_is(GUEST, muehle.slug) is None
    assert queries.organisation_as_it_is(stranger, muehle.slug) is None
    whole = queries.organisation_as_it_is(house, muehle.slug)
    assert whole is not None and whole.email == "anna@muehle.example"


@pytest.mark.parametrize(
    ("own", "ruled", "called"),
    [
        ({}, {"register": "public"}, "Gartenwerk eingetragene Genossenschaft"),
        ({"register": "public"}, {"register": "members"}, "Gartenwerk eingetragene Genossenschaft"),
        ({"register": "stewards"}, {"register": "public"}, "Gartenwerk"),
        ({}, {"register": "members"}, "Gartenwerk"),
    ],
)
def test_an_organisation_goes_by_its_registered_name_only_where_everybody_may_read_it(
    own: dict[str, str], ruled: dict[str, str], called: str
) -> None:
    DataRules.objects.create(version=1, state=RulesState.ADOPTED, text_de="Regeln", defaults=ruled)
    entry = organisation("Gartenwerk", legal_name="Gartenwerk eingetragene Genossenschaft", visibility=own)
    assert queries.public_name(entry) == called


def test_without_a_registered_name_it_goes_by_its_name() -> None:
    assert queries.public_name(organisation("Gartenwerk")) == "Gartenwerk"
