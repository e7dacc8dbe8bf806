"""Votes, capital and work side by side, by stakeholder group. Offices see every group; to others small groups are shown together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from time import time

from django.core.cache import cache
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative, InvestingVote
from allmende.constitution.queries import statute_on
from allmende.contributions import access, queries, rules
from allmende.contributions.models import Contribution, ContributionType, Unit
from allmende.contributions.rules import Cell, Year
from allmende.ground.models import Entry
from allmende.ground.money import euros
from allmende.members.access import active_on, is_member
from allmende.members.models import Group, GroupTime, Kind, Membership
from allmende.money.models import Account, Booking
from allmende.people.queries import Viewer

HATCHES = 4  # how many ways of hatching there are; more groups begin anew
MINUTE = 60
RECENT = 500  # lines of the trail
KEPT = MINUTE  # seconds a picture may be told again, while its stamp holds
STEP = 100  # to what means are rounded: tenths of an hour, whole euros


@dataclass(frozen=True)
class Row:
    """What is shown of one group, or of several together."""

    name: str
    members: int
    votes: int
    capital_cents: int
    work: int
    hatch: int
    work_said: str


@dataclass(frozen=True)
class Bar:
    """One of the three bars: its word, its whole, its parts (begin, width, hatch), and all of it in words."""

    name: str
    whole: str
    parts: list[tuple[str, str, int]]
    label: str


@dataclass(frozen=True)
class Latest:
    """A line that was just entered, without whose it is."""

    line: Contribution
    amount: str
    name: str
    group: str


@dataclass(frozen=True)
class Spread:
    """The page's picture: a year, a kind of contribution, the rows and bars, and what was entered last."""

    cooperative: Cooperative
    year: Year
    type: ContributionType | None
    rows: list[Row]
    total: Row | None
    bars: list[Bar]
    latest: list[Latest]
    are_joined: bool

    @property
    def type_name(self) -> str:
        """The kind in the reader's language."""
        return queries.type_name(self.type) if self.type else ""


def shown_type(types: list[ContributionType], key: str = "") -> ContributionType | None:
    """The kind asked for; otherwise the first that is counted in hours, or the first at all."""
    asked = [one for one in types if one.key == key]
    hours = [one for one in types if one.unit == Unit.HOURS and one.is_open]
    return next(iter([*asked, *hours, *types]), None)


def spread(viewer: Viewer, cooperative: Cooperative, year: Year, kind: ContributionType | None) -> Spread:
    """How votes, capital and one kind of contribution spread over the groups in a year, as far as this viewer may see it."""
    day = min(year.ends_on, localdate())
    groups = {one.key: one.name_en if one.name_en and _is_english() else one.name for one in Group.objects.filter(cooperative=cooperative)}
    kinds, capital = _standing(cooperative, day)
    votes, counts = _votes(cooperative, day, kinds), {key: sum(of_kind.values()) for key, of_kind in kinds.items()}
    sums = queries.sums_by_group(cooperative, year)
    work = sums.get(kind.pk, {}) if kind else {}
    known = _known([*groups, ""], counts, capital, sums)
    is_office = constitution.may_read(viewer, cooperative)
    least = access.openness_of(cooperative).least_members
    shown = [Cell((key,), count) for key, count in known.items()] if is_office else rules.cells(known, least)
    hatches = {key: at % HATCHES + 1 for at, key in enumerate([*groups, ""])}
    rows = [_row(cell, groups, kind, votes, capital, work, hatches) for cell in shown]
    total = _total(rows, kind)
    return Spread(
        cooperative=cooperative,
        year=year,
        type=kind,
        rows=rows,
        total=total,
        bars=_bars(rows, total, kind) if total else [],
        latest=_latest(cooperative, groups, shown) if rows and _level(viewer, cooperative) != "guest" else [],
        are_joined=any(len(cell.keys) > 1 for cell in shown),
    )


Sums = Mapping[str, int]  # by key of the group


def _known(keys: Iterable[str], counts: Sums, capital: Sums, sums: Mapping[int, Sums]) -> dict[str, int]:
    """The groups that have members, capital or contributions of any kind: the same ones whatever is asked for, so that two pictures laid
    over each other do not tell what one of them hides.
    """
    working = {key for of_kind in sums.values() for key, amount in of_kind.items() if amount}
    return {key: counts.get(key, 0) for key in keys if counts.get(key) or capital.get(key) or key in working}


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def members_by_group(cooperative: Cooperative, day: date) -> dict[str, int]:
    """How many members each group has on this day; "" for those without."""
    return {key: sum(kinds.values()) for key, kinds in _standing(cooperative, day)[0].items()}


