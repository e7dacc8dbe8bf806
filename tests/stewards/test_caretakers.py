"""Who takes care of the house or of an area: named by the page's action or by the operator's command."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from allmende.directory.models import Caretaking
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.people.models import Notice, Person
from allmende.people.queries import service
from allmende.stewards import actions, queries
from tests.cast import term
from tests.people.ways import person
from tests.stewards.cast import caretaker, coop, keeper

pytestmark = pytest.mark.django_db


def command(*args: str) -> str:
    out = StringIO()
    call_command("caretaker", *args, stdout=out)
    return out.getvalue()


def test_only_caretakers_of_the_house_name_others() -> None:
    item = coop()
    anna = person()
    for who in (anna, keeper(item, "olga"), caretaker("lea", "Bayern")):
        with pytest.raises(NotAllowed):
            actions.name_caretaker(anna.email, "DE", by=who)
        with pytest.raises(NotAllowed):
            actions.end_caretaking_of_the_house(anna, by=who)
    assert Caretaking.objects.filter(person=anna).count() == 0


@pytest.mark.parametrize(("email", "country", "region"), [
    ("niemand@example.org", "DE", ""), ("import@service.invalid", "DE", ""), ("anna@example.org", "DEU", ""),
    ("anna@example.org", "", "Bayern"), ("anna@example.org", "DE", "Atlantis"),
])  # fmt: skip
def test_an_area_must_be_one_and_the_person_have_an_account(email: str, country: str, region: str) -> None:
    coop()
    person()
    service("import")
    with pytest.raises(BadInput):
        actions.name_caretaker(email, country, region, by=caretaker())


def test_a_region_a_sector_and_the_whole_house() -> None:
    coop()
    house, anna = caretaker(), person()
    housing = term("sector", "housing", "Wohnen")
    actions.name_caretaker("Anna@Example.org", "de", "Bayern", by=house)
    actions.name_caretaker(anna.email, "", "", housing, by=house)
    actions.name_caretaker(anna.email, "", "", housing, by=house)  # twice is once
    assert list(Caretaking.objects.order_by("pk").values_list("country", "region", "sector")) == [
        ("DE", "Bayern", None),
        ("", "", housing.pk),
    ]
    assert Notice.objects.filter(person=anna).count() == 2
    actions.name_caretaker(anna.email, by=house)
    anna.refresh_from_db()
    assert anna.is_caretaker


def test_a_sector_is_no_other_word() -> None:
    with pytest.raises(BadInput):
        actions.name_caretaker(person().email, "", "", term("activity", "baking"), by=caretaker())


def test_an_area_ends_by_the_house_or_by_oneself() -> None:
    coop()
    house, lea, other = caretaker(), caretaker("lea", "Bayern"), caretaker("lars", "Bayern")
    area = Caretaking.objects.get(person=lea)
    with pytest.raises(NotAllowed):
        actions.end_caretaking(area, by=other)
    actions.end_caretaking(area, by=lea)
    actions.end_caretaking(area, by=house)  # a form sent twice
    assert list(Caretaking.objects.values_list("person", flat=True)) == [other.pk]


def test_the_house_keeps_its_last_caretaker_unless_the_operator_ends_it() -> None:
    one, two = caretaker("eins"), caretaker("zwei")
    actions.end_caretaking_of_the_house(two, by=one)
    actions.end_caretaking_of_the_house(two, by=one)
    one.refresh_from_db()
    with pytest.raises(Refused, match="last caretaker"):
        actions.end_caretaking_of_the_house(one, by=one)
    actions.end_caretaking_of_the_house(one, by=service("operator"))
    assert list(queries.caretakers_of_the_house()) == []


def test_the_command_names_lists_and_ends() -> None:
    coop()
    person()
    assert command("list") == "Nobody yet.\n"
    assert command("add", "anna@example.org") == "anna@example.org takes care of: the whole house\n"
    term("sector", "housing", "Wohnen", "Housing")
    assert command("add", "anna@example.org", "--country", "de", "--region", "Bayern", "--sector", "housing").endswith(
        "Bayern, DE, Housing\n"
    )
    assert command("list").splitlines() == ["anna@example.org  the whole house", "anna@example.org  Bayern, DE, Housing"]
    command("remove", "anna@example.org")
    command("remove", "anna@example.org", "--country", "DE", "--region", "Bayern", "--sector", "housing")
    assert command("list") == "Nobody yet.\n"
    assert not Person.objects.get(email="anna@example.org").is_caretaker


@pytest.mark.parametrize("args", [
    ("add",), ("add", "niemand@example.org"), ("remove", "niemand@example.org"), ("add", "anna@example.org", "--sector", "nichts"),
    ("remove", "anna@example.org", "--country", "AT"), ("add", "anna@example.org", "--region", "Bayern"),
])  # fmt: skip
def test_the_command_says_what_is_wrong(args: tuple[str, ...]) -> None:
    person()
    with pytest.raises(CommandError):
        command(*args)
