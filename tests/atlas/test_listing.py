"""Pages of the list in houses made to be difficult: each was found by the random lives of test_reference."""

import pytest

from allmende.atlas import queries
from allmende.atlas.rules import Box, Filters, Near
from allmende.directory.models import Place
from tests import cast

pytestmark = pytest.mark.django_db


def pages(filters: Filters, per_page: int) -> list[list[str]]:
    """The names on every page, and on one more."""
    number = queries.search(filters, per_page=per_page).pages
    return [[entry.name for entry in queries.search(filters, page=page, per_page=per_page).entries] for page in range(1, number + 2)]


def test_near_somebody_with_several_places_words_in_the_name_still_come_first_and_nobody_twice() -> None:
    chain = cast.organisation("Solar Kette", "Berlin", cast.BERLIN)
    for number in range(1, 4):
        Place.objects.create(organisation=chain, town="Berlin", lat=52.5 + number / 100, lon=13.4, precision="exact", position=number)
    cast.changed(chain)
    for number in range(4):
        cast.organisation(f"Andere {number}", "Berlin", (52.52, 13.41 + number / 1000), summary="Solar")
    asked = Filters(q="solar", near=Near(*cast.BERLIN, 50))
    assert pages(asked, 2) == [["Solar Kette", "Andere 0"], ["Andere 1", "Andere 2"], ["Andere 3"], []]


def test_the_distance_shown_is_that_of_the_place_in_the_section_by_which_the_list_is_ordered() -> None:
    both = cast.organisation("Hier und dort", "Berlin", cast.BERLIN)
    Place.objects.create(organisation=both, town="Potsdam", lat=52.3989, lon=13.0657, precision="town")
    cast.changed(both)
    cast.organisation("Teltow", "Teltow", (52.4022, 13.2706))
    asked = Filters(near=Near(*cast.BERLIN, 50), bbox=Box(13.0, 52.3, 13.3, 52.45))
    found = queries.search(asked).entries
    assert [(entry.name, round(entry.distance_km or 0)) for entry in found] == [("Teltow", 16), ("Hier und dort", 27)]
