"""What caretakers type cannot break the house: lists are lists, addresses are addresses, no control characters anywhere."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from allmende.directory.models import Organisation, Term
from allmende.people.models import Person
from tests.cast import organisation, term

pytestmark = pytest.mark.django_db
DEEP = "[" * 100_000


@pytest.fixture
def caretaker(client: Client) -> Client:
    client.force_login(Person.objects.create_user("haus@example.org", is_caretaker=True))
    return client


def write(client: Client, **said: str) -> Any:
    """Send the form of a new entry."""
    whole = {"name": "Neu eG", "slug": "neu-eg", "kind": "cooperative", "licence": "CC0-1.0", "keywords": "[]", "languages": "[]"}
    whole |= {"same_as": "[]"}
    whole |= {"places-TOTAL_FORMS": "0", "places-INITIAL_FORMS": "0"}
    return client.post(reverse("admin:directory_organisation_add"), whole | said)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("keywords", "3"),
        ("keywords", '{"a": 1}'),
        ("keywords", "[1, null]"),
        ("keywords", DEEP),
        ("keywords", '["' + "x" * 61 + '"]'),
        ("languages", '[["de"]]'),
        ("same_as", '["javascript:alert(1)"]'),
        ("same_as", '"abc"'),
    ],
)
def test_a_list_that_is_none_is_refused_at_its_field(caretaker: Client, field: str, value: str) -> None:
    answer = write(caretaker, **{field: value})
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == [field]
    assert not Organisation.objects.exists()


def test_an_emptied_list_is_an_empty_list(caretaker: Client) -> None:
    assert write(caretaker, keywords="", languages="null", same_as="").status_code == 302
    item = Organisation.objects.get()
    assert (item.keywords, item.languages, item.same_as) == ([], [], [])


def test_control_characters_do_not_come_in_and_so_the_feed_can_be_written(caretaker: Client) -> None:
    place = {"places-TOTAL_FORMS": "1", "places-0-town": "Bremen\x01"}
    assert write(caretaker, name="Neu\x01 eG", summary="Alles\x08 neu", keywords='["a\\u0001b"]', **place).status_code == 302
    item = Organisation.objects.get()
    assert (item.name, item.summary, item.keywords, item.places.get().town) == ("Neu eG", "Alles neu", ["ab"], "Bremen")
    assert caretaker.get(reverse("atlas:feed")).status_code == 200


@pytest.mark.parametrize(("field", "value"), [("codes", "[]"), ("codes", '{"ica": 1}'), ("codes", DEEP), ("synonyms", "{}")])
def test_codes_and_synonyms_of_a_word_keep_their_shape(caretaker: Client, field: str, value: str) -> None:
    word = term("sector", "housing", "Wohnen", "Housing")
    said = {"tree": "sector", "key": "housing", "name_de": "Wohnen", "name_en": "Housing", "position": "0", "synonyms": "[]", "codes": "{}"}
    address = reverse("admin:directory_term_change", args=[word.pk])
    assert list(caretaker.post(address, said | {field: value}).context["adminform"].form.errors) == [field]
    assert caretaker.post(address, said | {"codes": '{"ica": ["ICA1"]}', "synonyms": '["Bau"]'}).status_code == 302
    assert Term.objects.values_list("codes", "synonyms").get(pk=word.pk) == ({"ica": ["ICA1"]}, ["Bau"])


@pytest.mark.parametrize("key", ["abc", "\x00", "9" * 30, "-1"])
def test_a_choice_that_is_no_number_is_refused(caretaker: Client, key: str) -> None:
    organisation("Haus eG")
    answer = caretaker.post(reverse("admin:directory_organisation_changelist"), {"action": "archive", "_selected_action": key})
    assert answer.status_code == 400


@pytest.mark.parametrize("model", ["organisation", "source", "record", "term"])
def test_a_search_of_a_thousand_words_is_answered(caretaker: Client, model: str) -> None:
    assert caretaker.get(reverse(f"admin:directory_{model}_changelist"), {"q": "a " * 2_000}).status_code == 200
