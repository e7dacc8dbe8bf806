"""What the tables of the index hold, how little a change touches, and that nothing is left behind."""

import random
from contextlib import suppress
from datetime import timedelta

import numpy as np
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from allmende.atlas import actions, fulltext, indexing, rebuilding, spots, tags, vocabulary
from allmende.atlas.engine.keys import IN_ONE_CELL, SEQUENCE_BITS, cell, centre
from allmende.atlas.models import Change, Entry, Spot, Tag, Version, Word
from allmende.atlas.portrait import spelled, unpack
from allmende.atlas.rules import project
from allmende.directory.models import Confirmation, Organisation, Place
from allmende.ground.refusals import Refused
from allmende.ground.text import words
from tests import cast

pytestmark = pytest.mark.django_db


def keys_of(item: Organisation) -> list[int]:
    return [key for key, _x, _y in spots.unpack(Entry.objects.get(pk=item.pk).spots)]


def hits(*stems: str, **options: bool | int) -> list[int]:
    return fulltext.hits(tuple((stem,) for stem in stems), **options).tolist()  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------------------- places


def test_a_key_is_the_cell_and_a_number() -> None:
    first, second = cast.organisation("Eins", "Berlin", cast.BERLIN), cast.organisation("Zwei", "Berlin", cast.BERLIN)
    home = int(cell(*project(*cast.BERLIN)))
    assert keys_of(first) + keys_of(second) == [home << SEQUENCE_BITS, (home << SEQUENCE_BITS) + 1]


def test_who_does_not_move_keeps_the_key_and_who_moves_gets_another() -> None:
    item = cast.organisation("Wander", "Berlin", cast.BERLIN)
    Place.objects.create(organisation=item, town="Hamburg", lat=cast.HAMBURG[0], lon=cast.HAMBURG[1], precision="exact", position=1)
    cast.changed(item)
    before = keys_of(item)
    Place.objects.filter(organisation=item, town="Berlin").update(lat=cast.WIEN[0], lon=cast.WIEN[1])
    cast.changed(item)
    after = keys_of(item)
    assert (after[1], after[0] == before[0]) == (before[1], False)
    assert sorted(Spot.objects.values_list("key", flat=True)) == sorted(after)


def fill(point: tuple[int, int], without: int | None = None) -> int:
    """All keys of a point's cell are taken, but for one; returns the cell."""
    home = int(cell(*point))
    numbers = [number for number in range(IN_ONE_CELL) if number != without]
    Spot.objects.bulk_create([Spot(key=(home << SEQUENCE_BITS) + number, entry_id=0, x=point[0], y=point[1]) for number in numbers])
    return home


def test_in_a_full_cell_one_moves_to_the_next() -> None:
    home = fill(project(*cast.BERLIN))
    first, second = cast.organisation("Eins", "Berlin", cast.BERLIN), cast.organisation("Zwei", "Berlin", cast.BERLIN)
    assert keys_of(first) + keys_of(second) == [(home + 1) << SEQUENCE_BITS, ((home + 1) << SEQUENCE_BITS) + 1]
    assert spots.unpack(Entry.objects.get(pk=first.pk).spots)[0][1:] == centre(home + 1)


def test_in_a_full_cell_a_number_that_was_given_up_is_given_again() -> None:
    home = fill(project(*cast.BERLIN), without=77)
    first, second = cast.organisation("Eins", "Berlin", cast.BERLIN), cast.organisation("Zwei", "Berlin", cast.BERLIN)
    assert keys_of(first) + keys_of(second) == [(home << SEQUENCE_BITS) + 77, (home + 1) << SEQUENCE_BITS]


def test_many_that_come_at_once_share_a_cell_in_order() -> None:
    keys = spots.Keys()
    point = project(*cast.BERLIN)
    given = [keys.give(point)[0] for _ in range(IN_ONE_CELL + 2)]
    home = int(cell(*point))
    assert given == [(home << SEQUENCE_BITS) + number for number in range(IN_ONE_CELL + 2)]  # the next cell begins where this one ends


def test_spots_are_packed_as_the_engine_reads_them() -> None:
    packed = spots.pack([(1 << 52, 5, 1 << 29), (3, 0, 7)])
    assert spots.unpack(packed) == [(1 << 52, 5, 1 << 29), (3, 0, 7)]
    assert [tuple(one) for one in np.frombuffer(packed, spots.SPOT).tolist()] == spots.unpack(packed)


