"""What follows in money from a change of the register, in the transaction of that change."""

from django.utils.timezone import localdate

from allmende.members.models import EndReason, Membership, ShareEntry
from allmende.money import queries, rules
from allmende.money.actions.asking import ask_for, ask_for_entry_fee, ask_for_shares, withdraw_request
from allmende.money.actions.booking import Line, book
from allmende.money.models import Account, BookingKind, Request, RequestKind, Withdrawn
from allmende.people.models import Person


def follow_entering(membership: Membership, *, by: Person | None) -> None:
    """A new member is asked for the shares and the entry fee. Shares taken over from somebody are not asked for again."""
    for entry in membership.share_entries.filter(kind="subscribe"):
        ask_for_shares(entry, by=by)
    ask_for_entry_fee(membership, by=by)


def follow_transfer(entry: ShareEntry, taker: Membership, held: int, *, by: Person | None) -> None:
    """With shares goes their part of what is paid in, and of what is still to be paid (§ 76 GenG); both together exact to the cent."""
    giver, given = entry.membership, -entry.quantity
    asked = list(queries.open_requests(giver.cooperative).filter(membership=giver, kind=RequestKind.SHARES))
    lefts: list[int] = [one.left for one in asked]  # type: ignore[attr-defined]
    capital, *parts = rules.goes_along([queries.capital(giver), *lefts], given, held)
    if capital:
        _move_capital(entry, taker, capital, by)
    for request, left, part in zip(asked, lefts, parts, strict=True):
        if part:
            _split(request, taker, left, part, by)


def _move_capital(entry: ShareEntry, taker: Membership, cents: int, by: Person | None) -> None:
    """On the day of the transfer; where the money came in later, not before it was there."""
    giver, day = entry.membership, entry.effective_on
    if queries.lowest_from(giver, Account.CAPITAL, day) < cents:
        day = max(localdate(), day)
    line = Line(BookingKind.TRANSFER, Account.CAPITAL, Account.CAPITAL, cents, day, giver, to_member=taker)
    book(giver.cooperative, [line], by=by)


def _split(request: Request, taker: Membership, left: int, part: int, by: Person | None) -> None:
    """The open request is asked anew: of the taker for the part that went along, of the giver for the rest."""
    withdraw_request(request, why=Withdrawn.TRANSFERRED, by=by)
    for membership, cents in ((request.membership, left - part), (taker, part)):
        if cents:
            entry = request.share_entry if membership == request.membership else None
            ask_for(membership, RequestKind.SHARES, cents, due_on=request.due_on, text=request.text, share_entry=entry, by=by)


def follow_reversal(entry: ShareEntry, *, by: Person | None) -> None:
    """Shares that were entered wrongly are not asked for any more. What was paid stays the member's until it is booked back by hand."""
    for request in queries.open_requests(entry.membership.cooperative).filter(share_entry=entry):
        withdraw_request(request, why=Withdrawn.REVERSED, by=by)


def follow_end(membership: Membership, *, by: Person | None) -> None:
    """Payments that fall due while one is a member stay owed; after the exit nothing is paid in any more, there is only the settlement."""
    if membership.end_reason == EndReason.TRANSFER or membership.ends_on is None:
        return  # went along with the shares
    later = {"membership": membership, "kind": RequestKind.SHARES, "due_on__gt": membership.ends_on}
    for request in queries.open_requests(membership.cooperative).filter(**later):
        withdraw_request(request, why=Withdrawn.ENDED, by=by)


def follow_end_taken_back(membership: Membership) -> None:
    """The member stays: what was not asked for because of the end is asked for again."""
    gone = Request.objects.filter(membership=membership, kind=RequestKind.SHARES, withdrawn_why=Withdrawn.ENDED)
    gone.update(withdrawn_at=None, withdrawn_why="")