def _standing(cooperative: Cooperative, day: date) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    """Members by group and kind, and capital by group: what no contribution changes. With a hundred thousand members it takes most of
    the time of a picture, so it is told again while the trail has nothing but contributions, for a minute at most.
    """
    key = "-".join(("standing", str(cooperative.pk), day.isoformat(), str(_last_of_others()), str(int(time() // MINUTE))))
    found: tuple[dict[str, dict[str, int]], dict[str, int]] | None = cache.get(key)
    if found is None:
        found = _kinds_by_group(cooperative, day), _capital(cooperative, day)
        cache.set(key, found, MINUTE)
    return found


def _last_of_others() -> int:
    """The last line of the trail that is not of this room; 0 where the last ones all are."""
    recent = Entry.objects.order_by("-pk").values_list("pk", "verb")[:RECENT]
    return next((pk for pk, verb in recent if not verb.startswith("contributions.")), 0)


def _kinds_by_group(cooperative: Cooperative, day: date) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    alive = Membership.objects.filter(active_on(day), cooperative=cooperative).order_by()
    whole = dict(alive.values_list("kind").annotate(count=Count("pk")).values_list("kind", "count"))
    then = GroupTime.objects.filter(Q(until=None) | Q(until__gte=day), since__lte=day, membership__in=alive).order_by()
    for key, kind, count in then.values_list("group__key", "membership__kind").annotate(count=Count("pk")):
        found[key][kind] = count
    for kind, count in whole.items():
        if rest := count - sum(kinds.get(kind, 0) for kinds in found.values()):
            found[""][kind] = rest
    return dict(found)


def _votes(cooperative: Cooperative, day: date, kinds: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """One vote per member (§ 43 III GenG), for investing members where the statute gives them one (§ 8 II GenG), none for supporters.

    Only the register is asked: neither capital nor contributions change anything here.
    """
    statute = statute_on(cooperative, day)
    voting = {Kind.ORDINARY}
    if statute and statute.investing_vote == InvestingVote.LIMITED:
        voting.add(Kind.INVESTING)
    return {key: sum(of_kind.get(kind, 0) for kind in voting) for key, of_kind in kinds.items()}


def _capital(cooperative: Cooperative, day: date) -> dict[str, int]:
    """Geschäftsguthaben by the group of that day; "" for those without, also for who has left and is not settled yet."""
    booked = Booking.objects.filter(cooperative=cooperative, booked_on__lte=day).order_by()
    found: dict[str, int] = defaultdict(int)
    for side, sign in (("credit", 1), ("debit", -1)):
        on_account = booked.filter(**{side: Account.CAPITAL})
        member = f"member_{side}__group_times"
        then = Q(**{f"{member}__until": None}) | Q(**{f"{member}__until__gte": day})
        grouped = on_account.filter(then, **{f"{member}__since__lte": day})
        for key, cents in grouped.values_list(f"{member}__group__key").annotate(sum=Sum("cents")):
            found[key] += sign * cents
            found[""] -= sign * cents
        found[""] += sign * (on_account.aggregate(sum=Sum("cents"))["sum"] or 0)
    return dict(found)


def _row(
    cell: Cell, groups: Mapping[str, str], kind: ContributionType | None, votes: Mapping[str, int], capital: Mapping[str, int],
    work: Mapping[str, int], hatches: Mapping[str, int],
) -> Row:  # fmt: skip
    names = [groups.get(key, _("without a group")) for key in cell.keys]
    done = sum(work.get(key, 0) for key in cell.keys)
    return Row(
        name=names[0] if len(names) == 1 else _("%(names)s together") % {"names": ", ".join(names)},
        members=cell.members,
        votes=sum(votes.get(key, 0) for key in cell.keys),
        capital_cents=sum(capital.get(key, 0) for key in cell.keys),
        work=done,
        hatch=hatches[cell.keys[0]],
        work_said=queries.amount_of(kind, done) if kind else "",
    )


def _total(rows: list[Row], kind: ContributionType | None) -> Row | None:
    if not rows:
        return None
    work = sum(row.work for row in rows)
    votes, capital = sum(row.votes for row in rows), sum(row.capital_cents for row in rows)
    said = queries.amount_of(kind, work) if kind else ""
    return Row(_("All groups together"), sum(row.members for row in rows), votes, capital, work, 0, said)


def _bars(rows: list[Row], total: Row, kind: ContributionType | None) -> list[Bar]:
    bars = [
        _bar(_("Votes"), str(total.votes), rows, [row.votes for row in rows], [str(row.votes) for row in rows]),
        _bar(
            _("Capital"),
            euros(total.capital_cents, exact=False),
            rows,
            [row.capital_cents for row in rows],
            [euros(row.capital_cents, exact=False) for row in rows],
        ),
    ]
    if kind:
        name = _("Work") if kind.unit == Unit.HOURS else queries.type_name(kind)
        bars.append(_bar(name, total.work_said, rows, [row.work for row in rows], [row.work_said for row in rows]))
    return bars


def _bar(name: str, whole: str, rows: list[Row], amounts: list[int], said: list[str]) -> Bar:
    parts = [(start, width, row.hatch) for (start, width), row in zip(rules.bar(amounts), rows, strict=True) if width != "0.00"]
    label = f"{name}: " + ", ".join(f"{row.name} {words}" for row, words in zip(rows, said, strict=True))
    return Bar(name, whole, parts, label)


def _latest(cooperative: Cooperative, groups: Mapping[str, str], shown: list[Cell]) -> list[Latest]:
    """What was entered last; the group only where it is shown by itself."""
    lines = queries.latest(cooperative)
    then, alone = queries.groups_then(lines), {cell.keys[0] for cell in shown if len(cell.keys) == 1}
    return [
        Latest(one, queries.amount_of(one.type, one.amount), queries.type_name(one.type), groups.get(key, "") if key in alone else "")
        for one, key in ((one, then.get(one.pk, "")) for one in lines)
    ]


def _level(viewer: Viewer, cooperative: Cooperative) -> str:
    """Who sees the same: offices every group, members also what was entered last, everybody else sums only."""
    if constitution.may_read(viewer, cooperative):
        return "office"
    return "member" if is_member(viewer, cooperative) else "guest"


def stamp(viewer: Viewer, cooperative: Cooperative, *asked: str) -> str:
    """What the picture depends on, cheap enough to ask every few seconds: who looks, the day, and the last line of the trail.

    Lines of the trail may become visible out of order on PostgreSQL, so that a stamp could miss one; it holds for a minute only.
    """
    level = _level(viewer, cooperative)
    last = Entry.objects.aggregate(last=Max("pk"))["last"] or 0
    return "-".join(("spread", str(cooperative.pk), level, get_language() or "", *asked, str(last), str(int(time() // MINUTE))))


@dataclass(frozen=True)
class Position:
    """What a member contributed of one kind in a year, beside the means; None where too few members would be behind a mean."""

    type: ContributionType
    counted: int
    waiting: int
    said: str
    waiting_said: str
    group_mean: str
    all_mean: str

    @property
    def name(self) -> str:
        """The kind in the reader's language."""
        return queries.type_name(self.type)


def positions(viewer: Viewer, membership: Membership, year: Year) -> list[Position]:
    """The own position by kind, compared with the mean of the own group and of all, as far as sums of groups may be seen."""
    cooperative, day = membership.cooperative, min(year.ends_on, localdate())
    lines = queries.lines_in(cooperative, year).filter(membership=membership)
    mine, waiting = queries.sums_by_type(queries.counted(lines)), queries.sums_by_type(_waiting(lines))
    sums = queries.sums_by_group(cooperative, year) if access.may_see_groups(viewer, cooperative) else {}
    shown = _cells_for_others(cooperative, day, sums) if sums else []
    group = _group_on(membership, day)
    types = [one for one in queries.types_of(cooperative) if one.is_open or one.pk in mine or one.pk in waiting]
    return [_position(one, mine, waiting, sums.get(one.pk, {}), shown, group) for one in types]


def _cells_for_others(cooperative: Cooperative, day: date, sums: Mapping[int, Mapping[str, int]]) -> list[Cell]:
    keys = [*Group.objects.filter(cooperative=cooperative).values_list("key", flat=True), ""]
    known = _known(keys, members_by_group(cooperative, day), _capital(cooperative, day), sums)
    return rules.cells(known, access.openness_of(cooperative).least_members)


def _waiting(lines: QuerySet[Contribution]) -> QuerySet[Contribution]:
    return lines.filter(counts_at_once=False, confirmation=None)


def _group_on(membership: Membership, day: date) -> str:
    then = GroupTime.objects.filter(Q(until=None) | Q(until__gte=day), membership=membership, since__lte=day)
    return str(then.values_list("group__key", flat=True).first() or "")


def _position(
    kind: ContributionType, mine: Mapping[int, int], waiting: Mapping[int, int], sums: Mapping[str, int], shown: list[Cell], group: str
) -> Position:
    own_cell = next((cell for cell in shown if cell.keys == (group,)), None)
    everybody = Cell(tuple(key for cell in shown for key in cell.keys), sum(cell.members for cell in shown))
    return Position(
        type=kind,
        counted=mine.get(kind.pk, 0),
        waiting=waiting.get(kind.pk, 0),
        said=queries.amount_of(kind, mine.get(kind.pk, 0)),
        waiting_said=queries.amount_of(kind, waiting.get(kind.pk, 0)) if waiting.get(kind.pk) else "",
        group_mean=_mean(kind, own_cell, sums),
        all_mean=_mean(kind, everybody, sums) if shown else "",
    )


def _mean(kind: ContributionType, cell: Cell | None, sums: Mapping[str, int]) -> str:
    """The mean over all members of the cell, rounded to tenths of the unit (whole euros for turnover)."""
    if cell is None or not cell.members:
        return ""
    whole = sum(sums.get(key, 0) for key in cell.keys)
    return queries.amount_of(kind, (2 * whole + STEP * cell.members) // (2 * STEP * cell.members) * STEP)
