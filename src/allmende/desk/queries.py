"""What lies on the desk, filtered by region and sector, and how long things wait."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import F, Q
from django.db.models.expressions import Combinable

from allmende.commons.models import DataRequest
from allmende.desk.sources import BY_KEY, SOURCES, Area, Row, Source
from allmende.directory.models import Organisation, Place, Term, Tree
from allmende.duplicates.models import Pair
from allmende.people.queries import Viewer
from allmende.stewards.models import Claim
from allmende.suggestions.models import Appeal, Report, Suggestion

FIRST = 5  # rows of each kind on the overview
WINDOW = timedelta(days=90)
MOST = 5_000  # decisions that a median is taken of

# Whose waiting times are told: what was opened when, and decided when.
TIMED: tuple[tuple[str, Any, str], ...] = (
    ("claims", Claim, "opened_at"),
    ("suggestions", Suggestion, "opened_at"),
    ("reports", Report, "opened_at"),
    ("appeals", Appeal, "opened_at"),
    ("duplicates", Pair, "found_at"),
    ("requests", DataRequest, "opened_at"),
)


@dataclass(frozen=True)
class Pile:
    """A kind with how many wait and the first of them."""

    source: Source
    count: int
    rows: list[Row]


@dataclass(frozen=True)
class Wait:
    """How long a kind took: decided in the last 90 days, median and longest in days."""

    label: Any
    decided: int
    median_days: float
    longest_days: float


def area_of(country: str, region: str, sector: str) -> Area:
    """The entries of a region and a sector (with its twigs); None where nothing was chosen."""
    if not country and not sector:
        return None
    wanted = Q()
    if country:
        places = Place.objects.filter(country=country, **({"region": region} if region else {}))
        wanted &= Q(pk__in=places.values("organisation"))
    if sector:
        line = Term.objects.filter(Q(key=sector) | Q(parent__key=sector), tree=Tree.SECTOR).values("pk")
        wanted &= Q(sector__in=line) | Q(pk__in=Organisation.terms.through.objects.filter(term__in=line).values("organisation"))
    return Organisation.objects.filter(wanted)


def piles(viewer: Viewer, area: Area, counted: Iterable[tuple[Source, int]]) -> list[Pile]:
    """The kinds that were counted, each with the first that wait for this viewer."""
    return [Pile(source, count, [source.row(one) for one in source.find(viewer, area)[:FIRST]]) for source, count in counted]


def counts(viewer: Viewer, area: Area) -> list[tuple[Source, int]]:
    """How many of each kind wait; kinds without any are left out."""
    return [(source, count) for source in SOURCES if (count := source.find(viewer, area).count())]


def regions() -> list[tuple[str, str]]:
    """(country, region) in which there are entries, for the filter."""
    rows = Place.objects.exclude(country="").order_by("country", "region").values_list("country", "region").distinct()
    return [(country, region) for country, region in rows]


def sectors() -> list[Term]:
    """The main sectors, for the filter."""
    return list(Term.objects.filter(tree=Tree.SECTOR, parent=None))


def waits(now: datetime) -> list[Wait]:
    """How long things took that were decided in the last 90 days. All of the house, not only what one may decide oneself."""
    found = []
    for key, model, opened in TIMED:
        began: Combinable = F(opened)
        rows = model.objects.filter(decided_at__gte=now - WINDOW, **{f"{opened}__isnull": False})
        spans = list(_days(rows.annotate(began=began).order_by("-decided_at").values_list("began", "decided_at")[:MOST]))
        if spans:
            found.append(Wait(BY_KEY[key].label, len(spans), round(median(spans), 1), round(max(spans), 1)))
    return found


def _days(rows: Iterable[tuple[datetime, datetime]]) -> Iterable[float]:
    for began, decided in rows:
        yield max(0.0, (decided - began).total_seconds() / 86_400)
