"""What the exits of a day come to, worked out from the books and not yet booked: what the board looks at before it settles."""

from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

from django.utils.timezone import localdate

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import statute_of
from allmende.leaving import rules
from allmende.leaving.models import OPEN, Scope, State, Termination
from allmende.leaving.rules import Sums
from allmende.members.models import Membership
from allmende.members.queries import shares_on
from allmende.members.rules import first_day_after
from allmende.money.models import Account, Booking, BookingKind, Payable
from allmende.money.queries import account_total, balances, minimum_on, payables_with_paid

LAW = "§ 8a GenG"
"""By this a block for the minimum capital is told from one the board has set for another reason."""


@dataclass(frozen=True)
class Row:
    """One exit with its sums. `booked_since` is what came or went after the day of the exit."""

    termination: Termination
    sums: Sums
    booked_since: int


@dataclass(frozen=True)
class Preview:
    """All exits of a day. `remaining` is the capital of those who stay, `least` the minimum capital of the statute (§ 8a GenG)."""

    rows: list[Row]
    remaining: int
    least: int
    has_booked_loss: bool

    @property
    def is_blocked(self) -> bool:
        """Whether nothing may be paid out yet."""
        return rules.is_blocked(self.remaining, self.least)

    @property
    def owed(self) -> int:
        """What all of them are owed together."""
        return sum(row.sums.owed for row in self.rows)

    @property
    def loss(self) -> int:
        """What all of them bear of the loss together."""
        return sum(row.sums.loss for row in self.rows)

    @property
    def seen(self) -> str:
        """A fingerprint of what was looked at: another booking makes another one."""
        said = [(row.termination.pk, row.sums.capital, row.sums.loss, row.sums.owed) for row in self.rows]
        return blake2b(repr((said, self.is_blocked)).encode(), digest_size=12).hexdigest()


def preview(cooperative: Cooperative, ends_on: date, loss_cents: int = 0, *, lock: bool = False) -> Preview:
    """Every confirmed exit of this day with what it comes to.

    Counted is what a member has on the capital account today, so that payments and results booked after the year end go along; who
    keeps shares never gets more than was there on the day. The loss goes by the capital of all members on the day of the exit.
    """
    found = Termination.objects.filter(membership__cooperative=cooperative, state=State.CONFIRMED, effective_on=ends_on)
    rows = found.select_for_update(of=("self",)) if lock else found
    # the whole membership last: what single shares left is then known
    exits = sorted(rows.select_related("membership__cooperative__organisation", "membership__person", "statute"), key=_number)
    then, now = balances(cooperative, Account.CAPITAL, ends_on), balances(cooperative, Account.CAPITAL, date.max)
    losses = dict(zip(then, rules.loss_shares(loss_cents, list(then.values())), strict=True))
    stays = _shares_after(exits, ends_on)
    value = statute_of(cooperative, ends_on).share_cents if exits else 0
    made = []
    for one in exits:
        pk = one.membership_id
        held = now.get(pk, 0) if one.scope == Scope.ALL else min(now.get(pk, 0), then.get(pk, 0))
        loss = min(losses.get(pk, 0), held)
        sums = rules.settlement(held, loss, stays.get(pk, 0) if one.scope == Scope.SINGLE else 0, value)
        made.append(Row(one, sums, now.get(pk, 0) - then.get(pk, 0)))
    least = minimum_on(cooperative, localdate()) if exits else 0
    return Preview(made, _remaining(cooperative, made), least, _has_booked_loss(cooperative, ends_on))


def _number(one: Termination) -> int:
    return one.membership.number


def _shares_after(exits: list[Termination], ends_on: date) -> dict[int, int]:
    memberships = Membership.objects.filter(pk__in=[one.membership_id for one in exits if one.scope == Scope.SINGLE])
    return {pk: held or 0 for pk, held in memberships.annotate(held=shares_on(first_day_after(ends_on))).values_list("pk", "held")}


def _remaining(cooperative: Cooperative, rows: list[Row]) -> int:
    """The capital that is left when all of this and all that is owed already is paid out."""
    return account_total(cooperative, Account.CAPITAL, date.max) - sum(row.sums.owed + row.sums.loss for row in rows)


def _has_booked_loss(cooperative: Cooperative, ends_on: date) -> bool:
    """Whether the loss of this year is booked already for all members, so that nobody bears it twice."""
    booked = Booking.objects.filter(cooperative=cooperative, kind=BookingKind.LOSS, booked_on__gte=ends_on, reversed_by=None)
    own = Termination.objects.filter(membership__cooperative=cooperative, state=State.SETTLED).values_list("uuid", flat=True)
    return booked.exclude(reference__in=[str(uuid) for uuid in own]).exists()


def is_still_blocked(cooperative: Cooperative) -> bool:
    """Whether payouts that wait for the minimum capital have to wait on (§ 8a GenG)."""
    return rules.is_blocked(_remaining(cooperative, []), minimum_on(cooperative, localdate()))


def blocked(cooperative: Cooperative) -> list[Termination]:
    """Settled exits whose payout waits for the minimum capital."""
    found = Termination.objects.filter(membership__cooperative=cooperative, state=State.SETTLED, payable__blocked_reason__contains=LAW)
    return list(found.select_related("payable__membership__cooperative", "membership").order_by("effective_on", "pk"))


def undone_by(cooperative: Cooperative, dissolved_on: date, *, lock: bool = False) -> tuple[list[Termination], list[Termination]]:
    """Which exits a dissolution on this day undoes (§ 75; before the exit has come § 65 IV, § 67b II), and which of them were paid out
    already. Single shares that are gone stay gone: § 75 speaks of memberships.
    """
    found = Termination.objects.filter(membership__cooperative=cooperative, state__in=(*OPEN, State.SETTLED))
    rows = found.select_for_update(of=("self",)) if lock else found
    concerned = [
        one
        for one in rows.select_related("membership__cooperative__organisation", "membership__person", "payable__membership__cooperative")
        if rules.is_undone_by(one.effective_on, dissolved_on) and (one.scope == Scope.ALL or dissolved_on <= one.effective_on)
    ]
    payables = payables_with_paid(Payable.objects.filter(pk__in=[one.payable_id for one in concerned if one.payable_id]))
    paid = {one.pk for one in payables if one.paid}  # type: ignore[attr-defined]
    return [one for one in concerned if one.payable_id not in paid], [one for one in concerned if one.payable_id in paid]
