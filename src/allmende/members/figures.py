"""Members, shares and subscribed capital as of a date, by group and kind and over the years. Sums only, no names."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, FilteredRelation, Min, Q, Sum
from django.db.models.functions import ExtractYear

from allmende.constitution.models import Cooperative
from allmende.members import rules
from allmende.members.access import active_on
from allmende.members.models import Membership, ShareEntry

_SUMS = {"held": Sum("quantity"), "worth": Sum(F("quantity") * F("share_cents"))}


@dataclass
class Part:
    """One group, kind or year. `cents` is what the shares are worth by the statute of the day they were taken."""

    key: str
    members: int = 0
    shares: int = 0
    cents: int = 0


@dataclass(frozen=True)
class Figures:
    """Everything of one day."""

    on: date
    total: Part
    groups: list[Part]
    kinds: list[Part]
    years: list[tuple[date, Part]] = field(default_factory=list)


def figures_on(cooperative: Cooperative, day: date, groups: Iterable[str]) -> Figures:
    """All figures of this day; `groups` in the order in which they are shown, those without a group come last."""
    by_group = _by_group(cooperative, day)
    by_kind = _by_kind(cooperative, day)
    order = [key for key in groups if key in by_group] + ([""] if "" in by_group else [])
    kinds = list(by_kind.values())
    total = Part("", sum(one.members for one in kinds), sum(one.shares for one in kinds), sum(one.cents for one in kinds))
    return Figures(day, total, [by_group[key] for key in order], kinds, _over_years(cooperative, day))


def _by_kind(cooperative: Cooperative, day: date) -> dict[str, Part]:
    members = Membership.objects.filter(active_on(day), cooperative=cooperative).order_by("kind")
    found = {kind: Part(kind, number) for kind, number in members.values_list("kind").annotate(number=Count("pk"))}
    entries = ShareEntry.objects.filter(membership__cooperative=cooperative, effective_on__lte=day).order_by("membership__kind")
    for kind, shares, cents in entries.values_list("membership__kind").annotate(**_SUMS):
        if shares:
            _add(found, kind, shares, cents)
    return found


def _by_group(cooperative: Cooperative, day: date) -> dict[str, Part]:
    members = Membership.objects.filter(active_on(day), cooperative=cooperative).annotate(that_day=_group("", day)).order_by()
    keys = members.values_list("that_day__group__key").annotate(number=Count("pk"))
    found = {key or "": Part(key or "", number) for key, number in keys}
    entries = ShareEntry.objects.filter(membership__cooperative=cooperative, effective_on__lte=day).order_by()
    entries = entries.annotate(that_day=_group("membership__", day))
    for key, shares, cents in entries.values_list("that_day__group__key").annotate(**_SUMS):
        if shares:
            _add(found, key or "", shares, cents)
    return found


def _group(path: str, day: date) -> FilteredRelation:
    then = Q(**{f"{path}group_times__until": None}) | Q(**{f"{path}group_times__until__gte": day})
    return FilteredRelation(f"{path}group_times", condition=then & Q(**{f"{path}group_times__since__lte": day}))


def _add(found: dict[str, Part], key: str, shares: int, cents: int) -> None:
    part = found.setdefault(key, Part(key))
    part.shares, part.cents = part.shares + shares, part.cents + cents


def _over_years(cooperative: Cooperative, day: date) -> list[tuple[date, Part]]:
    """The ends of the years up to this day: four questions, whatever the number of years."""
    members = Membership.objects.filter(cooperative=cooperative, joined_on__lte=day)
    first = members.aggregate(first=Min("joined_on"))["first"]
    if first is None:
        return []
    joined = _by_year(members.values_list(ExtractYear("joined_on")).annotate(n=Count("pk")).order_by())
    # Who leaves on 31 December is a member all that day, and gone in the next year.
    left = _by_year(members.filter(ends_on__lt=day).values_list(ExtractYear("ends_on")).annotate(n=Count("pk")).order_by())
    on_the_last = members.filter(ends_on__lt=day, ends_on__month=12, ends_on__day=31)
    stayed = _by_year(on_the_last.values_list(ExtractYear("ends_on")).annotate(n=Count("pk")).order_by())
    entries = ShareEntry.objects.filter(membership__cooperative=cooperative, effective_on__lte=day)
    sums = entries.values_list(ExtractYear("effective_on")).annotate(**_SUMS).order_by()
    shares = {year: (quantity, cents) for year, quantity, cents in sums}
    found = []
    for end in rules.years_shown(first.year, day):
        held = [value for year, value in shares.items() if year <= end.year]
        gone = sum(n for year, n in left.items() if year <= end.year) - (stayed[end.year] if end != day else 0)
        came = sum(n for year, n in joined.items() if year <= end.year)
        found.append((end, Part(str(end.year), came - gone, sum(one[0] for one in held), sum(one[1] for one in held))))
    return found


def _by_year(rows: Iterable[tuple[int, int]]) -> Counter[int]:
    return Counter(dict(rows))


@dataclass(frozen=True)
class Slice:
    """A piece of a bar: where it begins and how wide it is, in hundredths, and its colour."""

    key: str
    x: str
    width: str
    colour: str
    value: int


def colour(number: int, part: Part) -> str:
    """The design's four colours again and again; those without a group are hatched."""
    return str(number % 4 + 1) if part.key else "enth"


def bar(parts: list[Part], of: str) -> list[Slice]:
    """The parts side by side: `of` is members, shares or cents."""
    whole = sum(getattr(one, of) for one in parts)
    found, at = [], 0.0
    for number, one in enumerate(parts):
        share = 100 * getattr(one, of) / whole if whole else 0.0
        if share > 0:
            gap = 0.35 if share > 1 and at else 0.0
            found.append(Slice(one.key, f"{at + gap:.2f}%", f"{share - gap:.2f}%", colour(number, one), getattr(one, of)))
        at += share
    return found
