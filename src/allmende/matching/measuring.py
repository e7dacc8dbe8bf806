"""How good and how fast matching is, for `./allmende bench matching`.

Invented listings are put together from the titles, texts and keywords of the labelled ones for development, drawn with a seed, so that
words are as common as in life and every run measures the same.
"""

import json
import random
import resource
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from statistics import median, quantiles
from typing import Any

from django.utils import timezone

from allmende.directory import taxonomy
from allmende.directory.models import Organisation, Term, Tree
from allmende.exchange.models import Listing
from allmende.ground.text import slug
from allmende.matching import actions, index, queries, rules
from allmende.matching.labelled import Half, quality
from allmende.matching.words import DATA
from allmende.people.queries import GUEST

Say = Callable[[str], object]
SEED = 7
CHUNK = 1_000
PER_ORGANISATION = 10
ASKED = 200
LIMIT_MS, LIMIT_ALL_S, RECALL = 100.0, 300.0, 0.85
ALL = 20_000


def figures(say: Say) -> None:
    """Print recall at five of both labelled halves, and how many of the words named as reasons stand in both texts."""
    say("MATCHING, QUALITY (labelled needs and offers; weights were chosen while looking at `development`, `kept` is for measuring only)")
    say(f"{'half':<13}{'needs':>7}{'offers':>8}{'pairs':>7}{'recall@5':>10}{'@10':>7}{'traps first':>14}{'words named':>13}{'untrue':>8}")
    halves: tuple[Half, ...] = ("development", "kept")
    for half in halves:
        found = quality(half)
        say(
            f"{half:<13}{found.needs:>7}{found.offers:>8}{found.pairs:>7}{found.recall:>10.3f}{found.at_ten / found.pairs:>7.3f}"
            f"{f'{found.trapped} of {found.traps}':>14}{found.named:>13}{found.untrue:>8}"
        )
    say(f"asked for: recall@5 of at least {RECALL}, no reason untrue")


def fill(rows: int) -> float:
    """Write so many open listings of invented organisations; seconds."""
    start, chance = time.perf_counter(), random.Random(SEED + rows)  # noqa: S311 - invented data
    taxonomy.ensure()
    said = json.loads((DATA / "labelled_development.json").read_text(encoding="utf-8"))["listings"]
    terms = {term.key: term for term in Term.objects.filter(tree=Tree.EXCHANGE)}
    organisations = _organisations(max(20, rows // PER_ORGANISATION))
    for first in range(0, rows, CHUNK):
        made = [_listing(chance, said, terms, organisations, first + number) for number in range(min(CHUNK, rows - first))]
        actions.draw([listing.pk for listing in Listing.objects.bulk_create(made)])
    return time.perf_counter() - start


def _organisations(count: int) -> list[Organisation]:
    made = [Organisation(name=f"Invented {number} eG", slug=slug(f"invented-{count}-{number}"), is_demo=True) for number in range(count)]
    Organisation.objects.bulk_create(made, batch_size=CHUNK)
    return made


def _listing(chance: random.Random, said: list[dict[str, Any]], terms: dict[str, Term], all_: list[Organisation], number: int) -> Listing:
    one = chance.choice(said)
    more = " ".join(chance.choice(said)["text"].split(". ")[0] for _sentence in range(chance.randrange(3)))
    now = timezone.now()
    return Listing(
        organisation=chance.choice(all_), direction=one["direction"], title=one["title"], text=f"{one['text']} {more}", tags=one["tags"],
        category=terms[one["category"]], is_remote=chance.random() < 0.3, lat=chance.uniform(47, 55), lon=chance.uniform(6, 15),
        radius=chance.choice((20, 50, 100, 200)), terms="gift", state="open", until=now.date() + timedelta(days=90),
        opened_at=now - timedelta(seconds=number), is_demo=True,
    )  # fmt: skip


def speed(say: Say, rows: int) -> None:
    """Print how long a new listing takes to be drawn and matched against all that are open, and what memory holds."""
    listings = list(Listing.objects.select_related("organisation", "category").prefetch_related("chosen").order_by("pk")[:ASKED])
    start = time.perf_counter()
    index.forget()
    held = index.current()
    say(f"index read: {time.perf_counter() - start:.1f} s, {len(held.large.ids)} open listings, {_resident():.0f} MB resident")
    _line(say, "portrait drawn and written", [_timed(partial(actions.draw, [one.pk])) for one in listings])
    queries.matches(listings[0], GUEST)
    _line(say, f"matched against {rows} open", [_timed(partial(queries.matches, one, GUEST)) for one in listings], LIMIT_MS)


def exactly_all(say: Say) -> None:
    """Print how long all good matches of every listing there is take, exactly scored, as the notices of the day work them out."""
    start, found, today = time.perf_counter(), 0, timezone.localdate()
    rows = list(Listing.objects.select_related("organisation", "category").order_by("pk"))
    for listing in rows:
        found += len(queries.good_matches(listing, today=today))
    seconds = time.perf_counter() - start
    said = f"{found} from {rules.GOOD:.0f} points on"
    say(f"good matches of {len(rows)} listings: {seconds:.0f} s, {seconds / LIMIT_ALL_S:.2f} of the {LIMIT_ALL_S:.0f} allowed; {said}")


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def _line(say: Say, name: str, times: list[float], limit: float | None = None) -> None:
    p95 = quantiles(times, n=20)[-1]
    said = f", {p95 / limit:.2f} of the limit of {limit:.0f} ms" if limit else ""
    say(f"{name:<32} p50 {median(times):7.1f}  p95 {p95:7.1f}  max {max(times):7.1f} ms{said}")


def _resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
