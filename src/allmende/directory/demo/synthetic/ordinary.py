"""Invented organisations in any number, always the same for the same seed: for measuring, never for showing.

Towns are drawn by population, so that they cluster as real ones do; names and texts are put together from word lists in German and
English. Everything is marked as demo.
"""

import csv
import gzip
import random
from bisect import bisect
from collections.abc import Iterator
from datetime import timedelta
from itertools import accumulate, islice
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from allmende.directory import taxonomy
from allmende.directory.models import Confirmation, Organisation, Place, Term, Tree
from allmende.ground import trail
from allmende.people.queries import service
from allmende.places import data as gazetteer

BATCH = 1_000
FIRST = "Neue Grüne Freie Offene Gemeinsame Vereinte Junge Stille Helle Weite Bunte Solidarische".split()
WHAT = (
    "Energie Wohnen Hosting Bäckerei Solar Nahwärme Lastenrad Dorfladen Kaffee Brauerei Pflege Werkstatt Verlag Druckerei Software "
    "Daten Bank Ernte Acker Molkerei Weingut Schule Theater Kino Hebammen Reinigung Taxi Carsharing Baugruppe Mietshaus Imkerei Mosterei"
).split()
FORMS = ("eG", "Genossenschaft", "Kooperative", "Co-operative Ltd", "Verbund eG")
TEXTS = (
    "Mitglieder betreiben hier gemeinsam {what} in {town} und Umgebung.",
    "Eine Genossenschaft für {what}, getragen von Beschäftigten und Kundschaft in {town}.",
    "A member-owned enterprise for {what} in {town}, open to new members.",
    "Gemeinschaftlich organisiert: {what}, Beratung und Räume für die Nachbarschaft in {town}.",
)


def load(rows: int, seed: int = 2026) -> int:
    """Write `rows` invented organisations with one place each and index them; returns how many were written."""
    taxonomy.ensure()
    drawn = _draw(random.Random(seed))  # noqa: S311  # repeatable on purpose, no secret
    by = service("synthetic")
    for start in range(0, rows, BATCH):
        batch = list(islice(drawn, min(BATCH, rows - start)))
        with transaction.atomic():
            pks = _write(batch, start)
            trail.record("directory.organisations_changed", by=by, organisations=pks)
    return rows


Row = tuple[str, str, dict[str, str], float, float, int, int | None]


def _draw(chance: random.Random) -> Iterator[Row]:
    """Endless rows: name, text, town, lat, lon, which term, days since the last confirmation."""
    with gzip.open(Path(gazetteer.__path__[0]) / "towns.tsv.gz", "rt", encoding="utf-8") as file:
        towns = [
            town
            for town in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if town["country"] in {"DE", "AT", "CH", "FR", "IT", "ES", "GB"}
        ]
    heights = list(accumulate(int(town["population"]) + 500 for town in towns))
    while True:
        town = towns[bisect(heights, chance.random() * heights[-1])]
        what = chance.choice(WHAT)
        name = f"{chance.choice(FIRST)} {what} {town['name']} {chance.choice(FORMS)}"
        lat, lon = float(town["lat"]) + chance.gauss(0, 0.03), float(town["lon"]) + chance.gauss(0, 0.04)
        days = chance.choice((None, None, 20, 150, 300, 700))
        yield name, chance.choice(TEXTS).format(what=what, town=town["name"]), town, lat, lon, chance.randrange(10_000), days


def _write(batch: list[Row], start: int) -> list[int]:
    sectors = list(Term.objects.filter(tree=Tree.SECTOR, parent=None))
    forms = list(Term.objects.filter(tree=Tree.LEGAL_FORM))
    made = [
        Organisation(
            slug=f"synthetisch-{start + number}", name=row[0][:200], summary=row[1][:300], is_demo=True,
            sector=sectors[row[5] % len(sectors)], legal_form=forms[row[5] % len(forms)],
        )
        for number, row in enumerate(batch)
    ]  # fmt: skip
    Organisation.objects.bulk_create(made)
    Organisation.terms.through.objects.bulk_create(
        [Organisation.terms.through(organisation_id=item.pk, term_id=item.sector_id) for item in made]
    )
    Place.objects.bulk_create(
        Place(organisation=item, town=row[2]["name"], country=row[2]["country"], lat=row[3], lon=row[4], precision="town", is_seat=True)
        for item, row in zip(made, batch, strict=True)
    )
    now = timezone.now()
    Confirmation.objects.bulk_create(
        Confirmation(organisation=item, at=now - timedelta(days=row[6]))
        for item, row in zip(made, batch, strict=True)
        if row[6] is not None
    )
    return [item.pk for item in made]
