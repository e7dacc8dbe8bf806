"""The list of members as of any date: searched, filtered, sorted, page by page. Bounded also where there are 100,000.

Numbers are found first, without names and shares; only what stands on the page is then read whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from allmende.constitution.models import Cooperative
from allmende.ground.text import fold, reads_english
from allmende.members import queries, rules
from allmende.members.access import active_on
from allmende.members.models import Group, GroupTime, Membership, Particulars, Party, ShareEntry

AT_ONCE = 50
CHUNK = 1_000
SORTS = ("number", "name", "shares")
NO_GROUP = "-"


@dataclass(frozen=True)
class Wanted:
    """What the list is asked for. `left`: those who left in the year of the day, up to it, instead of those who are members."""

    on: date
    q: str = ""
    group: str = ""
    kind: str = ""
    sort: str = "number"
    left: bool = False


@dataclass(frozen=True)
class Row:
    """A member as of the day: shares and particulars of that day, of the last one for those who left.

    `shares_since`: from which day that number of shares holds (§ 30 II 2 GenG).
    """

    membership: Membership
    particulars: Particulars
    shares: int
    group: str
    shares_since: date | None = None

    @property
    def further(self) -> int:
        """Shares beyond the first."""
        return rules.further_shares(self.shares)

    @property
    def is_organisation(self) -> bool:
        """Whose name is no personal data."""
        return self.particulars.party == Party.LEGAL


def found(cooperative: Cooperative, wanted: Wanted) -> QuerySet[Membership]:
    """Everybody the list asks for, in its order, unread."""
    day = wanted.on
    who = Q(ends_on__gte=date(day.year, 1, 1), ends_on__lte=day) if wanted.left else active_on(day)
    members = Membership.objects.filter(who, cooperative=cooperative)
    if wanted.q or wanted.sort == "name":
        members = members.annotate(that_day=_of_the_day(wanted)).filter(that_day__isnull=False)
    if wanted.kind:
        members = members.filter(kind=wanted.kind)
    if wanted.group:
        members = _in_group(members, wanted)
    if wanted.q:
        members = _named(members, wanted)
    return _sorted(members, wanted)


def _in_group(members: QuerySet[Membership], wanted: Wanted) -> QuerySet[Membership]:
    then = Q(until=None) | Q(until__gte=wanted.on) | Q(until=OuterRef("ends_on"))
    times = GroupTime.objects.filter(then, membership=OuterRef("pk"), since__lte=wanted.on)
    return members.filter(~Exists(times) if wanted.group == NO_GROUP else Exists(times.filter(group__key=wanted.group)))


def _of_the_day(wanted: Wanted) -> FilteredRelation:
    # Who left is known by the last name; it stays the current one.
    known = Q(particulars__is_replaced=False)
    if wanted.left:
        return FilteredRelation("particulars", condition=known & Q(particulars__valid_until=None))
    then = Q(particulars__valid_until=None) | Q(particulars__valid_until__gte=wanted.on)
    return FilteredRelation("particulars", condition=known & then & Q(particulars__valid_from__lte=wanted.on))


def _named(members: QuerySet[Membership], wanted: Wanted) -> QuerySet[Membership]:
    if wanted.q.isdecimal():
        return members.filter(number=int(wanted.q)) if len(wanted.q) < 10 else members.none()
    for word in fold(wanted.q).split()[:5]:
        members = members.filter(that_day__folded__contains=word)  # type: ignore[misc] # annotated by found()
    return members


def _sorted(members: QuerySet[Membership], wanted: Wanted) -> QuerySet[Membership]:
    if wanted.sort == "name":
        return members.order_by("that_day__folded", "number")  # type: ignore[misc] # annotated by found()
    if wanted.sort == "shares" and not wanted.left:
        return members.annotate(held=Coalesce(queries.shares_on(wanted.on), 0)).order_by("-held", "number")
    return members.order_by("-ends_on", "number") if wanted.left and wanted.sort == "shares" else members.order_by("number")


def rows_of(pks: Sequence[int], wanted: Wanted) -> list[Row]:
    """These members whole, in this order: three questions, however many they are."""
    members = Membership.objects.in_bulk(pks)
    known = list(members.values())
    names = queries.particulars_on(known, date.max if wanted.left else wanted.on)
    shares = _shares(known, wanted)
    groups = _groups(known, wanted)
    return [_row(members[pk], names[pk], groups.get(pk, ""), shares[pk]) for pk in pks if pk in members]


def _row(member: Membership, named: Particulars, group: str, changes: dict[date, int]) -> Row:
    """What was entered and reversed for the same day changes nothing."""
    since = max((day for day, quantity in changes.items() if quantity), default=None)
    return Row(member, named, sum(changes.values()), group, since)


def _shares(members: list[Membership], wanted: Wanted) -> dict[int, dict[date, int]]:
    """By member and day: how many shares more or fewer, up to the day of the list or the last one of the membership."""
    last = {one.pk: one.ends_on if wanted.left and one.ends_on else wanted.on for one in members}
    changes: dict[int, dict[date, int]] = {pk: {} for pk in last}
    entries = ShareEntry.objects.filter(membership__in=members, effective_on__lte=wanted.on).order_by()
    for pk, since, quantity in entries.values_list("membership_id", "effective_on", "quantity"):
        if since <= last[pk]:
            changes[pk][since] = changes[pk].get(since, 0) + quantity
    return changes


def _groups(members: list[Membership], wanted: Wanted) -> dict[int, str]:
    times = GroupTime.objects.filter(membership__in=members, since__lte=wanted.on)
    times = times.filter(Q(until=None) | Q(until__gte=wanted.on) | Q(until=F("membership__ends_on")))
    return dict(times.order_by("since").values_list("membership_id", "group__key"))


def every_row(cooperative: Cooperative, wanted: Wanted) -> Iterator[Row]:
    """The whole list by number in parts, so that also a long one is never in memory at once."""
    after = -1
    while True:
        part = found(cooperative, wanted).order_by("number").filter(number__gt=after)
        pks = list(part.values_list("pk", "number")[:CHUNK])
        if not pks:
            return
        yield from rows_of([pk for pk, _number in pks], wanted)
        after = pks[-1][1]


def group_names(cooperative: Cooperative) -> dict[str, str]:
    """What the groups are called in the language of the page, by key."""
    return {one.key: name_of(one) for one in Group.objects.filter(cooperative=cooperative)}


def name_of(group: Group) -> str:
    """A group in the language of the page."""
    return group.name_en if reads_english() and group.name_en else group.name
