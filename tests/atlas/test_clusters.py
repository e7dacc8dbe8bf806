"""What the map draws."""

import pytest

from allmende.atlas.clusters import clusters
from allmende.atlas.rules import Box, Filters
from allmende.directory.models import Place
from tests import cast

pytestmark = pytest.mark.django_db
WORLD = Box(-180, -85, 180, 85)


def test_every_place_is_drawn_once_at_every_zoom() -> None:
    for number in range(30):
        cast.organisation(f"O{number}", "Ort", (50 + number * 0.03, 8 + number * 0.05))
    for zoom in range(19):
        assert sum(pile.count for pile in clusters(Filters(), WORLD, zoom)) == 30


def test_close_ones_become_a_pile_and_part_when_zooming_in() -> None:
    cast.organisation("A", "Berlin", (52.52, 13.40))
    cast.organisation("B", "Berlin", (52.53, 13.41))
    assert [pile.count for pile in clusters(Filters(), WORLD, 3)] == [2]
    assert sorted(pile.entries[0].name for pile in clusters(Filters(), Box(13, 52, 14, 53), 15)) == ["A", "B"]


def test_those_on_one_spot_are_named_and_filters_hold_there_too() -> None:
    cast.organisation("A", "Berlin", cast.BERLIN, sector="food")
    cast.organisation("B", "Berlin", cast.BERLIN, sector="energy")
    (pile,) = clusters(Filters(), Box(13, 52, 14, 53), 18)
    assert (pile.count, pile.on_one_spot, [entry.name for entry in pile.entries]) == (2, True, ["A", "B"])
    (pile,) = clusters(Filters(sector=("food",)), Box(13, 52, 14, 53), 18)
    assert [entry.name for entry in pile.entries] == ["A"]


def test_an_organisation_with_several_places_is_drawn_at_each() -> None:
    item = cast.organisation("Bank", "Berlin", cast.BERLIN)
    Place.objects.create(organisation=item, town="Hamburg", lat=cast.HAMBURG[0], lon=cast.HAMBURG[1], precision="town")
    cast.changed(item)
    assert len(clusters(Filters(), Box(5, 45, 16, 56), 10)) == 2


def test_a_box_across_the_date_line_shows_both_sides() -> None:
    cast.organisation("Fidschi", "Suva", (-18.1, 178.4), country="FJ")
    cast.organisation("Samoa", "Apia", (-13.8, -171.8), country="WS")
    assert sum(pile.count for pile in clusters(Filters(), Box(170, -30, -165, 0), 4)) == 2


def test_a_whole_world_at_the_deepest_zoom_is_answered_with_few_piles() -> None:
    for number in range(60):
        cast.organisation(f"O{number}", "Ort", (-60 + number * 2, -170 + number * 5.5))
    assert len(clusters(Filters(), WORLD, 18)) <= 60


def test_the_number_of_queries_does_not_grow(django_assert_num_queries: object) -> None:
    box = Box(5, 45, 17, 56)
    for names, place in (("ABC", cast.BERLIN), ("DEFG", cast.WIEN)):
        for name in names:
            cast.organisation(name, "Ort", place)
        clusters(Filters(), box, 10)  # the index in memory follows the changes
        with django_assert_num_queries(2):  # type: ignore[operator]
            clusters(Filters(), box, 10)
