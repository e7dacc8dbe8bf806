"""Every question asked of the map. The index holds only what guests may see, so every viewer gets the same answers here.

Filters compile to one inner query over `atlas_entry`; text, nearness and paging are joined around it, so that a page is one
statement and a map is one statement on either database.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil, cos
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection
from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, When
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import get_language

from allmende.atlas import fulltext, questions, vocabulary
from allmende.atlas.models import Entry, Point, Tag, Version
from allmende.atlas.rules import Box, Filters, Near, box_around, columns, unit
from allmende.directory.models import Organisation, Source, Term, Tree
from allmende.directory.rules import MONTH, freshness
from allmende.ground.text import fold, words
from allmende.places import queries as places
from allmende.places.rules import EARTH_KM, distance_km

TAG_FILTERS = ("sector", "activity", "legal_form", "cooperation", "sdg", "country", "source", "network")
COUNTS_KEPT = 600  # seconds
Counted = TypeVar("Counted")


@dataclass
class Found:
    """A page of results. `corrected` is the spelling that was searched instead; `place_unknown` says why nothing is near."""

    total: int
    entries: list[Entry]
    page: int
    per_page: int
    corrected: str | None = None
    place_unknown: bool = False

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, ceil(self.total / self.per_page))


@dataclass(frozen=True)
class Facet:
    """A filter value with its label and how many entries it would leave."""

    key: str
    name: str
    count: int


def version() -> tuple[int, datetime]:
    """The number and moment of the index: what ETag and Last-Modified say."""
    row = Version.objects.values_list("number", "changed_at").first()
    return (row[0], row[1] or datetime(2026, 1, 1, tzinfo=UTC)) if row else (0, datetime(2026, 1, 1, tzinfo=UTC))


def matching(filters: Filters) -> QuerySet[Entry]:
    """All entries that match, in no order, text included (its compounds too)."""
    entries = _filtered(filters)
    question = questions.wide(filters.q, vocabulary.current()) if words(filters.q) else ()
    if question:
        sql, params = fulltext.matches(question)
        entries = entries.filter(organisation_id__in=RawSQL(sql, params))
    elif filters.q:
        entries = entries.none()
    return entries


def _filtered(filters: Filters) -> QuerySet[Entry]:
    """Everything but the text."""
    entries = Entry.objects.all()
    for kind in TAG_FILTERS:
        keys: tuple[str, ...] = getattr(filters, kind)
        if keys:
            entries = entries.filter(organisation_id__in=Tag.objects.filter(kind=kind, key__in=keys).values("entry_id"))
    if filters.licence:
        entries = entries.filter(licence__in=filters.licence)
    if not filters.share_alike:
        entries = entries.filter(share_alike=False)
    if filters.online:
        entries = entries.filter(has_place=False)
    if filters.fresh:
        entries = entries.filter(_fresh(filters.fresh, timezone.now()))
    if filters.bbox:
        entries = entries.filter(Exists(Point.objects.filter(inside(filters.bbox), entry_id=OuterRef("organisation_id"))))
    if filters.near:
        entries = entries.filter(Exists(_points_near(filters.near).filter(entry_id=OuterRef("organisation_id"))))
    if filters.place_unknown:
        entries = entries.none()
    return entries


def _fresh(choice: str, now: datetime) -> Q:
    if choice == "never":
        return Q(confirmed_at__isnull=True)
    if choice == "older":
        return Q(confirmed_at__lt=now - 12 * MONTH)
    return Q(confirmed_at__gte=now - int(choice) * MONTH)


def inside(box: Box) -> Q:
    """Points inside a box; a box across the date line has two halves."""
    halves = Q()
    for x0, x1, y0, y1 in columns(box):
        halves |= Q(x__range=(x0, x1), y__range=(y0, y1))
    return halves


def _points_near(near: Near) -> QuerySet[Point]:
    """Points inside the circle: first by box, which has an index, then by the exact angle."""
    ux, uy, uz = unit(near.lat, near.lon)
    dot = F("ux") * ux + F("uy") * uy + F("uz") * uz
    return Point.objects.filter(inside(box_around(near))).alias(dot=dot).filter(dot__gte=cos(near.km / EARTH_KM))


def search(filters: Filters, *, page: int = 1, per_page: int = 25) -> Found:
    """One page of what matches, best first: words in the name before words in the text, near before far, confirmed before not.

    Where nothing is found, the nearest spelling is tried and named in `corrected`.
    """
    found = _page(filters, page, per_page)
    if found.total == 0 and filters.q and not filters.place_unknown:
        better = questions.corrected(filters.q, vocabulary.current())
        again = _page(filters.but(q=better), page, per_page) if better else None
        if again and again.total:
            again.corrected = better
            found = again
    found.place_unknown = filters.place_unknown
    return found


def _page(filters: Filters, page: int, per_page: int) -> Found:
    asked = questions.exact(filters.q)
    if (filters.q and not asked) or filters.place_unknown:
        return Found(0, [], page, per_page)
    skipped = (page - 1) * per_page
    sql, params = _ordered(filters, asked)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT %s OFFSET %s", [*params, per_page, skipped])
        pks = [row[0] for row in cursor.fetchall()]
    is_last = 0 < len(pks) < per_page or (not pks and page == 1)
    total = skipped + len(pks) if is_last else matching(filters).count()
    by_pk = Entry.objects.in_bulk(pks)
    entries = [by_pk[pk] for pk in pks if pk in by_pk]
    _decorate(entries, filters.near)
    return Found(total, entries, page, per_page)


# Where two are equally good: real before invented, confirmed before not, then by name.
_TIES = "e.is_demo, CASE WHEN e.confirmed_at IS NULL THEN 1 ELSE 0 END, e.sort_name, e.organisation_id"


def _ordered(filters: Filters, asked: fulltext.Question) -> tuple[str, list[Any]]:
    """SQL for the ids of everything that matches, best first."""
    inner, params = (
        _filtered(filters)
        .values("organisation_id", "is_demo", "confirmed_at", "sort_name", "changed_at")
        .order_by()
        .query.sql_with_params()
    )
    joins, order, all_params = "", [], []
    if asked:
        text, text_params = _scored(filters.q, asked)
        joins += f" JOIN ({text}) t ON t.id = e.organisation_id"
        order.append("t.score")
        all_params += text_params
    if filters.near:
        ux, uy, uz = unit(filters.near.lat, filters.near.lon)
        parts = columns(box_around(filters.near))
        around = " OR ".join(["x BETWEEN %s AND %s AND y BETWEEN %s AND %s"] * len(parts))
        joins += f" JOIN (SELECT entry_id, MAX(ux * %s + uy * %s + uz * %s) AS dot FROM atlas_point WHERE {around} GROUP BY entry_id) n"
        joins += " ON n.entry_id = e.organisation_id"
        order.insert(0 if filters.sort == "near" or not asked else 1, "n.dot DESC")
        all_params += [ux, uy, uz, *(edge for part in parts for edge in part)]
    if filters.sort == "name":
        order = ["e.sort_name"]
    elif filters.sort == "new":
        order = ["e.changed_at DESC"]
    by = ", ".join([*order, _TIES])
    return f"SELECT e.organisation_id FROM ({inner}) AS e{joins} ORDER BY {by}", [*params, *all_params]


def _scored(q: str, asked: fulltext.Question) -> tuple[str, list[Any]]:
    """SQL for (id, score): the words themselves first, then compounds that hold them."""
    exact, params = fulltext.ranked(asked)
    wider = questions.wide(q, vocabulary.current())
    if wider == asked:
        return exact, params
    wide, wide_params = fulltext.ranked(wider)
    return f"SELECT id, MIN(score) AS score FROM ({exact} UNION ALL SELECT id, score + 1000 FROM ({wide}) w) AS both_kinds GROUP BY id", [
        *params,
        *wide_params,
    ]


def _decorate(entries: Sequence[Entry], near: Near | None) -> None:
    """Give each entry its freshness level and, where asked, its distance."""
    now = timezone.now()
    for entry in entries:
        entry.freshness = freshness(entry.confirmed_at, now)
        entry.distance_km = None
    if near:
        nearest: dict[int, float] = {}
        for pk, lat, lon in Point.objects.filter(entry_id__in=[entry.pk for entry in entries]).values_list("entry_id", "lat", "lon"):
            nearest[pk] = min(nearest.get(pk, 1e9), distance_km(near.lat, near.lon, lat, lon))
        for entry in entries:
            entry.distance_km = nearest.get(entry.pk)


def points_of(entries: Sequence[Entry]) -> dict[int, list[tuple[float, float]]]:
    """Where these entries are: id to (lat, lon), the seat first."""
    points: dict[int, list[tuple[float, float]]] = defaultdict(list)
    rows = Point.objects.filter(entry_id__in=[entry.pk for entry in entries]).order_by("-is_seat", "pk")
    for pk, lat, lon in rows.values_list("entry_id", "lat", "lon"):
        points[pk].append((round(lat, 5), round(lon, 5)))
    return points


def extent(filters: Filters) -> Box | None:
    """The box that holds all points of what matches; None if there are none."""
    row = Point.objects.filter(entry_id__in=matching(filters).values("organisation_id")).aggregate(
        west=Min("lon"), south=Min("lat"), east=Max("lon"), north=Max("lat")
    )
    return Box(**row) if row["west"] is not None else None


def remembered(what: str, filters: Filters, count: Callable[[], Counted]) -> Counted:
    """What was counted under these filters, kept for ten minutes or until the index changes."""
    key = what + hashlib.sha256(repr((version(), get_language(), filters)).encode()).hexdigest()
    held: Counted | None = cache.get(key)
    if held is None:
        held = count()
        cache.set(key, held, COUNTS_KEPT)
    return held


def facets(filters: Filters) -> dict[str, list[Facet]]:
    """For each filter its values with the number of entries each would leave under the other filters; zero is left out."""
    return remembered("facets", filters, lambda: _facets(filters, get_language() or "de"))


def _facets(filters: Filters, language: str) -> dict[str, list[Facet]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, key, n in _tag_counts(filters):
        counts[kind][key] = n
    for name in TAG_FILTERS:
        if getattr(filters, name):
            counts[name] = Counter({key: n for kind, key, n in _tag_counts(filters.but(**{name: ()})) if kind == name})
    licences = matching(filters.but(licence=())).exclude(licence="").values_list("licence").annotate(n=Count("pk")).order_by()
    counts["licence"] = Counter(dict(licences))
    return {name: _labelled(name, counts[name], language) for name in (*TAG_FILTERS, "licence", "region")}


def _tag_counts(filters: Filters) -> list[tuple[str, str, int]]:
    tags = Tag.objects.all()
    if not filters.but(sort="").is_empty:
        tags = tags.filter(entry_id__in=matching(filters).values("organisation_id"))
    return list(tags.order_by().values_list("kind", "key").annotate(n=Count("pk")))


def _labelled(name: str, counts: Counter[str], language: str) -> list[Facet]:
    """Facets with labels: taxonomy in its own order, all else by number."""
    if name in Tree.values:
        return [Facet(term.key, term.name, counts[term.key]) for term in Term.objects.filter(tree=name) if counts[term.key]]
    names: dict[str, str] = {}
    if name == "country":
        names = {key: places.country_name(key, language) for key in counts}
    elif name == "source":
        names = dict(Source.objects.values_list("key", "name"))
    elif name == "network":
        names = dict(Organisation.objects.filter(slug__in=list(counts)).values_list("slug", "name"))
    elif name == "region":
        names = {key: key.split(":", 1)[1] for key in counts}
    return [Facet(key, names.get(key) or key, n) for key, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def suggest(q: str, limit: int = 8) -> list[dict[str, str]]:
    """What somebody may mean while typing: organisations by name, places, sectors. Each with a label and where it leads."""
    if not words(q):
        return []
    found = [*_suggested_terms(q), *_suggested_organisations(q, limit), *_suggested_places(q)]
    return found[:limit]


def _suggested_organisations(q: str, limit: int) -> list[dict[str, str]]:
    sql, params = fulltext.matches(questions.typed(q), names_only=True)
    entries = Entry.objects.filter(organisation_id__in=RawSQL(sql, params))
    starts = Q(sort_name__startswith=fold(q))
    best = entries.annotate(behind=Case(When(starts, then=0), default=1)).order_by("behind", "sort_name", "pk")[: limit - 2]
    return [{"type": "organisation", "label": one.name, "detail": one.town, "slug": one.slug} for one in best]


def _suggested_terms(q: str) -> list[dict[str, str]]:
    beginning = fold(q).strip()
    terms = (term for term in Term.objects.filter(tree__in=(Tree.SECTOR, Tree.COOPERATION)) if _begins(term, beginning))
    return [{"type": term.tree, "label": term.name, "detail": str(Tree(term.tree).label), "key": term.key} for term in terms][:2]


def _begins(term: Term, beginning: str) -> bool:
    return len(beginning) >= 3 and any(fold(name).startswith(beginning) for name in (term.name_de, term.name_en, *term.synonyms))


def _suggested_places(q: str) -> list[dict[str, str]]:
    language = get_language() or "de"
    towns = places.suggest_places(q, 2) if len(q.strip()) >= 2 else []
    return [{"type": "place", "label": town.name, "detail": places.country_name(town.country, language)} for town in towns]
