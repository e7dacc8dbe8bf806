"""Invented organisations: the same for the same seed, in towns of all the world, in four languages, with words rare and common."""

from collections import Counter
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from allmende.directory import taxonomy
from allmende.directory.demo.synthetic import columns, drawing
from allmende.directory.demo.synthetic.columns import House, Rows, words_of_the_house
from allmende.directory.demo.synthetic.drawing import COUNTRY, EXACT, TOWN, Drawn, draw
from allmende.directory.demo.synthetic.language import coined, language
from allmende.directory.demo.synthetic.towns import LANGUAGES, every
from allmende.directory.models import Term, Tree
from allmende.ground.text import words

TODAY = datetime(2026, 11, 22, tzinfo=UTC)


def same(one: Drawn, other: Drawn) -> bool:
    return all(
        np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in zip(asdict(one).values(), asdict(other).values(), strict=True)
    )


def test_the_same_seed_draws_the_same_and_another_one_something_else() -> None:
    assert same(draw(3_000, 1), draw(3_000, 1))
    assert not same(draw(3_000, 1), draw(3_000, 2))


def test_most_are_around_here_and_some_everywhere() -> None:
    countries = Counter(every().countries[draw(20_000, 1).home].tolist())
    assert 0.3 < sum(countries[one] for one in ("DE", "AT", "CH", "LI", "LU")) / 20_000 < 0.36
    assert countries.keys() > {"BR", "IN", "CN", "JP", "KE", "NG", "AU", "CA", "CL", "US"}
    assert len(countries) > 150


def test_they_lie_where_their_towns_are() -> None:
    drawn, known = draw(5_000, 1), every()
    off = np.hypot(drawn.lat - known.lat[drawn.town], (drawn.lon - known.lon[drawn.town]) * np.cos(np.radians(drawn.lat))) * 111
    near = np.minimum(off, 40_000 - off)
    assert np.median(near) < 3 and near.max() < 200
    assert (off[drawn.precision == TOWN] < 0.2).all()


def test_some_have_several_places_and_some_none() -> None:
    drawn = draw(20_000, 1)
    share = {count: (drawn.places == count).mean() for count in range(5)}
    assert 0.02 < share[0] < 0.03
    assert 0.015 < share[2] + share[3] + share[4] < 0.025
    assert set(np.unique(drawn.precision)) == {EXACT, TOWN, COUNTRY}
    assert 0.27 < np.isfinite(drawn.confirmed).mean() < 0.33


@pytest.mark.parametrize(("rows", "third"), [(3_000, 100), (30_000, 1_000), (29, 0)])
def test_the_third_source_has_exactly_one_row_in_thirty(rows: int, third: int) -> None:
    drawn = draw(rows, 1)
    assert (drawn.source == 2).sum() == third
    assert not drawn.second[drawn.source != 2].any()
    assert drawn.second.sum() == third // 10


def test_put_in_order_each_keeps_its_places() -> None:
    plain, ordered = draw(2_000, 1), draw(2_000, 1, lambda lat, lon: np.argsort(lat, kind="stable"))
    seats = ordered.starts[:-1][(ordered.places > 0)]
    pinned = ordered.precision[seats] != COUNTRY
    latitudes = ordered.lat[seats][pinned]
    assert (np.diff(latitudes) >= 0).all() and len(latitudes) > 1_900
    assert sorted(zip(plain.lat.tolist(), plain.lon.tolist(), strict=True)) == sorted(
        zip(ordered.lat.tolist(), ordered.lon.tolist(), strict=True)
    )
    assert Counter(plain.places.tolist()) == Counter(ordered.places.tolist())
    assert ordered.number.tolist() == list(range(2_000))
    assert not pinned[-1] or ordered.places[-1] == 0


def test_a_part_is_the_middle_of_the_whole() -> None:
    drawn = draw(1_000, 1)
    part = drawn.part(400, 700)
    assert len(part) == 300
    assert part.town.tolist() == drawn.town[drawn.starts[400] : drawn.starts[700]].tolist()
    assert len(drawn.part(900, 2_000)) == 100


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_has_some_thousand_words_of_which_few_make_up_most_texts(code: str) -> None:
    spoken = language(code)
    often = np.diff(spoken.reach, prepend=0)
    assert len(spoken.words) == len(set(spoken.words)) > 1_200
    assert 0.04 < often[0] < 0.06
    assert often[-1] < often[0] / 400
    assert spoken.reach[-1] == pytest.approx(1)


