"""How fresh the map is: counted today, kept for every day, drawn by month.

Counted is what everybody sees, so the numbers are public. Entries nobody has confirmed are counted without being read.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.cache import cache
from django.db.models import Count, Max, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from allmende.directory.models import Confirmation, Organisation, Place, State, Term, Tree
from allmende.directory.rules import Freshness, freshness
from allmende.freshness import rules
from allmende.freshness.models import Question, Snapshot
from allmende.places.queries import country_name

REMEMBERED = 600  # seconds the counts of a large directory are kept
MONTHS = 24
LEVELS = (Freshness.THREE_MONTHS, Freshness.SIX_MONTHS, Freshness.TWELVE_MONTHS, Freshness.OLDER, Freshness.NEVER)
FIELDS = {
    Freshness.NEVER: "never",
    Freshness.OLDER: "older",
    Freshness.TWELVE_MONTHS: "twelve",
    Freshness.SIX_MONTHS: "six",
    Freshness.THREE_MONTHS: "three",
}


@dataclass(frozen=True)
class Part:
    """The entries of one sector or place: how many in all, confirmed within a year, longer ago, never."""

    key: str
    total: int
    older: int
    never: int

    @property
    def within(self) -> int:
        """Confirmed within a year."""
        return self.total - self.older - self.never


@dataclass(frozen=True)
class Counted:
    """The public entries of a moment by age of their last confirmation, by sector, country and region."""

    levels: dict[Freshness, int]
    kept: int
    asked: int
    answered: int
    sectors: list[Part]
    countries: list[Part]
    regions: list[Part]

    @property
    def total(self) -> int:
        """All public entries."""
        return sum(self.levels.values())

    @property
    def within(self) -> int:
        """Confirmed within a year by those who look after them."""
        return self.total - self.levels[Freshness.OLDER] - self.levels[Freshness.NEVER]


def counted(now: datetime) -> Counted:
    """As `count`, remembered for ten minutes."""
    found: Counted = cache.get_or_set("freshness:counted", lambda: count(now), REMEMBERED)  # type: ignore[assignment]
    return found


def count(now: datetime) -> Counted:
    """All numbers of the page, in a fixed number of queries; only confirmed entries are read one by one."""
    public = Organisation.objects.filter(state=State.PUBLISHED)
    newest = dict(_newest())
    ages = {pk: freshness(at, now) for pk, at in newest.items()}
    levels = Counter(ages.values())
    levels[Freshness.NEVER] = public.count() - len(ages)
    kept = Q(stewardships__until=None, stewardships__role__in=("owner", "editor"))
    asked = Question.objects.filter(asked_at__gt=now - rules.ASK_AFTER).order_by()
    rounds = asked.values("organisation", "round_on")
    countries, regions = _by_place(ages)
    return Counted(
        levels={level: levels[level] for level in LEVELS},
        kept=public.filter(kept).distinct().count(),
        asked=rounds.distinct().count(),
        answered=rounds.filter(answer__in=("confirmed", "edited", "gone", "overtaken")).distinct().count(),
        sectors=_by_sector(ages),
        countries=countries,
        regions=regions,
    )


def _newest() -> Iterable[tuple[int, datetime]]:
    public = Confirmation.objects.filter(organisation__state=State.PUBLISHED).order_by()
    return public.values_list("organisation").annotate(at=Max("at")).iterator(chunk_size=2_000)


def _parts(totals: dict[str, int], ages: Iterable[tuple[str, Freshness]]) -> list[Part]:
    """Parts with the most entries first; what is not confirmed at all makes up the rest."""
    found: Counter[tuple[str, bool]] = Counter((key, level == Freshness.OLDER) for key, level in ages)
    made = [
        Part(key, total, found[key, True], total - found[key, True] - found[key, False]) for key, total in totals.items() if key and total
    ]
    return sorted(made, key=lambda part: (-part.total, part.key))


def _by_sector(ages: dict[int, Freshness]) -> list[Part]:
    """By main sector, as the map filters: an entry with several words is counted with each."""
    words = Organisation.terms.through.objects.filter(term__tree=Tree.SECTOR, organisation__state=State.PUBLISHED).order_by()
    top = Coalesce("term__parent__key", "term__key")
    totals = dict(words.values_list(top).annotate(n=Count("organisation", distinct=True)))
    known = words.filter(organisation__confirmations__isnull=False).values_list(top, "organisation_id").distinct()
    return _parts(totals, ((key, ages[pk]) for key, pk in known if pk in ages))


def _by_place(ages: dict[int, Freshness]) -> tuple[list[Part], list[Part]]:
    """By country and by region of any place: who works in several is counted in each. The key of a region is `DE:Bayern`."""
    places = Place.objects.filter(organisation__state=State.PUBLISHED).exclude(country="").order_by()
    known = places.filter(organisation__confirmations__isnull=False)
    countries = dict(places.values_list("country").annotate(n=Count("organisation", distinct=True)))
    in_countries = known.values_list("country", "organisation_id").distinct()
    with_region = places.exclude(region="").values_list("country", "region").annotate(n=Count("organisation", distinct=True))
    regions = {f"{country}:{region}": n for country, region, n in with_region}
    in_regions = known.exclude(region="").values_list("country", "region", "organisation_id").distinct()
    return (
        _parts(countries, ((key, ages[pk]) for key, pk in in_countries if pk in ages)),
        _parts(regions, ((f"{country}:{region}", ages[pk]) for country, region, pk in in_regions if pk in ages)),
    )


# -------------------------------------------------------------------------------------------------------- as people read


@dataclass(frozen=True)
class Level:
    """One age with its name, number, share in percent, class of its hatch, drawing, and the filter under which the map shows it."""

    name: str
    count: int
    share: float
    css: str
    symbol: str
    query: str


@dataclass(frozen=True)
class Row:
    """One line of a table: a part by its name, and the filter under which the map shows it (empty: there is none)."""

    name: str
    part: Part
    query: str


@dataclass(frozen=True)
class Table:
    """Parts of one kind."""

    key: str
    title: str
    note: str
    rows: list[Row]
    more: int = 0


MAP_FILTERS = {Freshness.THREE_MONTHS: "fresh=3", Freshness.OLDER: "fresh=older", Freshness.NEVER: "fresh=never"}
MOST_ROWS = 30


def names() -> dict[Freshness, str]:
    """What the levels are called."""
    return {
        Freshness.THREE_MONTHS: _("in the last 3 months"),
        Freshness.SIX_MONTHS: _("3 to 6 months ago"),
        Freshness.TWELVE_MONTHS: _("6 to 12 months ago"),
        Freshness.OLDER: _("longer ago"),
        Freshness.NEVER: _("never confirmed by the organisation"),
    }


def level_rows(found: Counted) -> list[Level]:
    """The ages from fresh to never."""
    return [
        Level(
            name,
            found.levels[level],
            round(100 * found.levels[level] / found.total, 1) if found.total else 0.0,
            CSS[level],
            f"fresh-{level.value}",
            MAP_FILTERS.get(level, ""),
        )
        for level, name in names().items()
    ]


def tables(found: Counted) -> list[Table]:
    """By sector, by country, and by region of the country with most entries."""
    language = get_language() or "de"
    sectors = {term.key: term.name for term in Term.objects.filter(tree=Tree.SECTOR)}
    several = _("An entry with several of them is counted with each.")
    countries = [Row(country_name(one.key, language), one, f"country={one.key}") for one in found.countries]
    made = [
        Table("sector", _("By sector"), several, [Row(sectors.get(one.key, one.key), one, f"sector={one.key}") for one in found.sectors]),
        Table("country", _("By country"), several, countries[:MOST_ROWS], len(countries[MOST_ROWS:])),
    ]
    if found.countries:
        made.append(_regions(found, found.countries[0].key, language))
    return [one for one in made if one.rows]


def _regions(found: Counted, country: str, language: str) -> Table:
    rows = [Row(one.key.partition(":")[2], one, "") for one in found.regions if one.key.startswith(f"{country}:")]
    title = _("By region: %(country)s") % {"country": country_name(country, language)}
    return Table("region", title, "", rows[:MOST_ROWS], len(rows[MOST_ROWS:]))


COLUMNS = tuple(
    "day total within_3_months within_6_months within_12_months older never with_stewards asked_in_a_year answered_in_a_year".split()
)


def row(one: Snapshot) -> tuple[object, ...]:
    """A day as a line of the CSV file."""
    return one.day.isoformat(), one.total, one.three, one.six, one.twelve, one.older, one.never, one.kept, one.asked, one.answered


# ----------------------------------------------------------------------------------------------------------- day by day


def keep(now: datetime) -> Snapshot:
    """Write down how fresh the map is today; done twice a day, the later one counts."""
    found = count(now)
    values = {name: found.levels[level] for level, name in FIELDS.items()}
    more = {"total": found.total, "kept": found.kept, "asked": found.asked, "answered": found.answered}
    snapshot, _is_new = Snapshot.objects.update_or_create(day=timezone.localtime(now).date(), defaults={**values, **more})
    return snapshot


def today(found: Counted, now: datetime) -> Snapshot:
    """The figures of this moment in the shape of a day's, not written down."""
    values = {name: found.levels[level] for level, name in FIELDS.items()}
    day = timezone.localtime(now).date()
    return Snapshot(day=day, total=found.total, kept=found.kept, asked=found.asked, answered=found.answered, **values)


