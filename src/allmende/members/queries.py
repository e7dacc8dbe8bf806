"""Questions about the register, every one of them as of any date."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from allmende.constitution.models import Cooperative
from allmende.members.access import active_on
from allmende.members.models import GroupTime, Membership, Particulars, ShareEntry
from allmende.members.rules import Line


def shares_on(day: date, membership: str = "pk") -> Subquery:
    """As an annotation of memberships: how many shares are held on this day."""
    held = ShareEntry.objects.filter(membership=OuterRef(membership), effective_on__lte=day).order_by().values("membership")
    return Subquery(held.annotate(held=Sum("quantity")).values("held"), output_field=IntegerField())


def current(day: date, membership: str = "pk") -> QuerySet[Particulars]:
    """The version of the particulars that held on this day, for Subquery and Exists."""
    then = Q(valid_until=None) | Q(valid_until__gte=day)
    return Particulars.objects.filter(then, membership=OuterRef(membership), valid_from__lte=day).order_by("-valid_from")


def register_on(cooperative: Cooperative, day: date) -> QuerySet[Membership]:
    """Who is a member on this day, by number, each with `shares` and `group` (its key) of that day."""
    group = GroupTime.objects.filter(Q(until=None) | Q(until__gte=day), membership=OuterRef("pk"), since__lte=day)
    return (
        Membership.objects.filter(active_on(day), cooperative=cooperative)
        .annotate(shares=Coalesce(shares_on(day), 0), group=Subquery(group.values("group__key")[:1]))
        .order_by("number")
    )


def particulars_on(memberships: list[Membership], day: date) -> dict[int, Particulars]:
    """Their names and addresses of that day by membership, in one question. Who joins later has the first version there is."""
    found: dict[int, Particulars] = {}
    for one in Particulars.objects.filter(membership__in=memberships).order_by("-valid_from", "-pk"):
        if one.valid_from <= day:
            found.setdefault(one.membership_id, one)
    for one in Particulars.objects.filter(membership__in=[item for item in memberships if item.pk not in found]).order_by("valid_from"):
        found.setdefault(one.membership_id, one)
    return found


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
