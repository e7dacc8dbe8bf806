"""Preparing a year's result, booking what was resolved, taking it back: as a whole or not at all, under the lock of the cooperative."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import statute_on
from allmende.constitution.rules import add_months, fiscal_year_end
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.members.actions import locked
from allmende.members.models import Membership
from allmende.money import actions as money
from allmende.money.actions import Line
from allmende.money.models import Account, Booking, BookingKind, Payable, PayableKind
from allmende.people.models import Person
from allmende.surplus import access, queries, rules
from allmende.surplus.models import Year, YearState

FIELDS = (
    "result", "loss_carried", "side_business", "total_turnover", "to_legal_reserve", "to_other_reserve", "from_reserve", "distributed",
    "borne", "interest_permille", "refund", "pays_on",
)  # fmt: skip
KINDS = (BookingKind.OTHER, BookingKind.PROFIT, BookingKind.LOSS, BookingKind.INTEREST, BookingKind.REFUND)


@transaction.atomic
def prepare_year(cooperative: Cooperative, ends_on: date, values: Mapping[str, Any], *, by: Person) -> Year:
    """Make or change the preview of a year; a booked one is reversed first."""
    cooperative = locked(cooperative)
    require(access.may_prepare(by, cooperative), _("Only the board and the bookkeeping may do this."), NotAllowed)
    statute = statute_on(cooperative, ends_on)
    if statute is None:
        raise Refused(_("There is no statute in force at the end of this year."))
    require(fiscal_year_end(ends_on, statute.fiscal_month) == ends_on, _("By the statute no fiscal year ends on this day."), BadInput)
    require(ends_on < localdate(), _("This fiscal year is not over yet."), Refused)
    require(
        not (values.get("distributed") and values.get("borne")), _("A year has a surplus to give or a loss to bear, not both."), BadInput
    )
    year = Year.objects.filter(cooperative=cooperative, ends_on=ends_on).exclude(state=YearState.REVERSED).first()
    require(year is None or year.state == YearState.DRAFT, _("This year is booked already; take that back first."), Refused)
    year = year or Year(cooperative=cooperative, ends_on=ends_on, created_by=by)
    for field in FIELDS:
        if field in values:
            setattr(year, field, values[field])
    year.member_turnover = queries.preview(year).refund_base
    year.save()
    trail.record("surplus.year_prepared", by=by, about=year, cooperative=cooperative.pk)
    return year


@transaction.atomic
def drop_year(year: Year, *, by: Person) -> None:
    """Throw a preview away."""
    year = _taken(year)
    require(access.may_prepare(by, year.cooperative), _("Only the board and the bookkeeping may do this."), NotAllowed)
    require(year.state == YearState.DRAFT, _("Only a preview can be thrown away."), Refused)
    trail.record("surplus.year_dropped", by=by, about=year, cooperative=year.cooperative_id)
    year.delete()


@transaction.atomic
def book_year(year: Year, resolution: str, resolved_on: date, *, by: Person) -> Year:
    """Write what was resolved into the ledger: reserves, each member's part, what is owed to whom until when (§§ 19, 20, 21a, 48 GenG)."""
    year = _taken(year)
    cooperative = year.cooperative
    require(access.may_resolve(by, cooperative), _("Only the board books what the assembly resolved."), NotAllowed)
    require(year.state == YearState.DRAFT, _("This year is booked already."), Refused)
    require(resolution.strip(), _("Name the resolution: number and date of the assembly."), BadInput)
    require(year.ends_on < resolved_on <= localdate(), _("The resolution lies after the end of the year and not in the future."), BadInput)
    preview = queries.preview(year)
    require(not preview.faults, " ".join(preview.faults), Refused)
    year.state, year.resolution, year.resolved_on, year.booked_at = YearState.BOOKED, resolution.strip()[:200], resolved_on, timezone.now()
    year.save()
    _reserves(year, by)
    for row in preview.rows:
        _give(year, row, by)
    trail.record("surplus.year_booked", by=by, about=year, cooperative=cooperative.pk, members=len(preview.rows))
    return year


