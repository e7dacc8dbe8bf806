"""Every question about offers and needs. Each begins at what the viewer may see."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from math import cos, radians
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import F, FloatField, QuerySet, Value, prefetch_related_objects
from django.db.models.expressions import Combinable, ExpressionWrapper
from django.http import QueryDict
from django.utils import timezone
from django.utils.http import urlencode

from allmende.directory.models import Organisation, Term, Tree
from allmende.exchange import access, rules, search
from allmende.exchange.models import Direction, Listing, State, Terms
from allmende.ground.text import clean
from allmende.people.models import Person
from allmende.people.queries import GUEST, Viewer
from allmende.people.subjects import MAX_NUMBER
from allmende.places.queries import Guess, find_place, tile_template

PER_PAGE = 25
CEILING = 1_000  # what is counted and shown; whoever has more before them wants filters
KM_A_DEGREE = 111.195
RADII = (10, 25, 50, 100, 250)
SORTS = ("", "ending", "near")
COUNTS_KEPT = 600  # seconds
A_HELPING = 100


@dataclass(frozen=True)
class Filters:
    """What somebody looks for among offers and needs. What makes no sense in an address is left out."""

    q: str = ""
    direction: str = ""
    category: str = ""
    terms: str = ""
    remote: bool = False
    place: str = ""
    radius: int = 50
    organisation: str = ""
    past: bool = False
    sort: str = ""
    box: tuple[float, float, float, float] | None = None  # west, south, east, north: what one heap of the map holds
    near: Guess | None = field(default=None, compare=False)

    def but(self, **changes: Any) -> "Filters":
        """The same with changes."""
        return replace(self, **changes)

    @property
    def is_place_unknown(self) -> bool:
        """Whether a place was asked for that nobody here knows."""
        return bool(self.place) and self.near is None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filtered."""
        return not self.to_query(sort="")

    def to_query(self, **changes: Any) -> str:
        """As it stands in an address, without what is usual anyway."""
        said = {
            "q": self.q,
            "direction": self.direction,
            "category": self.category,
            "terms": self.terms,
            "remote": "1" if self.remote else "",
            "place": self.place,
            "radius": str(self.radius) if self.place and self.radius != 50 else "",
            "organisation": self.organisation,
            "state": "past" if self.past else "",
            "sort": self.sort,
            "bbox": ",".join(f"{edge:.5f}" for edge in self.box) if self.box else "",
        } | changes
        return urlencode({name: value for name, value in said.items() if value})


def read(params: QueryDict) -> Filters:
    """Filters from an address; what nobody sees is left out, because feeds tell what was looked for."""
    sort, place = params.get("sort", ""), _line(params, "place", 120)
    near = find_place(place) if place else None
    return Filters(
        q=_line(params, "q", 200),
        direction=_one_of(params.get("direction", ""), Direction.values),
        category=_line(params, "category", 60),
        terms=_one_of(params.get("terms", ""), Terms.values),
        remote=params.get("remote") == "1",
        place=place,
        radius=int(_one_of(params.get("radius", ""), [str(km) for km in RADII]) or 50),
        organisation=_line(params, "organisation", 100),
        past=params.get("state") == "past",
        sort=sort if sort in SORTS and (sort != "near" or near) else "",
        box=_box(params.get("bbox", "")),
        near=near,
    )


def _line(params: QueryDict, name: str, limit: int) -> str:
    return " ".join(clean(params.get(name, "")[: 4 * limit]).split())[:limit]


def _one_of(said: str, allowed: list[str]) -> str:
    return said if said in allowed else ""


def _box(text: str) -> tuple[float, float, float, float] | None:
    try:
        west, south, east, north = (float(part) for part in text[:100].split(","))
    except ValueError:
        return None
    is_good = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    return (west, south, east, north) if is_good else None


# ------------------------------------------------------------------------------------------------------------- the list


def listings(viewer: Viewer, filters: Filters) -> QuerySet[Listing]:
    """What matches, in the order asked for."""
    found = access.listings_visible_to(viewer).filter(state__in=rules.PAST) if filters.past else access.open_listings_visible_to(viewer)
    if filters.is_place_unknown:
        return found.none()
    found = search.matching(_plainly(found, filters), filters.q)
    if filters.near:
        found = _around(found, filters.near, filters.radius)
    if filters.sort == "near":
        return found.order_by("away", "-opened_at", "-pk")  # type: ignore[misc]  # of _around
    return found.order_by("until", "-pk") if filters.sort == "ending" else found.order_by("-opened_at", "-pk")


def _plainly(found: QuerySet[Listing], filters: Filters) -> QuerySet[Listing]:
    if filters.direction:
        found = found.filter(direction=filters.direction)
    if filters.category:
        found = found.filter(category__in=_with_narrower(filters.category))
    if filters.terms:
        found = found.filter(terms=filters.terms)
    if filters.remote:
        found = found.filter(is_remote=True)
    if filters.organisation:
        found = found.filter(organisation__in=list(Organisation.objects.filter(slug=filters.organisation).values_list("pk", flat=True)))
    if filters.box:
        west, south, east, north = filters.box
        found = found.filter(lat__range=(south, north), lon__range=(west, east))
    return found


