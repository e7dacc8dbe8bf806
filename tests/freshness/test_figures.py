"""How fresh the map is: counted, kept day by day, shown with its table; nothing counted that guests may not see."""

import csv
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from allmende.freshness import actions, figures, jobs
from allmende.freshness.figures import Part
from allmende.freshness.models import Question, Snapshot
from tests.cast import organisation, term
from tests.freshness.ways import DAY, NOW, asked, kept, question
from tests.people.ways import person

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def snapshot(day: date, **counts: int) -> Snapshot:
    values = {"never": 0, "older": 0, "twelve": 0, "six": 0, "three": 0} | counts
    return Snapshot.objects.create(day=day, total=sum(values.values()), kept=0, asked=0, answered=0, **values)


def some_entries() -> None:
    for name, days in {"A eG": 1, "B eG": 100, "C eG": 200, "D eG": 500}.items():
        organisation(name, "Berlin", sector="housing", confirmed=days * DAY)
    organisation("E eG", "Wien", country="AT", sector="energy")
    organisation("F eG", "Berlin", sector="housing", confirmed=1 * DAY, state="draft")
    organisation("G eG", sector="housing", state="archived")


def test_every_public_entry_is_counted_once_by_age() -> None:
    some_entries()
    found = figures.count(NOW)
    assert [found.levels[level] for level in figures.LEVELS] == [1, 1, 1, 1, 1]
    assert (found.total, found.within, found.kept) == (5, 3, 0)
    assert found.sectors == [Part("housing", 4, 1, 0), Part("energy", 1, 0, 1)]
    assert found.countries == [Part("DE", 4, 1, 0), Part("AT", 1, 0, 1)]


def test_several_confirmations_words_and_places_count_one_entry() -> None:
    item = organisation("A eG", "Berlin", sector="housing", confirmed=500 * DAY)
    from allmende.directory.models import Confirmation, Place

    Confirmation.objects.create(organisation=item, at=NOW - DAY)
    item.terms.add(term("sector", "flats", parent=term("sector", "housing")))
    Place.objects.create(organisation=item, town="Ulm", country="DE", region="Bayern", position=1)
    Place.objects.create(organisation=item, town="Hof", country="DE", region="Bayern", position=2)
    found = figures.count(NOW)
    assert (found.sectors, found.countries, found.regions) == (
        [Part("housing", 1, 0, 0)],
        [Part("DE", 1, 0, 0)],
        [Part("DE:Bayern", 1, 0, 0)],
    )


def test_what_was_asked_and_answered_counts_entries_not_letters() -> None:
    item, silent = kept(), kept("Still eG", by="eda@example.org")
    asked(item)
    asked(item, NOW + 49 * DAY)
    asked(silent)
    actions.confirm_by_letter(question(item), NOW + 50 * DAY)
    found = figures.count(NOW + 51 * DAY)
    assert (found.asked, found.answered, found.kept) == (2, 1, 2)
    Question.objects.update(asked_at=NOW - 400 * DAY)
    assert figures.count(NOW).asked == 0


@pytest.mark.parametrize("entries", [1, 3])
def test_counting_asks_a_fixed_number_of_questions(entries: int, django_assert_num_queries: Any) -> None:
    for n in range(entries):
        organisation(f"Haus {n} eG", "Berlin", sector="housing", confirmed=DAY)
    with django_assert_num_queries(11):
        figures.count(NOW)


def test_a_day_is_kept_once_and_the_later_count_holds() -> None:
    some_entries()
    assert jobs.keep_figures() == f"{figures.keep(NOW).day}: 5 entries"
    organisation("H eG")
    figures.keep(NOW)
    [day] = Snapshot.objects.all()
    assert (day.total, day.never, day.older, day.twelve, day.six, day.three) == (6, 2, 1, 1, 1, 1)


def test_a_month_is_its_last_day_and_the_current_one_is_now() -> None:
    for day, three in ((date(2026, 8, 3), 1), (date(2026, 8, 30), 2), (date(2026, 10, 31), 3), (date(2026, 11, 2), 4)):
        snapshot(day, three=three)
    snapshot(date(2024, 10, 31), three=9)  # more than two years ago
    current = Snapshot(day=date(2026, 11, 22), total=5, three=5, six=0, twelve=0, older=0, never=0, kept=0, asked=0, answered=0)
    assert [(one.day.month, one.three) for one in figures.months(current)] == [(8, 2), (10, 3), (11, 5)]


def test_bars_are_whole_and_stand_side_by_side() -> None:
    days = [snapshot(date(2025, month, 28), three=1, older=3) for month in range(1, 13)]
    bars = figures.bars(days)
    assert all(sum(strip.height for strip in bar.strips) == figures.HEIGHT for bar in bars)
    assert [strip.css for strip in bars[0].strips] == ["c-ja", "c-4"]
    assert bars[0].left >= 0 and bars[-1].left + bars[-1].breadth <= 100
    assert [bar.label for bar in bars if bar.is_named][-1] == "12/25"
    assert figures.bars([snapshot(date(2026, 1, 1))])[0].strips == []


def page(client: Client, address: str = "/en/zahlen/frische/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    assert dict(response.cookies) == {}
    return response.content.decode()


def test_an_empty_house_has_a_page(client: Client) -> None:
    assert "There is no entry on the map yet" in page(client)


def test_the_page_says_it_in_a_sentence_and_leads_to_the_map(client: Client) -> None:
    some_entries()
    text = page(client)
    assert "3 of 5" in text and "The history begins this month" in text
    for link in (
        "/en/karte/?fresh=12",
        "/en/karte/?fresh=older",
        "/en/karte/?fresh=never",
        "/en/karte/?sector=housing",
        "/en/karte/?country=AT&amp;fresh=never",
    ):
        assert f'"{link}"' in text
    assert client.get("/karte/?country=AT&fresh=never").status_code == 200
    cache.clear()
    snapshot(TODAY - timedelta(days=40), three=2, never=2)
    assert "The history begins" not in page(client)


def test_the_csv_has_every_day_and_today(client: Client) -> None:
    some_entries()
    snapshot(TODAY - timedelta(days=1), three=2, never=2)
    rows = list(csv.reader(client.get("/zahlen/frische.csv").content.decode().splitlines()))
    assert rows[0] == list(figures.COLUMNS)
    assert rows[1] == [str(TODAY - timedelta(days=1)), "4", "2", "0", "0", "0", "2", "0", "0", "0"]
    assert rows[2][1:] == ["5", "1", "1", "1", "1", "1", "0", "0", "0"]


def test_the_figures_name_nobody(client: Client) -> None:
    kept("Geheim eG", state="draft")
    asked(kept())
    text = page(client)
    assert "anna" not in text.lower() and "Geheim" not in text
    assert person().email not in page(client, "/zahlen/frische.csv")
