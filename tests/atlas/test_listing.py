"""Pages of the list in houses made to be difficult: each was found by the random lives of test_reference."""

import pytest

from allmende.atlas import queries
from allmende.atlas.rules import Filters, Near
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
