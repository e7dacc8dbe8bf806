"""A million invented entries to search in, always the same for the same seed, and how fast the search is among them.

Names are put together from halves of real names, so that words are as frequent as in life; every tenth of the imported rows is an
entry that is there already, written differently. SQLite only: it fills the temporary house of `./allmende bench duplicates`.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any

from django.db import connection, transaction

from allmende.directory.models import Organisation
from allmende.duplicates import labelled
from allmende.duplicates.blocking import keys
from allmende.duplicates.indexing import insert_keys
from allmende.duplicates.lookup import candidates, scan
from allmende.duplicates.models import Sketch
from allmende.duplicates.portraits import Portrait, Site
from allmende.duplicates.rarity import background
from allmende.duplicates.sketches import pack
from allmende.ground.bulk import insert
from allmende.ground.text import slug
from allmende.places.gazetteer import towns

Say = Callable[[str], object]
BATCH = 50_000
IMPORTED = 20_000
ASKED = 300
FORMS = ("eG", "e.V.", "GmbH", "", "", "Limited", "Genossenschaft")
STREETS = "Hauptstraße Bahnhofstraße Gartenweg Kirchplatz Lindenallee Mühlgasse Schulstraße Marktplatz Ringstraße Feldweg".split()


def measure(say: Say, rows: int, folder: Path | None) -> None:
    """Build, ask, print."""
    start = perf_counter()
    chance = random.Random(2026)  # noqa: S311  # repeatable on purpose
    drawn = draw(chance, folder)
    samples = _fill(drawn, rows, chance)
    imported = min(IMPORTED, max(rows // 10, 1))
    _fill(_mixed(drawn, samples, chance), imported, chance, first=rows + 1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    say(f"{rows + imported} entries written and indexed in {perf_counter() - start:.0f} s")
    _ask(say, samples, chance, rows)
    start, worked = perf_counter(), process_time()
    pairs = sum(1 for _pair in scan(range(rows + 1, rows + imported + 1)))
    seconds = perf_counter() - start
    each, worked = 1000 * seconds / imported, process_time() - worked
    say(f"scan of {imported} imported rows against {rows}: {seconds:.1f} s ({each:.1f} ms a row; processor {worked:.1f} s)")
    say(f"  {pairs} pairs worth a look")
    say(f"  {'within' if seconds < 120 else 'ABOVE'} the limit of 2 minutes")


def _ask(say: Say, samples: list[tuple[int, Portrait]], chance: random.Random, rows: int) -> None:
    times, work, first, found = [], [], 0, 0
    asked = chance.sample(samples, min(ASKED, len(samples)))
    candidates(asked[0][1])
    for pk, portrait in asked:
        worn = wear(portrait, chance)
        start, worked = perf_counter(), process_time()
        answer = candidates(worn)
        times.append(1000 * (perf_counter() - start))
        work.append(1000 * (process_time() - worked))
        ids = [one.organisation_id for one in answer]
        first += ids[:1] == [pk]
        found += pk in ids
    p95 = quantiles(times, n=20)[-1]
    cpu = f"processor p50 {median(work):.1f} ms, p95 {quantiles(work, n=20)[-1]:.1f} ms"
    say(f"check of one new entry against {rows}: p50 {median(times):.1f} ms, p95 {p95:.1f} ms, max {max(times):.1f} ms; {cpu}")
    say(f"  {'within' if p95 < 50 else 'ABOVE'} the limit of 50 ms")
    say(f"  the entry meant came first in {first / len(asked):.1%}, among five in {found / len(asked):.1%}")


def draw(chance: random.Random, folder: Path | None) -> Iterator[Portrait]:
    """Endless invented entries."""
    texts = sorted({name for _group, name in labelled.names(folder)}) if folder else []
    words = [word for word in background() if len(word) > 3]
    texts = texts or [" ".join(chance.sample(words, 3)) for _ in range(10_000)]
    every = towns()
    while True:
        town = every.town(chance.randrange(len(every)))
        left, right = chance.choice(texts).split(), chance.choice(texts).split()
        name = " ".join([*left[: 1 + len(left) // 2], *right[len(right) // 2 :]])
        name = f"{name} {town.name}" if chance.random() < 0.3 else name
        name = f"{name} {chance.choice(FORMS)}".strip()[:200]
        key = f"{chance.getrandbits(32):x}"
        yield Portrait(
            name,
            sites=(
                Site(
                    f"{chance.choice(STREETS)} {chance.randrange(1, 120)}", f"{chance.randrange(10_000, 99_999)}", town.name, town.country,
                    town.lat + chance.gauss(0, 0.03), town.lon + chance.gauss(0, 0.04), "exact",
                ),
            ),
            website=f"https://{slug(name, 40)}-{key[:3]}.example" if chance.random() < 0.6 else "",
            email=key if chance.random() < 0.5 else "",
            phone=key[::-1] if chance.random() < 0.5 else "",
        )  # fmt: skip


def wear(portrait: Portrait, chance: random.Random) -> Portrait:
    """The same entry as somebody else writes it: a typing error, another legal form, less known, a little beside."""
    name = portrait.name
    if chance.random() < 0.5 and len(name) > 6:
        at = chance.randrange(1, len(name) - 1)
        name = name[:at] + name[at + 1 :]
    if chance.random() < 0.4:
        name = f"{name.rsplit(' ', 1)[0]} {chance.choice(FORMS)}".strip() if " " in name else name
    [site] = portrait.sites
    site = replace(site, lat=(site.lat or 0) + chance.gauss(0, 0.0005), street=site.street if chance.random() < 0.6 else "")
    kept: Any = {field: getattr(portrait, field) if chance.random() < 0.6 else "" for field in ("website", "email", "phone")}
    return replace(portrait, name=name, sites=(site,), **kept)


def _mixed(drawn: Iterator[Portrait], samples: list[tuple[int, Portrait]], chance: random.Random) -> Iterator[Portrait]:
    while True:
        yield wear(chance.choice(samples)[1], chance) if chance.random() < 0.1 else next(drawn)


def _fill(drawn: Iterator[Portrait], rows: int, chance: random.Random, first: int = 1) -> list[tuple[int, Portrait]]:
    """Write so many entries and give some of them back."""
    samples: list[tuple[int, Portrait]] = []
    _organisations(first, rows)
    for start in range(first, first + rows, BATCH):
        batch = list(enumerate(islice(drawn, min(BATCH, first + rows - start)), start))
        sketches = [Sketch(organisation_id=pk, is_public=True, said=pack(portrait, {})) for pk, portrait in batch]
        with transaction.atomic():
            insert(sketches)
            insert_keys(sorted((key.number, pk) for pk, portrait in batch for key in keys(portrait)))
        samples += chance.sample(batch, min(2_000, len(batch)))
    return samples


def _organisations(first: int, rows: int) -> None:
    """As many rows of entries, all alike: the search looks at the index and asks the table only whether somebody is still there."""
    table, quote = Organisation._meta.db_table, connection.ops.quote_name
    model = Organisation.objects.create(pk=first, name="Beispiel", slug=f"beispiel-{first}")
    columns = [str(one.column) for one in Organisation._meta.concrete_fields]
    own = {"id": "n", "uuid": "printf('%%032x', n)", "slug": "'beispiel-' || n"}
    values = ", ".join(own.get(column, quote(column)) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE numbers(n) AS (SELECT %s UNION ALL SELECT n + 1 FROM numbers WHERE n < %s) "  # noqa: S608  # our own columns
            f"INSERT INTO {table} ({', '.join(map(quote, columns))}) SELECT {values} FROM numbers, {table} WHERE {table}.id = %s",
            [first + 1, first + rows - 1, model.pk],
        )
