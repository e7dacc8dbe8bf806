"""How quick list, search, map and feed of offers and needs are. `./allmende bench exchange` runs it, in a house of its own."""

import random
from argparse import ArgumentParser
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any

from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from allmende.directory import taxonomy
from allmende.directory.models import Organisation, Term, Tree
from allmende.exchange import search
from allmende.exchange.models import Direction, Listing, Occurrence, Stem, Terms
from allmende.ground.bulk import insert
from allmende.ground.text import stems, words

HEADS = (
    "Lastenrad Werkzeug Saal Kühlraum Hosting Beratung Buchhaltung Übersetzung Moderation Garten Dach Transporter Küche Software".split()
)
PARTS = (
    "gemeinsam günstig regelmäßig dringend gebraucht neu groß klein nachhaltig barrierefrei mobil sonnig trocken sicher offen frei".split()
)
TOWNS = (("Hamburg", 53.55, 9.99), ("Berlin", 52.52, 13.4), ("Leipzig", 51.34, 12.37), ("Wien", 48.2, 16.37), ("Köln", 50.94, 6.96))
PAGES = (
    "/boerse/", "/boerse/?q=lastenrad", "/boerse/?q=wort777", "/boerse/?q=lastenrad+hamburg+gemeinsam",
    "/boerse/?direction=need&category=advice", "/boerse/?place=Leipzig&radius=50", "/boerse/?place=Leipzig&radius=50&sort=near&q=saal",
    "/boerse/?sort=ending", "/boerse/?page=40", "/boerse/?state=past", "/boerse/feed.atom?q=werkzeug",
    "/api/v1/listings?direction=offer&after=50000", "/boerse/orte.geojson", "/boerse/kacheln/5/16/10.mvt", "/boerse/kacheln/9/274/171.mvt",
)  # fmt: skip
TIMES = 7


class Command(BaseCommand):
    """Fills an empty house with invented listings and asks its pages."""

    help = "Measure list, search, map and feed of offers and needs, in an empty house."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many."""
        parser.add_argument("number", type=int, nargs="?", default=100_000)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, measure, give up."""
        if Listing.objects.exists():
            raise CommandError("There are offers and needs in this house; measuring would add invented ones. Use an empty house.")
        taxonomy.ensure()
        since = perf_counter()
        _write(options["number"], _organisations())
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self.stdout.write(f"{options['number']} written in {perf_counter() - since:.0f} s, {Occurrence.objects.count()} occurrences")
        for path in PAGES:
            self.stdout.write(f"{_milliseconds(path):8.1f} ms  {path}")
        self.stdout.write(f"{_writing():8.1f} ms  noting the stems of one new listing")


def _organisations() -> list[int]:
    made = [Organisation(name=f"Invented {number} eG", slug=f"invented-{number}", is_demo=True) for number in range(1_000)]
    return [one.pk for one in Organisation.objects.bulk_create(made)]


def _write(number: int, organisations: list[int]) -> None:
    dice, now, today = random.Random(4), timezone.now(), timezone.localdate()  # noqa: S311 - invented things to measure with
    categories = list(Term.objects.filter(tree=Tree.EXCHANGE).values_list("pk", flat=True))
    first = (Listing.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    for start in range(0, number, 5_000):
        rows = [_row(first + at, dice, now, today, organisations, categories) for at in range(start, min(start + 5_000, number))]
        with transaction.atomic():
            Listing.objects.bulk_create(rows)
            _note(rows)


def _row(pk: int, dice: random.Random, now: Any, today: Any, organisations: list[int], categories: list[int]) -> Listing:
    town, lat, lon = dice.choice(TOWNS)
    said = dice.sample(PARTS, 6) + [f"wort{dice.randrange(3_000)}" for _n in range(14)]
    is_past = dice.random() < 0.2
    return Listing(
        pk=pk, direction=dice.choice(Direction.values), organisation_id=dice.choice(organisations), category_id=dice.choice(categories),
        title=f"{dice.choice(HEADS)} {said[0]}", text=" ".join(said), tags=[], town=town, lat=lat + dice.gauss(0, 0.6),
        lon=lon + dice.gauss(0, 0.9), terms=dice.choice(Terms.values), is_remote=dice.random() < 0.1,
        audience="public" if dice.random() < 0.9 else "network", state="closed" if is_past else "open",
        closed_at=now if is_past else None, opened_at=now - timedelta(seconds=dice.randrange(20_000_000)),
        until=today + timedelta(days=dice.randrange(366)),
    )  # fmt: skip


def _note(rows: list[Listing]) -> None:
    found = {row.pk: {stem for word in words(f"{row.title} {row.town} {row.text}") for stem in stems(word)} for row in rows}
    Stem.objects.bulk_create([Stem(text=text) for text in sorted(set().union(*found.values()))], ignore_conflicts=True)
    pks = dict(Stem.objects.values_list("text", "pk"))
    insert([Occurrence(stem_id=pks[text], listing_id=pk) for pk, texts in found.items() for text in texts])


def _milliseconds(path: str) -> float:
    """The middle of several askings, without the tiles remembered; only the number of all in the heading is remembered, as in life."""
    client, taken = Client(SERVER_NAME="localhost"), []
    client.get(path)
    for _time in range(TIMES):
        _forget_pages()
        since = perf_counter()
        answer = client.get(path)
        taken.append((perf_counter() - since) * 1_000)
        if answer.status_code != 200:
            raise CommandError(f"{path} answered {answer.status_code}.")
    return median(taken)


def _forget_pages() -> None:
    tally = cache.get("exchange.tally:0")
    cache.clear()
    cache.set("exchange.tally:0", tally, 600)


def _writing() -> float:
    one, taken = Listing.objects.select_related("category").order_by("-pk")[0], []
    for number in range(TIMES):
        one.text = f"Ganz neue Worte {number} für diesen Eintrag, gemeinsam und günstig"
        since = perf_counter()
        search.note(one)
        taken.append((perf_counter() - since) * 1_000)
    return median(taken)