# --------------------------------------------------------------------------------------------------------------- text


def test_an_entry_is_found_under_each_of_its_places() -> None:
    item = cast.organisation("Solar", "Berlin", cast.BERLIN)
    Place.objects.create(organisation=item, town="Hamburg", lat=cast.HAMBURG[0], lon=cast.HAMBURG[1], precision="exact", position=1)
    cast.changed(item)
    assert hits("solar") == sorted(keys_of(item)) and hits("hamburg") == sorted(keys_of(item))


def test_a_question_can_be_asked_for_a_range_of_keys_for_names_and_for_some() -> None:
    items = [cast.organisation("Solar", "Berlin", at, slug=f"solar-{at[0]}") for at in (cast.WIEN, cast.BERLIN, cast.HAMBURG)]
    cast.organisation("Wind", "Berlin", cast.BERLIN, summary="Solar")
    keys = sorted(key for item in items for key in keys_of(item))
    assert hits("solar", names_only=True) == keys
    assert hits("sol*", names_only=True, low=keys[0], high=keys[2]) == keys[:2]
    assert hits("sol*", names_only=True, low=keys[0] + 1) == keys[1:]
    assert hits("solar", "berlin", names_only=True) == [] and len(hits("solar", "berlin")) == 4
    assert hits("solar", names_only=True, limit=2) == keys[:2]
    assert hits() == [] and fulltext.hits(((),)).tolist() == []


@pytest.mark.parametrize(
    "name", ["Öko-Ɐ 𐐷𐐷 ½ x̂y Ⅷ ٣", "한국어 生協 ไทย", "!!!", "🦊", "a:b t:1 c:de :", "ß" * 150, "㌖" * 60, "'\"\\%s {}"]
)
def test_every_word_of_every_script_is_written_found_and_taken_out_again(name: str) -> None:
    item = cast.organisation(name, slug="x")
    for word in words(name):
        assert hits(*fulltext.stems(word[:100])[:1]) == hits(":"), word
    assert actions.verify() == []
    Organisation.objects.filter(pk=item.pk).update(name="anders")
    cast.changed(item)
    assert [hits(*fulltext.stems(word[:100])[:1]) for word in words(name)] == [[]] * len(words(name))
    assert actions.verify() == []


def test_terms_and_countries_are_tokens_that_nobody_types() -> None:
    term = cast.term("sector", "energy", "Energie")
    item = cast.organisation("Sonne", "Jena", sector="energy")
    assert unpack(Entry.objects.get(pk=item.pk).words)[2] == f"t:{term.pk} c:de"
    assert hits(f"t:{term.pk}") == hits("c:de") == hits(":") and hits(f"t{term.pk}") == hits("cde") == hits("energie") == []


@pytest.mark.parametrize("text", ["Bürger Straße", "STRASSE", "x̂y ax̂b", "½ Ⅷ", "ﬃ", "ไทย", "Ａ", "İstanbul", "ǅ", "Fair™ № 5…", "Mühle ®"])
def test_words_of_entries_are_folded_as_words_of_questions(text: str) -> None:
    assert list(spelled(text)) == list(dict.fromkeys(words(text)))


def test_words_are_counted_once_an_entry_and_forgotten_with_it() -> None:
    item = cast.organisation("Öl und Öl", summary="Öl")
    cast.organisation("Öl")
    assert dict(Word.objects.filter(entries__gt=0).values_list("word", "entries")) == {"ol": 2, "und": 1}
    assert Word.objects.get(word="ol").shown == "öl"
    Organisation.objects.filter(pk=item.pk).update(state="archived")
    cast.changed(item)
    assert dict(Word.objects.filter(entries__gt=0).values_list("word", "entries")) == {"ol": 1}


# ------------------------------------------------------------------------------------------------------- cost and log


