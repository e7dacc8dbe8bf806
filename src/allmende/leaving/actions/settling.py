"""What is paid out after an exit (§ 73 GenG): worked out from the books, never before the exit, all of a fiscal year end together."""

from datetime import date

from django.db import transaction
from django.utils import timezone, translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.ground import trail
from allmende.ground.money import euros
from allmende.ground.refusals import BadInput, Refused, require
from allmende.leaving import letters, rules, settlements
from allmende.leaving.actions.base import require_board
from allmende.leaving.models import State, Termination
from allmende.leaving.settlements import Preview, Row
from allmende.leaving.wording import day_words
from allmende.members.actions import locked
from allmende.members.models import Membership
from allmende.members.rules import first_day_after
from allmende.money import actions as money
from allmende.money.actions import Line
from allmende.money.models import Account, BookingKind, Payable, PayableKind
from allmende.money.queries import lowest_from
from allmende.people.models import Person


@transaction.atomic
def settle(cooperative: Cooperative, ends_on: date, *, accounts_on: date, loss_cents: int, seen: str, by: Person) -> int:
    """Settle all exits that came with this day: the share of the loss is taken, what is left is owed. Says how many; none the second time.

    `seen` is the fingerprint of the preview: if a booking came in meanwhile, it is shown again and nothing is booked.
    """
    cooperative = locked(cooperative)
    require_board(by, cooperative)
    today = localdate()
    require(rules.is_over(ends_on, today), _("Nothing is settled before the exit has come: its capital is not known yet."), Refused)
    require(accounts_on <= today, _("The annual accounts have to be approved before (§ 48 GenG)."), BadInput)
    require(accounts_on > ends_on, _("The annual accounts are those of the fiscal year that ended with the exit."), BadInput)
    require(loss_cents >= 0, _("A loss is entered without a minus."), BadInput)
    preview = settlements.preview(cooperative, ends_on, loss_cents, lock=True)
    if not preview.rows:
        return 0
    require(not loss_cents or not preview.has_booked_loss, _("The loss of this year is booked already; leave the field empty."), Refused)
    require(seen == preview.seen, _("Something was booked since the page was shown. Please look at the sums again."), Refused)
    for row in preview.rows:
        _settle_one(row, preview, accounts_on, by)
    return len(preview.rows)


def _settle_one(row: Row, preview: Preview, accounts_on: date, by: Person) -> None:
    termination = row.termination
    membership = termination.membership
    booked_on = _day(membership, row.sums.loss + row.sums.owed, first_day_after(termination.effective_on))
    lines = []
    if row.sums.loss:
        text = _("Share of the loss by the annual accounts of %(day)s") % {"day": day_words(accounts_on)}
        lines.append(_line(termination, BookingKind.LOSS, Account.SURPLUS, row.sums.loss, booked_on, text))
    if row.sums.owed:
        lines.append(_line(termination, BookingKind.SETTLEMENT, Account.SETTLEMENT, row.sums.owed, booked_on))
        termination.payable = _owe(row, preview, lines, by)
    elif lines:
        money.book(membership.cooperative, lines, by=by)
    termination.state, termination.settled_at, termination.settled_by = State.SETTLED, timezone.now(), by
    termination.accounts_on = accounts_on
    termination.capital_cents, termination.loss_cents, termination.settled_cents = row.sums.capital, row.sums.loss, row.sums.owed
    termination.save()
    trail.record("leaving.exit_settled", by=by, about=termination, cooperative=membership.cooperative_id, scope=termination.scope)
    letters.settled(termination)


def _day(membership: Membership, cents: int, day: date) -> date:
    """The day after the exit; today where what is settled came in later, so that no balance was ever below zero."""
    return day if lowest_from(membership, Account.CAPITAL, day) >= cents else localdate()


def _line(termination: Termination, kind: str, credit: str, cents: int, booked_on: date, text: str = "") -> Line:
    """A line that is found again by the exit it belongs to."""
    return Line(kind, Account.CAPITAL, credit, cents, booked_on, termination.membership, text=text, reference=str(termination.uuid))


def _owe(row: Row, preview: Preview, lines: list[Line], by: Person) -> Payable:
    termination = row.termination
    text = _("Settlement of the exit on %(day)s") % {"day": day_words(termination.effective_on)}
    return money.owe(
        termination.membership,
        PayableKind.SETTLEMENT,
        lines,
        due_on=termination.payout_due_on,
        text=text,
        blocked_reason=blocked_words(preview) if preview.is_blocked else "",
        by=by,
    )


def blocked_words(preview: Preview) -> str:
    """Why a payout waits, in the language of the house: it stands in the books."""
    with translation.override("de"):
        return _(
            "Payout suspended: the capital that remains, %(there)s, is below the minimum capital of the statute, %(least)s (§ 8a GenG)."
        ) % {
            "there": euros(preview.remaining),
            "least": euros(preview.least),
        }


@transaction.atomic
def lift_blocks(cooperative: Cooperative, *, by: Person) -> int:
    """Payouts that waited for the minimum capital may go on, if there is enough now. Says how many; other blocks stay."""
    cooperative = locked(cooperative)
    require_board(by, cooperative)
    require(not settlements.is_still_blocked(cooperative), _("The capital is still below the minimum of the statute (§ 8a GenG)."), Refused)
    waiting = settlements.blocked(cooperative)
    for one in waiting:
        if one.payable:
            money.block(one.payable, "", by=by)
    return len(waiting)
