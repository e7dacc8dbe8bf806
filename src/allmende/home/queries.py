"""What the start page asks: the landscape in a few numbers, and where most of it lies. Counted from the public index only."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import floor, log2

from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import override

from allmende.atlas import queries as atlas
from allmende.atlas.clusters import clusters
from allmende.atlas.models import Entry
from allmende.atlas.rules import Box, Filters
from allmende.directory.models import Organisation, Source, Term, Tree
from allmende.directory.rules import freshness
from allmende.exchange.access import open_listings_visible_to
from allmende.people.queries import GUEST
from allmende.projects.access import projects_visible_to

NEWEST = 5
LOOKED_THROUGH = 500  # entries, to find the newest real ones among those invented
WORLD = Box(-180, -85, 180, 85)
FROM_AFAR = 4  # zoom at which the picture of the network looks for where most places lie
MOST_PLACES = 0.7  # the picture shows at least this part of them; far ones would make all others a dot


@dataclass(frozen=True)
class Sector:
    """An uppermost sector with the number of entries in it."""

    key: str
    name: str
    count: int


@dataclass
class Newest:
    """An entry that came lately, and when."""

    entry: Entry
    since: datetime | None


@dataclass
class Landscape:
    """The numbers of the start page. `from_demo` were written for the demo network, `invented` of them are not real."""

    version: int
    organisations: int
    confirmed: int
    countries: int
    sources: int
    sectors: list[Sector]
    newest: list[Newest]
    from_demo: int
    invented: int
    invented_confirmed: int
    counted_at: datetime

    @property
    def real_in_demo(self) -> int:
        """Entries about existing organisations that the demo network brought along."""
        return max(0, self.from_demo - self.invented)

    @property
    def is_only_confirmed_in_play(self) -> bool:
        """All confirmations are those of invented entries: then the page says so."""
        return 0 < self.confirmed == self.invented_confirmed


def landscape() -> Landscape:
    """The numbers as of now, from memory where that is recent enough; `counted_at` says when."""
    return atlas.remembered("landscape", Filters(), _counted)


def _counted() -> Landscape:
    all_tags, lately = atlas.tag_counts(Filters()), Filters(fresh="6")
    tags: dict[str, Counter[str]] = defaultdict(Counter, all_tags)
    now = timezone.now()
    demo = Source.objects.filter(is_demo=True).values_list("key", flat=True)
    return Landscape(
        version=atlas.version()[0],
        organisations=atlas.count(Filters()),
        confirmed=atlas.count(lately),
        countries=len(tags["country"]),
        sources=len(tags["source"]),
        sectors=_sectors(tags["sector"]),
        newest=_newest(now),
        from_demo=sum(tags["source"][key] for key in demo),
        invented=tags["demo"]["1"],
        invented_confirmed=atlas.tag_counts(lately, ("demo",)).get("demo", Counter())["1"],
        counted_at=now,
    )


def _sectors(counts: Counter[str]) -> list[Sector]:
    """The uppermost sectors that hold anything, the fullest first."""
    terms = Term.objects.filter(tree=Tree.SECTOR, parent=None)
    found = [Sector(term.key, term.name, counts[term.key]) for term in terms if counts[term.key]]
    return sorted(found, key=lambda sector: (-sector.count, sector.name))


def _newest(now: datetime) -> list[Newest]:
    """The last real ones that were entered. Keys grow with time, so the youngest has the greatest; invented ones are no news."""
    youngest = Entry.objects.order_by("-organisation_id").values("organisation_id")[:LOOKED_THROUGH]
    real = Entry.objects.filter(organisation_id__in=youngest, is_demo=False).order_by("-organisation_id")
    entries = list(real.defer("tags", "spots", "words")[:NEWEST])
    since = dict(Organisation.objects.filter(pk__in=[entry.pk for entry in entries]).values_list("pk", "created_at"))
    for entry in entries:
        entry.freshness = freshness(entry.confirmed_at, now)
    return [Newest(entry, since.get(entry.pk)) for entry in entries]


def heartland() -> Box | None:
    """The box around most places; None where nothing has a place."""
    piles = clusters(Filters(), WORLD, FROM_AFAR)
    wanted, held, boxes = MOST_PLACES * sum(pile.count for pile in piles), 0, []
    for pile in piles:
        if held >= wanted:
            break
        held += pile.count
        boxes.append(pile.box)
    if not boxes:
        return None
    return Box(
        min(box.west for box in boxes), min(box.south for box in boxes), max(box.east for box in boxes), max(box.north for box in boxes)
    )


def network(box: Box, width: int) -> list[tuple[float, float, int]]:
    """Latitude, longitude and number of what lies in and around the box, piled for a picture of so many pixels."""
    across, up = (box.east - box.west) * 0.6, (box.north - box.south) * 0.6
    wide = Box(max(-180, box.west - across), max(-85, box.south - up), min(180, box.east + across), min(85, box.north + up))
    degrees = max(0.5, 1.35 * (box.east - box.west))
    zoom = max(0, min(12, floor(log2(width * 360 / (256 * degrees)))))
    return [(pile.lat, pile.lon, pile.count) for pile in clusters(Filters(), wide, zoom)]


def published(part: int, per_part: int) -> list[tuple[str, datetime]]:
    """Address words and dates of one part of all public entries, oldest first; parts begin at 1."""
    firsts = atlas.remembered(f"sitemap{per_part}", Filters(), lambda: atlas.matching_ids(Filters())[::per_part].tolist())
    if not 1 <= part <= len(firsts):
        return []
    rows = Entry.objects.filter(organisation_id__gte=firsts[part - 1])
    if part < len(firsts):
        rows = rows.filter(organisation_id__lt=firsts[part])
    return list(rows.order_by("organisation_id").values_list("slug", "changed_at"))


def in_the_exchange(most: int) -> Iterator[tuple[str, datetime]]:
    """German addresses and dates of offers, needs and projects that guests can see, the newest first, so many of each."""
    with override("de"):
        for things in (open_listings_visible_to(GUEST), projects_visible_to(GUEST)):
            for thing in things.order_by("-changed_at", "-pk")[:most]:
                yield thing.get_absolute_url(), thing.changed_at


def number_published() -> int:
    """How many entries guests can see."""
    return atlas.count(Filters())


def database_answers() -> bool:
    """Whether the database answers the simplest question."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() is not None
    except DatabaseError:
        return False