def test_many_entries_take_as_many_statements_as_one(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    items = [cast.organisation(f"Solar {number}", "Jena", cast.BERLIN) for number in range(4)]
    with CaptureQueriesContext(
        connection,
    ) as one:
        actions.index([items[0].pk])
    with django_assert_num_queries(len(one)):
        actions.index([item.pk for item in items[1:]])


def test_what_did_not_change_in_the_text_is_not_written_to_the_text() -> None:
    item = cast.organisation("Solar", "Jena", cast.BERLIN)
    Confirmation.objects.create(organisation=item, at=timezone.now() - timedelta(days=1))
    with CaptureQueriesContext(connection) as queries:
        cast.changed(item)
    written = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "DELETE", "UPDATE"))]
    assert not [sql for sql in written if "atlas_text" in sql or "atlas_names" in sql or "atlas_spot" in sql]
    assert Entry.objects.get(pk=item.pk).confirmed_at is not None


def test_every_step_stands_in_the_log() -> None:
    one, two = cast.organisation("Eins"), cast.organisation("Zwei")
    actions.index([two.pk, one.pk, two.pk])
    row = Version.objects.get()
    steps = list(Change.objects.order_by("number").values_list("number", "entries"))
    assert [number for number, _ in steps] == list(range(1, len(steps) + 1)) and row.number == len(steps)
    assert indexing.read(steps[-1][1]).tolist() == [one.pk, two.pk]
    assert Change.objects.get(number=row.number).nonce == row.nonce > 0


def test_nothing_asked_is_no_step() -> None:
    assert (actions.index([]), Version.objects.count(), Change.objects.count()) == (0, 0, 0)


def test_tags_of_a_change_that_was_rolled_back_are_not_remembered() -> None:
    class Stop(Exception):
        pass

    cast.organisation("Eins", "Jena", country="DE")
    for country in ("FR", "PL"):
        with suppress(Stop), transaction.atomic():
            cast.organisation("Zwei", "Jena", country=country)
            raise Stop
    item = cast.organisation("Drei", "Jena", country="AT")
    numbers = np.frombuffer(bytes(Entry.objects.get(pk=item.pk).tags), "<u4")
    assert set(Tag.objects.filter(pk__in=numbers.tolist()).values_list("kind", "key")) == {("country", "AT"), ("licence", "CC0-1.0")}


def test_the_dictionary_takes_many_at_once() -> None:
    names = {("region", f"DE:{number}") for number in range(tags.ALL_FROM + 5)}
    numbers = tags.Dictionary()
    numbers.learn(names)
    numbers.learn({("region", "DE:1"), ("region", "neu")})
    assert len(np.frombuffer(numbers.packed(names), "<u4")) == len(names) and Tag.objects.count() == len(names) + 1


# ---------------------------------------------------------------------------------------------------- random histories


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_the_index_holds_exactly_what_it_should(seed: int) -> None:
    chance = random.Random(seed)
    places = [cast.BERLIN, cast.HAMBURG, cast.WIEN, None]
    items = [cast.organisation(f"Solar {number}", "Jena", chance.choice(places), sector="energy") for number in range(5)]
    for number in range(25):
        item = chance.choice(items)
        match chance.randrange(5):
            case 0:
                Organisation.objects.filter(pk=item.pk).update(state=chance.choice(["published", "archived"]))
            case 1:
                Organisation.objects.filter(pk=item.pk).update(name=chance.choice(["Solar", "Wind Wasser", "Öl", "…"]))
            case 2:
                at = chance.choice(places)
                Place.objects.filter(organisation=item).update(
                    lat=at and at[0], lon=at and at[1], precision="exact" if at else "", town=chance.choice(["Jena", "Köln"])
                )
            case 3:
                Place.objects.create(organisation=item, town="Ulm", lat=1.0, lon=chance.random(), precision="town", position=number)
            case 4:
                Place.objects.filter(organisation=item, position__gt=0).delete()
        actions.index({item.pk, chance.choice(items).pk})
    assert actions.verify() == []


# ------------------------------------------------------------------------------------------------------------ rebuilding


def tables() -> set[str]:
    return {name for name in connection.introspection.table_names() if name.startswith("atlas_")}


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        return {
            name
            for table in ("atlas_entry", "atlas_spot", "atlas_word")
            for name in connection.introspection.get_constraints(cursor, table)
            if not name.startswith("__")
        }


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "BATCH", 2)


@pytest.mark.usefixtures("small_batches")
def test_a_rebuilt_index_has_the_tables_and_indexes_it_had() -> None:
    for number in range(5):
        cast.organisation(f"Solar {number}", "Jena", cast.BERLIN)
    before = tables(), indexes()
    assert (actions.rebuild(), tables(), indexes()) == (5, *before)
    assert (actions.rebuild(), tables(), indexes()) == (5, *before)
    cast.organisation("Nach dem Umbau", "Jena", cast.BERLIN)
    assert actions.verify() == []