def test_invented_names_are_rare() -> None:
    assert len(set(coined())) > 25_000


# ------------------------------------------------------------------------------------------------------------- as rows


@pytest.fixture
def house(db: None) -> House:
    taxonomy.ensure()
    return House(rows=600, seed=1, midnight=TODAY, sources=(7, 8, 9), organisation=100, place=200, record=300, **words_of_the_house())


def made(house: House, low: int = 0, high: int = 600) -> Rows:
    return columns.rows(draw(house.rows, house.seed).part(low, high), house, house.place, house.record)


def listed(rows: Rows, table: str, *names: str) -> list[Any]:
    found = list(getattr(rows, table).rows(names))
    return [one[0] for one in found] if len(names) == 1 else found


def test_rows_are_the_same_again_and_others_with_another_seed(house: House) -> None:
    names = ("id", "uuid", "slug", "name", "summary", "description", "founded", "website", "changed_at")
    assert listed(made(house), "organisations", *names) == listed(made(house), "organisations", *names)
    assert listed(made(house), "organisations", "name") != listed(made(replace(house, seed=2)), "organisations", "name")


def test_every_address_and_number_is_there_once_and_in_order(house: House) -> None:
    rows = made(house)
    for name in ("id", "uuid", "slug"):
        values = listed(rows, "organisations", name)
        assert values == sorted(set(values))
    assert listed(rows, "organisations", "id") == list(range(100, 700))
    assert listed(rows, "places", "id")[0] == 200
    assert listed(rows, "records", "id")[0] == 300
    assert {one[12] for one in listed(rows, "organisations", "uuid")} == {"4"}


def test_texts_have_20_to_40_words_in_the_language_of_the_country(house: House) -> None:
    rows, drawn = made(house), draw(600, 1)
    spoken = every().language[drawn.home]
    for number, (summary, text, languages) in enumerate(listed(rows, "organisations", "summary", "description", "languages")):
        assert 18 <= len(words(f"{summary} {text}")) <= 45
        assert languages == f'["{LANGUAGES[spoken[number]]}"]'
        assert len(summary) <= 300
    german = words(" ".join(text for text, code in zip(listed(rows, "organisations", "description"), spoken, strict=True) if code == 0))
    assert Counter(german).most_common(1)[0][0] == "und"


def test_each_has_three_to_five_words_of_the_taxonomy_its_sector_among_them(house: House) -> None:
    rows = made(house)
    held: dict[int, list[int]] = {}
    for pk, term in listed(rows, "terms", "organisation_id", "term_id"):
        held.setdefault(pk, []).append(term)
    trees = dict(Term.objects.values_list("pk", "tree"))
    for pk, sector, form in listed(rows, "organisations", "id", "sector_id", "legal_form_id"):
        assert 3 <= len(held[pk]) == len(set(held[pk])) <= 5
        assert held[pk][0] == sector
        assert (trees[sector], trees[form]) == (Tree.SECTOR, Tree.LEGAL_FORM)


def test_all_is_marked_as_demo_and_no_point_is_finer_than_it_says(house: House) -> None:
    rows = made(house)
    assert set(listed(rows, "organisations", "is_demo")) == {True}
    for town, lat, lon, precision in listed(rows, "places", "town", "lat", "lon", "precision"):
        assert (precision == "") == (lat is None) == (lon is None) == (town == "")


def test_sources_bring_their_licences_and_some_entries_have_two(house: House) -> None:
    rows = made(house)
    records = listed(rows, "records", "source_id", "licence", "organisation_id")
    assert {one[:2] for one in records} == {(7, "CC0-1.0"), (8, "ODbL-1.0"), (9, "CC-BY-4.0")}
    assert sum(one[0] == 9 for one in records) == 20
    twice = [pk for pk, count in Counter(one[2] for one in records).items() if count == 2]
    assert len(twice) == 2
    assert len(listed(rows, "records", "source_id", "remote_id")) == len(set(listed(rows, "records", "source_id", "remote_id")))


def test_nothing_lies_in_the_future(house: House) -> None:
    rows = made(house)
    moments = [*listed(rows, "organisations", "changed_at"), *listed(rows, "confirmations", "at")]
    assert max(moments) <= "2026-11-22 00:00:00"
    assert drawing.midnight(datetime(2026, 11, 22, 13, 5, tzinfo=UTC)) == TODAY