def _with_narrower(key: str) -> list[int]:
    """The category and those below it."""
    terms = list(Term.objects.filter(tree=Tree.EXCHANGE))
    head = next((term.pk for term in terms if term.key == key), None)
    return [term.pk for term in terms if head is not None and head in (term.pk, term.parent_id)]


def _around(found: QuerySet[Listing], place: Guess, km: int) -> QuerySet[Listing]:
    """Those within so many kilometres, with the square of the distance; on a plane, which is exact enough for some hundred kilometres."""
    high = km / KM_A_DEGREE
    shrink = max(cos(radians(place.lat)), 0.05)
    wide = high / shrink
    north = _squared((F("lat") - Value(place.lat)) * Value(KM_A_DEGREE))
    east = _squared((F("lon") - Value(place.lon)) * Value(KM_A_DEGREE * shrink))
    near = found.filter(lat__range=(place.lat - high, place.lat + high), lon__range=(place.lon - wide, place.lon + wide))
    near = near.alias(away=ExpressionWrapper(north + east, output_field=FloatField()))
    return near.filter(away__lte=float(km * km))


def _squared(part: Combinable) -> Combinable:
    return ExpressionWrapper(part * part, output_field=FloatField())


class Pages(Paginator[Listing]):
    """Pages of what was found, counted up to a ceiling: whoever has a thousand before them needs filters, not their exact number."""

    @cached_property
    def count(self) -> int:
        """How many, at most the ceiling."""
        found: QuerySet[Listing] = self.object_list  # type: ignore[assignment]  # always one: see `pages`
        return found.order_by()[:CEILING].count()

    @property
    def is_cut(self) -> bool:
        """Whether there are more than are counted."""
        return self.count >= CEILING


def pages(viewer: Viewer, filters: Filters) -> Pages:
    """The pages of the list, each row with what it shows."""
    return Pages(shown(listings(viewer, filters)), PER_PAGE)


def shown(found: QuerySet[Listing]) -> QuerySet[Listing]:
    """With all that a row or a page of its own shows, in one statement."""
    return found.select_related("organisation", "category")


def with_goals(found: Iterable[Listing]) -> list[Listing]:
    """The same with their goals, for what is told of many at once."""
    rows = list(found)
    prefetch_related_objects(rows, "sdgs")
    return rows


@dataclass(frozen=True)
class Tally:
    """How many offers and needs are open."""

    offers: int
    needs: int


def tally(viewer: Viewer) -> Tally:
    """Open offers and needs this viewer sees; where these are many, remembered for ten minutes, for guests and for each person."""
    key = f"exchange.tally:{viewer.pk if isinstance(viewer, Person) else 0}"
    found: Tally | None = cache.get(key)
    if found is None:
        found = _tally(viewer)
        if found.offers + found.needs > CEILING:
            cache.set(key, found, COUNTS_KEPT)
    return found


def _tally(viewer: Viewer) -> Tally:
    seen = access.open_listings_visible_to(viewer).order_by()
    offers, needs = (seen.filter(direction=direction).count() for direction in (Direction.OFFER, Direction.NEED))
    return Tally(offers, needs)


def after(number: int, filters: Filters) -> list[Listing]:
    """For programs: what guests see, by number, those after this one; whoever goes on with the last of them gets everything."""
    found = shown(listings(GUEST, filters.but(sort="", past=False))).filter(pk__gt=number)
    return with_goals(found.order_by("pk")[: A_HELPING + 1])


def basemap() -> dict[str, str]:
    """The basemap of the house, as the map element is told of it."""
    return {"tiles": tile_template(), "style": settings.MAP_STYLE, "tile_url": settings.TILE_URL, "tile_credit": settings.TILE_CREDIT}


# ----------------------------------------------------------------------------------------------------------- single ones


def listing(viewer: Viewer, pk: int) -> Listing | None:
    """One listing with what its page shows, if this viewer may see it."""
    if not 0 < pk <= MAX_NUMBER:
        return None
    found = access.listings_visible_to(viewer).filter(pk=pk)
    return found.select_related("organisation", "category__parent").prefetch_related("sdgs").first()


def open_of(viewer: Viewer, organisation: Organisation) -> QuerySet[Listing]:
    """What an organisation offers and needs today, as far as this viewer sees it."""
    return shown(access.open_listings_visible_to(viewer).filter(organisation=organisation))


def own(viewer: Viewer) -> QuerySet[Listing]:
    """What this viewer may change, in all states, newest first."""
    return shown(access.listings_of(viewer)).order_by("-changed_at", "-pk")


def ending_soon(viewer: Viewer) -> QuerySet[Listing]:
    """One's own open listings that end within a week."""
    today = timezone.localdate()
    return shown(access.listings_of(viewer)).filter(state=State.OPEN, until__range=(today, today + timedelta(days=7))).order_by("until")


def newest(viewer: Viewer, most: int) -> list[Listing]:
    """The newest open ones."""
    return list(shown(access.open_listings_visible_to(viewer)).order_by("-opened_at", "-pk")[:most])
