"""What a line of the bank account was: booked on requests, split, ignored with a reason, paid back, and all of it undone again.

Of every line, what is booked, what is ignored and what is open make its amount, to the cent.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.banking import queries, suggestions
from allmende.banking.actions import runs
from allmende.banking.models import Item, Line, Part, Run, RunKind, RunState
from allmende.constitution.models import Cooperative
from allmende.ground import trail
from allmende.ground.refusals import BadInput, Refused, require
from allmende.ground.text import clean
from allmende.members.actions import locked
from allmende.members.models import Membership
from allmende.money import actions as money
from allmende.money.models import Request
from allmende.people.models import Person


def reference_of(line: Line) -> str:
    """What bookings of this line carry as their voucher."""
    return f"BANK-{line.uuid.hex[:12].upper()}"


def _locked(line: Line, by: Person) -> Line:
    """The line as it is now, with the cooperative locked."""
    money.require_booking(by, locked(line.cooperative))
    return Line.objects.select_for_update(of=("self",)).select_related("cooperative").get(pk=line.pk)


def _require_rest(line: Line, cents: int) -> None:
    require(line.ignored_at is None, _("This line is ignored. Take that back first."), Refused)
    rest = queries.rest_of(line)
    require(rest > 0, _("This line is booked already."), Refused)
    require(0 < cents <= rest, _("More than this line still has cannot be booked."), Refused)


@transaction.atomic
def book_line(line: Line, parts: Sequence[tuple[Request, int]], *, by: Person) -> list[Part]:
    """Book money that came in on these requests, so much on each; what is left of the line stays open."""
    line = _locked(line, by)
    require(parts, _("Choose at least one request."), BadInput)
    require(line.cents > 0, _("This money went out; it cannot be booked on a request."), Refused)
    _require_rest(line, sum(cents for _request, cents in parts))
    made = [_book_part(line, request, cents, by) for request, cents in parts]
    trail.record("banking.line_booked", by=by, about=line, cooperative=line.cooperative_id, parts=len(made))
    return made


def _book_part(line: Line, request: Request, cents: int, by: Person) -> Part:
    require(request.membership.cooperative_id == line.cooperative_id, _("This request belongs to another cooperative."), BadInput)
    booking = money.receive(request, cents, booked_on=line.booked_on, reference=reference_of(line), by=by)
    return Part.objects.create(line=line, cents=cents, booking=booking, made_by=by)


@transaction.atomic
def book_certain(cooperative: Cooperative, lines: Sequence[Line], *, by: Person) -> int:
    """Book every one of these lines whose suggestion is certain at this moment; says how many. Others stay as they are."""
    money.require_booking(by, locked(cooperative))
    number = 0
    for line in lines:
        found = suggestions.suggestions_for(cooperative, [line])[line.pk]  # asked anew: the line before may have paid the same request
        certain = next((one for one in found if one.is_certain), None)
        if certain and queries.is_open(line):
            book_line(line, [(one.request, one.cents) for one in certain.parts], by=by)
            number += 1
    return number


@transaction.atomic
def ignore_line(line: Line, reason: str, *, by: Person) -> None:
    """What is open of this line does not belong to members: bank charges, rent, a transfer between own accounts. The reason stays."""
    line = _locked(line, by)
    require(clean(reason).strip(), _("Say why, so that it can be understood later."), BadInput)
    require(line.ignored_at is None, _("This line is ignored already."), Refused)
    require(queries.rest_of(line) > 0, _("This line is booked already."), Refused)
    Line.objects.filter(pk=line.pk).update(ignored_at=timezone.now(), ignored_reason=clean(reason)[:200], ignored_by=by)
    trail.record("banking.line_ignored", by=by, about=line, cooperative=line.cooperative_id)


@transaction.atomic
def heed_line(line: Line, *, by: Person) -> None:
    """It does matter after all."""
    line = _locked(line, by)
    Line.objects.filter(pk=line.pk).update(ignored_at=None, ignored_reason="", ignored_by=None)
    trail.record("banking.line_heeded", by=by, about=line, cooperative=line.cooperative_id)


@transaction.atomic
def undo_line(line: Line, *, by: Person) -> int:
    """Take back everything that was booked from this line, by reversals; says how many parts. Then it is open again."""
    line = _locked(line, by)
    parts = list(queries.live_parts(line).select_related("booking", "item", "payable"))
    require(parts, _("Nothing of this line is booked."), Refused)
    for part in parts:
        _undo_part(part, by)
    trail.record("banking.line_undone", by=by, about=line, cooperative=line.cooperative_id, parts=len(parts))
    return len(parts)


def _undo_part(part: Part, by: Person) -> None:
    whole = part.booking is None or part.booking.cents == part.cents
    require(whole, _("This return also took back what had been paid too much; it cannot be undone."), Refused)
    if part.payable:
        money.take_back_owed(part.payable, by=by)
    if part.booking:
        money.reverse_booking(part.booking, by=by, text=_("assigned wrongly"))
    if part.item and part.booking:
        runs.take_return_back(part.item)
    Part.objects.filter(pk=part.pk).update(undone_at=timezone.now())


@transaction.atomic
def owe_rest(line: Line, membership: Membership, *, by: Person) -> Part:
    """What a member paid too much is owed back: it stands among the payouts from now on."""
    line = _locked(line, by)
    rest = queries.rest_of(line)
    require(line.cents > 0, _("This money went out."), Refused)
    _require_rest(line, rest)
    require(membership.cooperative_id == line.cooperative_id, _("This member belongs to another cooperative."), BadInput)
    booking, payable = runs.owe_back(membership, rest, line.booked_on, reference_of(line), by)
    made = Part.objects.create(line=line, cents=rest, booking=booking, payable=payable, made_by=by)
    trail.record("banking.line_owed_back", by=by, about=line, cooperative=line.cooperative_id)
    return made


@transaction.atomic
def settle_by_item(line: Line, item: Item, *, by: Person) -> Part:
    """This line is one debit or payout of an order: done as ordered, or come back (then it is booked back here)."""
    line = _locked(line, by)
    item = Item.objects.select_related("run", "membership__cooperative", "mandate", "booking", "request", "payable").get(pk=item.pk)
    require(item.run.cooperative_id == line.cooperative_id, _("This order belongs to another cooperative."), BadInput)
    require(item.run.state == RunState.EXECUTED, _("Mark the order as executed first, then assign the line."), Refused)
    came_back = (line.cents > 0) == (item.run.kind == RunKind.PAYOUT)
    _require_rest(line, item.cents)
    if came_back:
        booking = runs.return_item(item, line.return_code, line.booked_on, reference=reference_of(line), by=by)
        return Part.objects.create(line=line, cents=item.cents, booking=booking, item=item, made_by=by)
    taken = queries.counting(Part.objects.filter(item=item, booking=None))
    require(not taken.exists(), _("This item of the order is on another line already."), Refused)
    return Part.objects.create(line=line, cents=item.cents, item=item, made_by=by)


@transaction.atomic
def settle_by_run(line: Line, run: Run, *, by: Person) -> Part:
    """This line is the sum of an order that is booked already."""
    line = _locked(line, by)
    run = Run.objects.get(pk=run.pk)
    require(run.cooperative_id == line.cooperative_id, _("This order belongs to another cooperative."), BadInput)
    require(run.state == RunState.EXECUTED, _("Mark the order as executed first, then assign the line."), Refused)
    require((line.cents > 0) == (run.kind == RunKind.DEBIT), _("This order goes the other way."), Refused)
    total = queries.total_of(run)
    _require_rest(line, total)
    taken = queries.counting(Part.objects.filter(run=run)) | queries.counting(Part.objects.filter(item__run=run, booking=None))
    require(not taken.exists(), _("This order is on another line already."), Refused)
    return Part.objects.create(line=line, cents=total, run=run, made_by=by)
