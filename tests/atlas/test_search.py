"""What the search finds, in which order, and what it never shows."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from pytest_django import DjangoAssertNumQueries

from allmende.atlas import actions, completion, forms, fulltext, queries, questions, vocabulary
from allmende.atlas.models import Entry, Spot, Word
from allmende.atlas.rules import Filters, Near
from allmende.directory.models import Organisation, Place
from allmende.ground.refusals import BadInput
from tests import cast

pytestmark = pytest.mark.django_db


def names(**filters: object) -> list[str]:
    return [entry.name for entry in queries.search(Filters(**filters)).entries]  # type: ignore[arg-type]


def test_a_word_in_the_name_comes_before_the_same_word_in_the_text() -> None:
    cast.organisation("Werkstatt eG", "Kiel", summary="Wir bieten auch Hosting an.")
    cast.organisation("Hosting Nord eG", "Kiel")
    assert names(q="hosting") == ["Hosting Nord eG", "Werkstatt eG"]


@pytest.mark.parametrize("typed", ["Bürgerenergie", "Buergerenergie", "BÜRGERENERGIE", "burgerenergie", "Bürgerenergien"])
def test_umlauts_case_and_inflection_are_forgiven(typed: str) -> None:
    cast.organisation("Bürgerenergie Jena eG", "Jena")
    assert names(q=typed) == ["Bürgerenergie Jena eG"]


def test_a_word_written_without_umlauts_is_found_with_them() -> None:
    cast.organisation("Baecker Genossen eG", "Ulm")
    assert names(q="Bäcker") == ["Baecker Genossen eG"]


def test_english_inflection_is_forgiven() -> None:
    cast.organisation("Bikes", "Leeds", description="A shop that repairs bicycles.")
    assert names(q="bicycle repair") == ["Bikes"]


def test_compounds_are_found_after_the_word_itself() -> None:
    cast.organisation("Wohnungsgenossenschaft Süd", "Köln")
    cast.organisation("Genossenschaft Mitte", "Köln")
    assert names(q="Genossenschaft") == ["Genossenschaft Mitte", "Wohnungsgenossenschaft Süd"]


def test_a_typing_error_is_corrected_and_said() -> None:
    cast.organisation("Lastenrad Leipzig", "Leipzig")
    found = queries.search(Filters(q="Lastnerad"))
    assert ([entry.name for entry in found.entries], found.corrected) == (["Lastenrad Leipzig"], "lastenrad")


def test_nothing_is_corrected_where_nothing_is_near() -> None:
    cast.organisation("Lastenrad Leipzig", "Leipzig")
    found = queries.search(Filters(q="Quxzpfw"))
    assert (found.total, found.corrected) == (0, None)


def test_all_words_must_be_met_but_anywhere() -> None:
    cast.organisation("Alpha", "Berlin", summary="Hosting")
    cast.organisation("Beta", "Hamburg", summary="Hosting")
    assert names(q="hosting berlin") == ["Alpha"]


def test_sectors_are_found_by_their_synonyms() -> None:
    cast.term("sector", "energy", "Energie", "Energy", synonyms=["Strom"])
    cast.organisation("Sonne", "Jena", sector="energy")
    assert names(q="Strom") == ["Sonne"]


def test_confirmed_ones_come_first_among_equals() -> None:
    cast.organisation("Aal Solar", "Jena")
    cast.organisation("Zeh Solar", "Jena", confirmed=timedelta(days=3))
    assert names() == ["Zeh Solar", "Aal Solar"]


def test_near_comes_before_far_and_far_is_left_out() -> None:
    cast.organisation("Hafen", "Hamburg", cast.HAMBURG)
    cast.organisation("Alex", "Berlin", cast.BERLIN)
    cast.organisation("Prater", "Wien", cast.WIEN, country="AT")
    found = queries.search(Filters(near=Near(52.5, 13.4, 300)))
    assert [(entry.name, round(entry.distance_km)) for entry in found.entries] == [("Alex", 2), ("Hafen", 256)]


def test_an_unknown_place_finds_nothing_and_says_so() -> None:
    cast.organisation("Alex", "Berlin", cast.BERLIN)
    found = queries.search(Filters(place="Nirgendwohausen"))
    assert (found.total, found.place_unknown) == (0, True)


@pytest.mark.parametrize(
    ("choice", "expected"), [("3", ["Neu"]), ("6", ["Neu", "Halb"]), ("12", ["Neu", "Halb"]), ("older", ["Alt"]), ("never", ["Nie"])]
)
def test_freshness_is_a_filter(choice: str, expected: list[str]) -> None:
    for name, days in (("Neu", 10), ("Halb", 120), ("Alt", 500)):
        cast.organisation(name, "Ulm", confirmed=timedelta(days=days))
    cast.organisation("Nie", "Ulm")
    assert sorted(names(fresh=choice)) == sorted(expected)


def test_share_alike_data_can_be_left_out() -> None:
    cast.organisation("Frei", "Ulm")
    cast.organisation("Geteilt", "Ulm", from_source=cast.source("osm", "ODbL-1.0"))
    assert names(share_alike=False) == ["Frei"]


def test_a_filter_by_a_branch_of_the_taxonomy_holds_its_twigs() -> None:
    parent = cast.term("sector", "food", "Ernährung")
    cast.term("sector", "farm", "Landwirtschaft", parent=parent)
    cast.organisation("Acker", "Ulm", sector="farm")
    assert names(sector=("food",)) == ["Acker"]


def test_pages_are_stable_and_hold_everything_once() -> None:
    for number in range(7):
        cast.organisation(f"Gleich {number}", "Ulm")
    pages = [[entry.name for entry in queries.search(Filters(q="gleich"), page=page, per_page=3).entries] for page in (1, 2, 3)]
    assert sorted(sum(pages, [])) == [f"Gleich {number}" for number in range(7)]
    assert queries.search(Filters(q="gleich"), page=9, per_page=3).total == 7


def test_a_page_takes_the_same_number_of_queries_for_one_and_for_three(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(3):
        cast.organisation(f"{number} Solar", "Jena", cast.BERLIN)
        queries.search(Filters(q="solar"))  # index and words in memory follow the change
        with django_assert_num_queries(2):
            assert queries.search(Filters(q="solar")).total == number + 1


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_what_guests_may_not_see_is_in_no_table_of_the_index(state: str) -> None:
    item = cast.organisation("Geheim Quokka", "Ulm", cast.BERLIN, sector="food")
    Organisation.objects.filter(pk=item.pk).update(state=state)
    cast.changed(item)
    vocabulary.forget()
    assert not Entry.objects.exists() and not Spot.objects.exists() and not len(fulltext.every_key())
    assert not Word.objects.filter(word="quokka", entries__gt=0).exists()
    assert queries.search(Filters(q="Quokka")).total == 0 and completion.suggest("Quok") == []


def test_a_moved_place_is_found_where_it_is_now() -> None:
    item = cast.organisation("Wander", "Berlin", cast.BERLIN)
    Place.objects.filter(organisation=item).update(town="Hamburg", lat=cast.HAMBURG[0], lon=cast.HAMBURG[1])
    cast.changed(item)
    assert names(near=Near(*cast.HAMBURG, 5)) == ["Wander"] and names(near=Near(*cast.BERLIN, 5)) == [] and names(q="Berlin") == []


def test_a_rebuilt_index_is_the_same_as_the_one_kept_up_to_date() -> None:
    for number in range(3):
        cast.organisation(f"Solar {number}", "Jena", cast.BERLIN, sector="energy")
    before = (list(Word.objects.order_by("word").values_list("word", "entries")), Spot.objects.count(), names(q="solar"))
    actions.rebuild()
    assert (list(Word.objects.order_by("word").values_list("word", "entries")), Spot.objects.count(), names(q="solar")) == before
    assert actions.verify() == []


def test_a_lost_entry_is_noticed() -> None:
    item = cast.organisation("Solar", "Jena")
    Entry.objects.filter(pk=item.pk).delete()
    assert actions.verify()[0] == f"missing in the index: {item.pk}"


def test_an_entry_changed_behind_the_trail_is_noticed() -> None:
    item = cast.organisation("Solar", "Jena")
    item.save()  # no line in the trail, so the map has not followed
    assert actions.verify() == [f"stale: {item.pk}"]


@pytest.mark.parametrize("evil", ['"', "*", "AND", "NEAR(", "a OR b", "'", "\\", "name:", "-", "🦊", "a" * 199, "' | '", "x & !y", ":*"])
def test_no_sign_of_the_engines_breaks_the_search(evil: str) -> None:
    cast.organisation("Solar", "Jena")
    assert queries.search(Filters(q=evil)).total >= 0
    assert isinstance(completion.suggest(evil), list)


def test_suggestions_find_the_beginning_of_names() -> None:
    cast.organisation("Hostsharing eG", "Hamburg")
    cast.organisation("Werkstatt", "Kiel", summary="Hosting")
    labels = [one["label"] for one in completion.suggest("Hosts") if one["type"] == "organisation"]
    assert labels == ["Hostsharing eG"]


def test_facets_count_under_the_other_filters() -> None:
    cast.organisation("A", "Ulm", sector="food")
    cast.organisation("B", "Ulm", sector="food", terms=(("cooperation", "worker"),))
    cast.organisation("C", "Ulm", sector="energy", terms=(("cooperation", "worker"),))
    facets = queries.facets(Filters(cooperation=("worker",), sector=("food",)))
    assert {facet.key: facet.count for facet in facets["sector"]} == {"food": 1, "energy": 1}
    assert {facet.key: facet.count for facet in facets["cooperation"]} == {"worker": 1}


@pytest.mark.parametrize(
    "query",
    ["foo=1", "bbox=1,2,3", "bbox=0,0,200,0", "bbox=0,10,0,5", "bbox=a,b,c,d", "bbox=nan,0,1,1", "near=1", "near=91,0", "radius=0",
     "radius=1e9", "sector=gibtsnicht", "fresh=7", "sort=x", "share_alike=2", "q=" + "x" * 201, "country=D$", "near=inf,0"],
)  # fmt: skip
def test_broken_parameters_are_refused_in_words(query: str) -> None:
    with pytest.raises(BadInput):
        forms.parse(QueryDict(query))


def test_filters_survive_the_way_through_the_address() -> None:
    for key in ("food", "energy"):
        cast.term("sector", key)
    asked = QueryDict("q=Öl %26 Essig&sector=food,energy&country=de&near=52.5,13.4&radius=10&fresh=6&share_alike=0&bbox=5,45,15,55")
    filters = forms.parse(asked)
    assert forms.parse(QueryDict(forms.to_query(filters))) == filters


def test_a_word_that_folding_makes_very_long_is_asked_in_a_length_that_every_database_takes() -> None:
    q = "㌖" * 200  # each becomes キロメートル
    for question in (questions.exact(q), questions.typed(q), questions.wide(q, vocabulary.current())):
        assert max(len(one.encode()) for group in question for one in group) <= 401
