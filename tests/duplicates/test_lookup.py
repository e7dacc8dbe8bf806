"""Finding candidates: who is found, who is not, what a guest may learn, and that the index follows every change."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from allmende.directory.models import Organisation, Place, State
from allmende.duplicates import indexing
from allmende.duplicates.lookup import Candidate, candidates, portrait_of, scan
from allmende.duplicates.models import Key, Sketch
from allmende.duplicates.scoring import Judgement, Portrait, Site
from tests.cast import BERLIN, HAMBURG, changed, organisation

pytestmark = pytest.mark.django_db


def found(portrait: Portrait, **more: object) -> list[tuple[int, str]]:
    return [(one.organisation_id, str(one.verdict.judgement)) for one in candidates(portrait, **more)]  # type: ignore[arg-type]


def test_the_same_entry_written_differently_is_found() -> None:
    one = organisation("Kartoffelkombinat eG", "Berlin", BERLIN, website="https://kartoffelkombinat.de")
    organisation("Bäckerei Morgenrot eG", "Berlin", BERLIN)
    asked = Portrait("Kartoffel-Kombinat", sites=(Site(town="Berlin"),), website="http://www.kartoffelkombinat.de/")
    assert found(asked) == [(one.pk, "same")]


@pytest.mark.parametrize("name", ["Kartofelkombinat", "KARTOFFELKOMBINAT e.G.", "Das Kartoffelkombinat", "Kartoffel Kombinat eG"])
def test_a_name_is_found_despite_typing_errors_case_and_joined_words(name: str) -> None:
    one = organisation("Kartoffelkombinat eG", "Berlin", BERLIN)
    assert [
        pk for pk, _judgement in found(Portrait(name, sites=(Site(town="Berlin", lat=BERLIN[0], lon=BERLIN[1], precision="exact"),)))
    ] == [one.pk]


def test_a_renamed_entry_is_found_by_its_telephone_and_address() -> None:
    one = organisation("Alte Mosterei", "Berlin", phone="030 1234567", website="https://mosterei.example.org")
    Place.objects.filter(organisation=one).update(street="Hauptstraße 5", postcode="10115")
    changed(one)
    other = organisation("Neue Mosterei", "Berlin", phone="+49 30 1234567", website="https://mosterei.example.org")
    Place.objects.filter(organisation=other).update(street="Hauptstr. 5", postcode="10115")
    assert [one.organisation_id for one in candidates(portrait_of(Organisation.objects.get(pk=other.pk)), but=other.pk)] == [one.pk]


def test_strangers_are_not_found() -> None:
    organisation("Weltladen Lienz", "Lienz")
    organisation("Energie Hamburg eG", "Hamburg", HAMBURG)
    assert found(Portrait("Weltladen Schwaz", sites=(Site(town="Schwaz", country="AT"),))) == []


def test_the_entry_itself_is_left_out() -> None:
    one = organisation("Kartoffelkombinat eG", "Berlin", BERLIN)
    assert found(portrait_of(one), but=one.pk) == []


def test_drafts_are_found_but_not_by_guests() -> None:
    one = organisation("Kartoffelkombinat eG", "Berlin", BERLIN, state=State.DRAFT)
    assert found(portrait_of(one)) == [(one.pk, "same")]
    assert found(portrait_of(one), public=True) == []


@pytest.mark.parametrize("state", [State.ARCHIVED, State.MERGED])
def test_archived_and_merged_entries_are_not_found(state: State) -> None:
    one = organisation("Kartoffelkombinat eG", "Berlin", BERLIN)
    two = organisation("Ganz andere eG", "Hamburg", HAMBURG)
    Organisation.objects.filter(pk=one.pk).update(state=state, merged_into=two.pk if state == State.MERGED else None)
    changed(one)
    assert found(Portrait("Kartoffelkombinat eG")) == []
    assert not Sketch.objects.filter(pk=one.pk).exists() and not Key.objects.filter(organisation_id=one.pk).exists()


def test_an_entry_that_vanished_without_a_trace_in_the_trail_is_not_found() -> None:
    one = organisation("Kartoffelkombinat eG", "Berlin", BERLIN)
    portrait = portrait_of(one)
    Organisation.objects.filter(pk=one.pk).delete()
    assert found(portrait) == []


def test_guests_learn_nothing_from_hidden_fields() -> None:
    organisation("Alte Mosterei", phone="030 1234567", email="wir@mosterei.example.org")
    asked = Portrait(
        "Mosterei am See", phone=portrait_of(Organisation.objects.get()).phone, email=portrait_of(Organisation.objects.get()).email
    )
    everything, public = candidates(asked), candidates(asked, public=True)
    assert {reason.key for one in everything for reason in one.verdict.reasons} >= {"phone_same", "email_same"} or not everything
    assert all(reason.key not in {"phone_same", "email_same"} for one in public for reason in one.verdict.reasons)


def test_what_an_entry_hides_a_guests_check_does_not_use() -> None:
    one = organisation(
        "Alte Mosterei", "Berlin", BERLIN, website="https://mosterei.example.org", visibility={"website": "stewards", "address": "members"}
    )
    asked = portrait_of(one)
    seen = {reason.key for found_ in candidates(asked, public=True) for reason in found_.verdict.reasons}
    assert seen & {"website_same", "place_same", "address_same"} == set()
    assert "website_same" in {reason.key for found_ in candidates(asked) for reason in found_.verdict.reasons}
    assert portrait_of(one, public=True).website == ""


def test_no_value_of_phone_or_email_is_kept_or_said() -> None:
    one = organisation("Alte Mosterei", phone="030 1234567", email="wir@mosterei.example.org")
    two = organisation("Alte Mosterei", slug="zwei", phone="030/1234567", email="WIR@mosterei.example.org")
    [candidate] = candidates(portrait_of(two), but=two.pk)
    said = " ".join(str(reason) for reason in candidate.verdict.reasons) + repr(candidate.verdict)
    kept = " ".join(Sketch.objects.values_list("said", flat=True))
    for secret in ("1234567", "wir@", "mosterei.example.org"):
        assert secret not in said and secret not in kept
    assert {"phone_same", "email_same"} <= {reason.key for reason in candidate.verdict.reasons}
    assert one.pk == candidate.organisation_id


def test_the_index_follows_a_new_name() -> None:
    one = organisation("Kartoffelkombinat eG", "Berlin", BERLIN)
    Organisation.objects.filter(pk=one.pk).update(name="Gemüsekollektiv eG")
    changed(one)
    assert found(Portrait("Kartoffelkombinat eG")) == []
    assert found(Portrait("Gemüsekollektiv eG", sites=(Site(town="Berlin", lat=BERLIN[0], lon=BERLIN[1], precision="exact"),))) == [
        (one.pk, "same")
    ]
    assert indexing.verify() == []


def test_a_change_of_the_description_alone_writes_nothing(django_assert_num_queries: object) -> None:
    one = organisation("Kartoffelkombinat eG", "Berlin", BERLIN)
    with django_assert_num_queries(5):  # type: ignore[operator]  # savepoint, places, entries, what is held, savepoint
        indexing.index([one.pk])


def test_branches_are_called_so() -> None:
    for town, street in (("Flensburg", "Große Straße 37"), ("Dresden", "Prager Straße 2")):
        one = organisation(f"CONTIGO Fairtrade Shop {town}", town, website=f"https://{town.lower()}.contigo.de")
        Place.objects.filter(organisation=one).update(street=street)
        changed(one)
    [candidate] = candidates(portrait_of(one), but=one.pk)
    assert candidate.verdict.judgement == Judgement.BRANCH


def test_a_scan_names_each_pair_once() -> None:
    one = organisation("Kartoffelkombinat eG", "Berlin", BERLIN)
    two = organisation("Kartoffelkombinat", "Berlin", BERLIN, slug="zwei")
    three = organisation("Energie Hamburg eG", "Hamburg", HAMBURG)
    pairs = [(pk, other.organisation_id) for pk, other in scan([one.pk, two.pk, three.pk])]
    assert pairs == [(one.pk, two.pk)]
    assert [(pk, other.organisation_id) for pk, other in scan([two.pk])] == [(two.pk, one.pk)]


@pytest.mark.parametrize("number", [1, 3])
def test_candidates_cost_the_same_queries_for_one_and_for_many(number: int, django_assert_max_num_queries: object) -> None:
    for at in range(number):
        organisation("Kartoffelkombinat eG", "Berlin", BERLIN, slug=f"k-{at}")
    asked = Portrait("Kartoffelkombinat eG", website="https://kartoffelkombinat.de")
    with django_assert_max_num_queries(8):  # type: ignore[operator]  # four keys, entries twice, the number of all
        assert len(candidates(asked)) == number


def test_the_index_can_be_built_again_and_compared() -> None:
    one = organisation("Kartoffelkombinat eG", "Berlin", BERLIN)
    Sketch.objects.all().delete()
    Key.objects.all().delete()
    assert indexing.is_missing()
    with pytest.raises(CommandError, match="1 differences"):
        call_command("duplicates", "verify", stderr=StringIO())
    call_command("duplicates", "rebuild", stdout=StringIO())
    assert indexing.verify() == [] and not indexing.is_missing()
    Key.objects.filter(organisation_id=one.pk).delete()
    assert indexing.verify() == [f"keys missing: {one.pk}"]


def test_a_candidate_is_a_plain_value() -> None:
    one = organisation("Kartoffelkombinat eG", "Berlin", BERLIN)
    assert isinstance(candidates(portrait_of(one))[0], Candidate)
