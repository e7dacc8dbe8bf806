"""Questions about the register, every one of them as of any date."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils.timezone import localdate

from allmende.constitution import access as constitution
from allmende.constitution import rules as law
from allmende.constitution.models import Cooperative
from allmende.constitution.queries import is_by_geng, statute_on
from allmende.constitution.rules import Fault
from allmende.members import access, rules
from allmende.members.access import active_on
from allmende.members.models import DataChange, Group, GroupTime, Inspection, Kind, Membership, Particulars, ShareEntry
from allmende.members.rules import Line
from allmende.people.models import Person
from allmende.people.queries import Viewer

WHOLE = ("cooperative__organisation", "person", "organisation")
MAX_NUMBER = 2**31


def shares_on(day: date, membership: str = "pk") -> Subquery:
    """As an annotation of memberships: how many shares are held on this day."""
    held = ShareEntry.objects.filter(membership=OuterRef(membership), effective_on__lte=day).order_by().values("membership")
    return Subquery(held.annotate(held=Sum("quantity")).values("held"), output_field=IntegerField())


def current(day: date, membership: str = "pk") -> QuerySet[Particulars]:
    """The version of the particulars that held on this day, for Subquery and Exists."""
    then = Q(valid_until=None) | Q(valid_until__gte=day)
    return Particulars.objects.filter(then, membership=OuterRef(membership), valid_from__lte=day, is_replaced=False)


def register_on(cooperative: Cooperative, day: date) -> QuerySet[Membership]:
    """Who is a member on this day, by number, each with `shares` and `group` (its key) of that day."""
    group = GroupTime.objects.filter(Q(until=None) | Q(until__gte=day), membership=OuterRef("pk"), since__lte=day)
    return (
        Membership.objects.filter(active_on(day), cooperative=cooperative)
        .annotate(shares=Coalesce(shares_on(day), 0), group=Subquery(group.values("group__key")[:1]))
        .order_by("number")
    )


def faults_of_size(cooperative: Cooperative, day: date) -> tuple[int, list[Fault]]:
    """How many members there are on this day, and what the law asks of so many that the statute in force does not have (§§ 4, 9, 24)."""
    statute = statute_on(cooperative, day)
    if statute is None or not is_by_geng(cooperative):
        return 0, []
    number = Membership.objects.filter(active_on(day), cooperative=cooperative).exclude(kind=Kind.SUPPORTING).count()
    return number, law.faults_of_size(number, statute.board_size, statute.has_supervisory)


def particulars_on(memberships: list[Membership], day: date) -> dict[int, Particulars]:
    """Their names and addresses of that day by membership, in one question. Who joins later has the first version there is."""
    found: dict[int, Particulars] = {}
    later: dict[int, Particulars] = {}
    for one in Particulars.objects.filter(membership__in=memberships, is_replaced=False).order_by("-valid_from"):
        if one.valid_from <= day:
            found.setdefault(one.membership_id, one)
        else:
            later[one.membership_id] = one
    return later | found


def particulars_of(membership: Membership, day: date | None = None) -> Particulars:
    """Name and address on this day (today)."""
    return particulars_on([membership], day or localdate())[membership.pk]


def share_lines(membership: Membership) -> list[Line]:
    """From which day how many shares more or fewer: what the rules count with."""
    return list(
        membership.share_entries.order_by().values_list("effective_on").annotate(sum=Sum("quantity")).values_list("effective_on", "sum")
    )


@dataclass(frozen=True)
class Totals:
    """The register in three numbers."""

    members: int
    shares: int
    share_cents: int  # what these shares are worth by the statute of their day


def totals_on(cooperative: Cooperative, day: date) -> Totals:
    """Members and shares on this day."""
    members = Membership.objects.filter(active_on(day), cooperative=cooperative).count()
    entries = ShareEntry.objects.filter(membership__cooperative=cooperative, effective_on__lte=day)
    sums = entries.aggregate(shares=Sum("quantity"), worth=Sum(F("quantity") * F("share_cents")))
    return Totals(members, sums["shares"] or 0, sums["worth"] or 0)


# ------------------------------------------------------------------------------------------------- single members, and what waits


def member_at(viewer: Viewer, cooperative: Cooperative, number: int) -> Membership:
    """The member with this number, for offices; Http404 for everybody else and for numbers nobody has."""
    found = None
    if constitution.may_read(viewer, cooperative) and number < MAX_NUMBER:
        found = Membership.objects.filter(cooperative=cooperative, number=number).select_related(*WHOLE).first()
    if found is None:
        raise Http404
    return found


def own_at(viewer: Viewer, cooperative: Cooperative) -> Membership:
    """The viewer's own membership; Http404 for who has none."""
    found = access.own_in(viewer, cooperative)
    if found is None:
        raise Http404
    return found


def held_by(person: Person) -> list[tuple[Membership, int]]:
    """Memberships of this account, those that exist first, with the shares of today."""
    today = localdate()
    found = access.own(person).select_related("cooperative__organisation").annotate(shares=Coalesce(shares_on(today), 0))
    active = [one for one in found.order_by("-joined_on") if rules.is_active(one.joined_on, one.ends_on, today)]
    return [(one, one.shares) for one in active]


def changes_of(cooperative: Cooperative) -> QuerySet[DataChange]:
    """Changes of data that wait for the administration, the oldest first."""
    return DataChange.objects.filter(membership__cooperative=cooperative).select_related("membership")


def versions_of(membership: Membership) -> QuerySet[Particulars]:
    """Every name and address there was, the latest first."""
    return membership.particulars.select_related("entered_by").order_by("-valid_from", "-pk")


@dataclass(frozen=True)
class LedgerLine:
    """A line of the share ledger with what is held after it."""

    line: int
    entry: ShareEntry
    held: int
    is_reversed: bool


def ledger_of(membership: Membership) -> list[LedgerLine]:
    """The share ledger of a member in the order in which it counts, with the sum after each line."""
    found, held = [], 0
    entries = membership.share_entries.select_related("partner", "entered_by").order_by("effective_on", "pk")
    reversed_ones = set(ShareEntry.objects.filter(membership=membership, reverses__isnull=False).values_list("reverses", flat=True))
    for number, entry in enumerate(entries, 1):
        held += entry.quantity
        found.append(LedgerLine(number, entry, held, entry.pk in reversed_ones))
    return found


def group_of(membership: Membership, day: date) -> Group | None:
    """The stakeholder group on this day."""
    then = Q(until=None) | Q(until__gte=day)
    found = membership.group_times.filter(then, since__lte=day).select_related("group").first()
    return found.group if found else None


def looks_at(membership: Membership) -> QuerySet[Inspection]:
    """Who saw this member's data: the page of the member, and every list the member stood in."""
    whole = Q(membership=None, cooperative=membership.cooperative_id, at__gte=membership.entered_at)
    return Inspection.objects.filter(Q(membership=membership) | whole).select_related("person")


def looks_of(cooperative: Cooperative) -> QuerySet[Inspection]:
    """The whole log, the latest first."""
    return Inspection.objects.filter(cooperative=cooperative).select_related("person", "membership")