def months(current: Snapshot) -> list[Snapshot]:
    """The last figures of each month, the current ones last; at most two years."""
    last: dict[tuple[int, int], Snapshot] = {}
    first = date(current.day.year - 2, current.day.month, 1)
    for one in Snapshot.objects.filter(day__gte=first, day__lt=current.day).order_by("day"):
        last[one.day.year, one.day.month] = one
    last[current.day.year, current.day.month] = current
    return list(last.values())[-MONTHS:]


@dataclass(frozen=True)
class Strip:
    """A piece of a standing bar: its level, and where it lies (in percent of the drawing's width, in pixels of its height)."""

    css: str
    top: float
    height: float


@dataclass(frozen=True)
class Bar:
    """One month: where its bar stands and the strips it is made of, freshest below."""

    label: str
    left: float
    middle: float
    breadth: float
    strips: list[Strip]
    is_named: bool


CSS = {
    Freshness.THREE_MONTHS: "c-ja",
    Freshness.SIX_MONTHS: "c-2",
    Freshness.TWELVE_MONTHS: "c-3",
    Freshness.OLDER: "c-4",
    Freshness.NEVER: "c-enth",
}
HEIGHT = 160
GAP = 0.2


def bars(history: list[Snapshot]) -> list[Bar]:
    """Each month as a full bar of shares; where there are many months, only some are named."""
    step = 100 / max(6, len(history))  # a single month is no wall
    every = -(-len(history) // 8)
    return [
        Bar(
            label=f"{one.day:%m/%y}",
            left=round(step * (at + GAP / 2), 3),
            middle=round(step * (at + 0.5), 3),
            breadth=round(step * (1 - GAP), 3),
            strips=_strips(one),
            is_named=(len(history) - 1 - at) % every == 0,
        )
        for at, one in enumerate(history)
    ]


def _strips(one: Snapshot) -> list[Strip]:
    found, bottom = [], float(HEIGHT)
    for level in LEVELS:
        height = HEIGHT * getattr(one, FIELDS[level]) / one.total if one.total else 0.0
        bottom -= height
        if height:
            found.append(Strip(CSS[level], round(bottom, 2), round(height, 2)))
    return found
