"""The quick way to read many entries says what the one to read says: nothing more, nothing less, nothing else."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from allmende.directory import export, lean, queries
from allmende.directory.access import organisations_visible_to
from allmende.directory.models import Belonging, Confirmation, DataRules, Organisation, Place, Record, RulesState, State
from allmende.directory.rules import CIRCLES, HIDEABLE
from allmende.people.queries import GUEST
from tests import cast

pytestmark = pytest.mark.django_db

PLACE_KEYS = ("postcode", "town", "region", "country", "lat", "lon", "is_seat")


def expected(pks: list[int]) -> list[dict[str, Any]]:
    """The same by way of the export."""
    found = queries.whole(organisations_visible_to(GUEST)).filter(pk__in=pks).order_by("pk")
    return [said(queries.shown_to(item)) for item in found]


def said(item: Organisation) -> dict[str, Any]:
    told = export.organisation(item)
    keys = set(told) & {
        "id", "slug", "name", "legal_name", "kind", "legal_form", "sector", "sectors", "activities", "cooperation", "sdgs", "summary",
        "summary_en", "description", "description_en", "keywords", "founded", "networks", "licence", "is_demo",
    }  # fmt: skip
    return {key: told[key] for key in keys} | {
        "pk": item.pk,
        "places": [{key: place[key] for key in PLACE_KEYS} for place in told["places"]],
        "sources": [source["source"] for source in told["sources"]],
        "confirmed_at": item.confirmed_at,  # type: ignore[attr-defined]  # annotated by queries.whole
        "changed_at": item.changed_at,
    }


def full(name: str, **fields: Any) -> Organisation:
    """An entry that says everything there is to say."""
    item = cast.organisation(
        name, "Hamburg", cast.HAMBURG, sector="energy", terms=(("sdg", "7"), ("sdg", "11"), ("cooperation", "worker"),
        ("activity", "solar")), confirmed=timedelta(days=3), from_source=cast.source("osm", "ODbL-1.0"),
        summary="Strom für alle", summary_en="Power for all",
        description="Ein „Text“ mit % und {Klammern}.", description_en="A text.", keywords=["Öl", "Essig"], founded=1899,
        legal_name=f"{name} Eingetragene eG", website="https://beispiel.example", email="a@beispiel.example", phone="040 1",
        register="GnR 1", legal_form=cast.term("legal_form", "eg"), **fields,
    )  # fmt: skip
    Place.objects.filter(organisation=item).update(street="Weg 1", postcode="20095", region="Hamburg", label="Laden")
    Place.objects.create(organisation=item, town="Kiel", country="DE", region="Schleswig-Holstein", position=2)
    Place.objects.create(
        organisation=item, town="Gibtsnichthausen", country="DE", lat=54.123456789, lon=10.1, precision="exact", position=1
    )
    Confirmation.objects.create(organisation=item, at=timezone.now() - timedelta(days=400))
    return item


def in_force(**defaults: str) -> None:
    DataRules.objects.create(version=1, state=RulesState.ADOPTED, text_de="", defaults=defaults, decided_at=timezone.now())


@pytest.mark.parametrize("circle", [*CIRCLES, "pubilc"])
@pytest.mark.parametrize("field", HIDEABLE)
def test_what_an_entry_hides_is_hidden(field: str, circle: str) -> None:
    item = full("Solar", visibility={field: circle})
    assert lean.facts([item.pk]) == expected([item.pk])


@pytest.mark.parametrize("circle", CIRCLES)
@pytest.mark.parametrize("field", HIDEABLE)
def test_the_data_rules_hold_where_an_entry_says_nothing(field: str, circle: str) -> None:
    in_force(**{field: circle})
    silent, own = full("Solar"), full("Wind", visibility={field: "public"})
    assert lean.facts([silent.pk, own.pk]) == expected([silent.pk, own.pk])


def test_a_hidden_address_becomes_its_town() -> None:
    item = full("Solar", visibility={"address": "network"})
    places = lean.facts([item.pk])[0]["places"]
    assert [(place["postcode"], place["town"], place["lat"]) for place in places] == [
        ("", "Hamburg", 53.5507),
        ("", "Gibtsnichthausen", None),
        ("", "Kiel", 54.3213),
    ]


@pytest.mark.parametrize("state", [State.DRAFT, State.ARCHIVED, State.MERGED])
def test_what_guests_may_not_see_is_left_out(state: str) -> None:
    seen, unseen = full("Solar"), full("Wind")
    Organisation.objects.filter(pk=unseen.pk).update(state=state, merged_into=seen if state == State.MERGED else None)
    assert [facts["slug"] for facts in lean.facts([seen.pk, unseen.pk, 10_000_000])] == ["solar"]


def test_networks_that_are_not_published_are_not_named() -> None:
    item, known, unknown = full("Solar"), cast.organisation("Verbund"), cast.organisation("Geheimbund")
    for network in (known, unknown):
        Belonging.objects.create(network=network, member=item)
    Organisation.objects.filter(pk=unknown.pk).update(state=State.DRAFT)
    assert lean.facts([item.pk])[0]["networks"] == ["verbund"]
    assert lean.facts([item.pk]) == expected([item.pk])


def test_the_strictest_licence_of_all_records_counts() -> None:
    item = full("Solar", licence="CC0-1.0")
    now = timezone.now()
    for key, licence in (("a", "CC-BY-4.0"), ("b", "ODbL-1.0"), ("c", "CC-BY-SA-4.0")):
        source = cast.source(key, licence)
        Record.objects.create(source=source, remote_id="1", organisation=item, licence=licence, digest="", retrieved_at=now, seen_at=now)
    assert lean.facts([item.pk]) == expected([item.pk])
    assert lean.facts([item.pk])[0]["licence"] == "ODbL-1.0"


def test_an_entry_that_says_nothing_is_read_too() -> None:
    item = cast.organisation("Nur ein Name")
    assert lean.facts([item.pk]) == expected([item.pk])


def test_many_entries_take_as_many_statements_as_one(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    pks = [full(f"Solar {number}").pk for number in range(3)]
    for asked in (pks[:1], pks):
        with django_assert_num_queries(6):
            lean.facts(asked)


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn")), max_size=12)
WHERE = st.sampled_from([(None, None, ""), (0.0, 0.0, "country"), (52.52000049, -179.9999999, "exact"), (-90.0, 180.0, "town")])
PLACES = st.lists(st.tuples(st.sampled_from(["", "Kiel", "Halle", "Xyz"]), st.sampled_from(["DE", "AT", ""]), WHERE, TEXT), max_size=3)
HIDDEN = st.dictionaries(st.sampled_from(list(HIDEABLE)), st.sampled_from(CIRCLES), max_size=4)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=TEXT, texts=st.tuples(TEXT, TEXT, TEXT), keywords=st.lists(TEXT, max_size=3), places=PLACES, own=HIDDEN,
       ruled=st.none() | HIDDEN, day=st.dates(date(1970, 1, 2), date(2100, 1, 1)))  # fmt: skip
def test_whatever_an_entry_says_both_ways_to_read_it_agree(
    name: str, texts: tuple[str, str, str], keywords: list[str], places: Any, own: Any, ruled: Any, day: date
) -> None:
    DataRules.objects.all().delete()
    Organisation.objects.all().delete()
    if ruled is not None:
        in_force(**ruled)
    summary, description, legal_name = texts
    moment = timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 12, 0, 0, day.day))  # type: ignore[attr-defined]
    item = Organisation.objects.create(
        name=name or "x", slug="x", summary=summary, description=description, legal_name=legal_name, keywords=keywords, visibility=own
    )
    for position, (town, country, (lat, lon, precision), region) in enumerate(places):
        Place.objects.create(
            organisation=item, town=town, country=country, region=region, lat=lat, lon=lon, precision=precision, position=-position % 3,
            is_seat=position == 1,
        )  # fmt: skip
    Confirmation.objects.create(organisation=item, at=moment)
    assert lean.facts([item.pk]) == expected([item.pk])


def test_a_category_of_offers_is_no_word_of_an_entry() -> None:
    """Nothing offers it to a caretaker; where it is set all the same, it is left out and nothing breaks."""
    item = cast.organisation("Radhaus eG", "Berlin", cast.BERLIN, sector="mobility", terms=(("exchange", "bikes"),))
    (found,) = lean.facts([item.pk])
    assert (found["sectors"], found["activities"], found["cooperation"], found["sdgs"]) == (["mobility"], [], [], [])