@pytest.mark.usefixtures("small_batches")
def test_what_changes_while_the_index_is_built_is_in_the_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [cast.organisation(f"Solar {number}", "Jena", cast.BERLIN) for number in range(5)]
    finish, swap = rebuilding.twins.finish, rebuilding._swap

    def meanwhile() -> None:
        finish()
        Organisation.objects.filter(pk=items[0].pk).update(state="archived")
        Organisation.objects.filter(pk=items[1].pk).update(name="Wind")
        cast.changed(*items[:2])
        cast.organisation("Neu", "Jena", cast.HAMBURG)

    def at_the_last_moment(since: int) -> None:
        cast.organisation("Neuer", "Jena", cast.HAMBURG)
        swap(since)

    monkeypatch.setattr(rebuilding.twins, "finish", meanwhile)
    monkeypatch.setattr(rebuilding, "_swap", at_the_last_moment)
    assert actions.rebuild() == 6
    assert sorted(Entry.objects.values_list("name", flat=True)) == ["Neu", "Neuer", "Solar 2", "Solar 3", "Solar 4", "Wind"]
    assert actions.verify() == []


def test_a_swap_says_that_everything_is_to_be_read_anew() -> None:
    cast.organisation("Solar")
    actions.rebuild()
    assert bytes(Change.objects.order_by("-number")[0].entries) == indexing.EVERYTHING


def test_leftovers_of_a_killed_rebuilding_are_removed() -> None:
    cast.organisation("Solar", "Jena", cast.BERLIN)
    rebuilding.twins.create()
    assert (actions.rebuild(), [name for name in tables() if "next" in name]) == (1, [])


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="On PostgreSQL the lock belongs to the connection, and a test has only one")
def test_only_one_rebuilds_at_a_time() -> None:
    with rebuilding._alone(), pytest.raises(Refused):
        actions.rebuild()


def test_an_empty_index_of_a_house_that_is_not_empty_is_due() -> None:
    assert not rebuilding.is_due()
    cast.organisation("Solar", "Jena", cast.BERLIN)
    assert not rebuilding.is_due()
    Entry.objects.all().delete()
    assert rebuilding.is_due()


def test_an_index_whose_words_were_made_otherwise_is_due() -> None:
    cast.organisation("Solar", "Jena", cast.BERLIN)
    Word.objects.filter(word=vocabulary.how_made()).update(word=":older")
    assert rebuilding.is_due()
    actions.rebuild()
    assert not rebuilding.is_due()


# ------------------------------------------------------------------------------------------------------------- verifying


def damage_spot(item: Organisation) -> None:
    Spot.objects.filter(entry_id=item.pk).update(x=1)


def damage_text(item: Organisation) -> None:
    fulltext.delete([(keys_of(item)[0], unpack(Entry.objects.get(pk=item.pk).words))])


def damage_words(item: Organisation) -> None:
    Word.objects.filter(word="solar").update(entries=7)


def damage_tags(item: Organisation) -> None:
    Entry.objects.filter(pk=item.pk).update(tags=np.array([4711], "<u4").tobytes())


def damage_name(item: Organisation) -> None:
    Organisation.objects.filter(pk=item.pk).update(name="Wind")


def damage_by_leaving(item: Organisation) -> None:
    Organisation.objects.filter(pk=item.pk).update(state="draft")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (damage_spot, "not on the map where it says: {pk}"),
        (damage_text, "not in the full text: {key}"),
        (damage_words, "counted wrongly: solar"),
        (damage_tags, "has tags nobody knows: {pk}"),
        (damage_name, "differs from the directory: {pk}"),
        (damage_by_leaving, "not public any more: {pk}"),
    ],
)
def test_verify_notices(damage: object, said: str) -> None:
    item = cast.organisation("Solar", "Jena", cast.BERLIN)
    cast.organisation("Wind", "Jena", cast.HAMBURG)
    assert actions.verify() == []
    damage(item)  # type: ignore[operator]
    assert said.format(pk=item.pk, key=keys_of(item)[0]) in actions.verify()
    actions.rebuild()
    assert actions.verify() == []