def _line(year: Year, kind: str, debit: str, credit: str, cents: int, text: str, member: Membership | None = None) -> Line:
    return Line(kind, debit, credit, cents, _day(year), member, text=text, reference=year.reference)


def _reserves(year: Year, by: Person) -> None:
    into, out_of = year.to_legal_reserve + year.to_other_reserve, year.from_reserve
    words = _("Result of the year %(day)s") % {"day": year.ends_on}
    lines = [_line(year, BookingKind.OTHER, Account.SURPLUS, Account.RESERVE, into, words)] if into else []
    lines += [_line(year, BookingKind.OTHER, Account.RESERVE, Account.SURPLUS, out_of, words)] if out_of else []
    if lines:
        money.book(year.cooperative, lines, by=by)


def _give(year: Year, row: queries.Row, by: Person) -> None:
    """One member's part: one booking to the shares and one sum owed for each kind."""
    member = row.membership
    words = _("Year to %(day)s, %(resolution)s") % {"day": year.ends_on, "resolution": year.resolution}
    credited: list[Line] = []
    for part, kind, account, owed_as in (
        (row.distributed, BookingKind.PROFIT, Account.SURPLUS, PayableKind.PROFIT),
        (row.interest, BookingKind.INTEREST, Account.INTEREST, PayableKind.INTEREST),
        (row.refund, BookingKind.REFUND, Account.REFUND, PayableKind.REFUND),
    ):
        if part is None:
            continue
        if part.cents < 0:
            credited.append(_line(year, BookingKind.LOSS, Account.CAPITAL, Account.SURPLUS, -part.cents, words, member))
        elif part.credited:
            credited.append(_line(year, kind, account, Account.CAPITAL, part.credited, words, member))
        if part.paid_out > 0:
            owing = [_line(year, kind, account, Account.PAYABLE, part.paid_out, words, member)]
            money.owe(member, owed_as, owing, due_on=_due_on(year, owed_as), text=words, by=by)
    if credited:
        money.book(year.cooperative, credited, by=by)


def _day(year: Year) -> date:
    return year.resolved_on or localdate()


def _due_on(year: Year, kind: str) -> date:
    wanted = year.pays_on or add_months(_day(year), rules.PAYOUT_MONTHS)
    return min(wanted, max(rules.refund_due_on(year.ends_on), _day(year))) if kind == PayableKind.REFUND else wanted


@transaction.atomic
def reverse_year(year: Year, *, by: Person) -> Year:
    """Take a booked year back as a whole, as long as nothing of it was paid out; then it can be prepared anew."""
    year = _taken(year)
    require(access.may_resolve(by, year.cooperative), _("Only the board takes a booked year back."), NotAllowed)
    require(year.state == YearState.BOOKED, _("This year is not booked."), Refused)
    # by what the year books, too: a reference can be typed, for payments
    bookings = Booking.objects.filter(
        cooperative=year.cooperative, reference=year.reference, kind__in=KINDS, request=None, reverses=None, reversed_by=None
    )
    for owed in Payable.objects.filter(pk__in=bookings.exclude(payable=None).values("payable")).order_by("-pk"):
        money.take_back_owed(owed, by=by)  # refuses what was paid out
    for booking in bookings.filter(payable=None).order_by("-pk"):
        money.reverse_booking(booking, by=by, text=_("Result of the year %(day)s taken back") % {"day": year.ends_on})
    Year.objects.filter(pk=year.pk).update(state=YearState.REVERSED)
    trail.record("surplus.year_reversed", by=by, about=year, cooperative=year.cooperative_id)
    year.refresh_from_db()
    return year


def _taken(year: Year) -> Year:
    locked(year.cooperative)
    return Year.objects.select_for_update(of=("self",)).select_related("cooperative__organisation").get(pk=year.pk)
