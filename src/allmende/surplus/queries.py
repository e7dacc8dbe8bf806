"""A year's preview: who would get what, and whether law and statute allow it."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative, Statute
from allmende.constitution.queries import statute_on
from allmende.constitution.rules import fiscal_year_end, fiscal_year_start
from allmende.contributions.queries import refund_base
from allmende.ground.money import euros
from allmende.members.models import Membership, ShareEntry
from allmende.money import queries as money
from allmende.money.models import Account, Booking
from allmende.surplus import rules
from allmende.surplus.models import Year


@dataclass(frozen=True)
class Row:
    """One member of the preview."""

    membership: Membership
    capital: int
    distributed: rules.Part | None
    interest: rules.Part | None
    refund: rules.Part | None

    @property
    def cents(self) -> int:
        """All together."""
        return sum(part.cents for part in (self.distributed, self.interest, self.refund) if part)

    @property
    def credited(self) -> int:
        """Of it, to the member's shares (below zero: written off)."""
        return sum(part.credited for part in (self.distributed, self.interest, self.refund) if part)


@dataclass(frozen=True)
class Preview:
    """All rows with something in them, by member number, and what speaks against booking."""

    rows: list[Row]
    refund_base: int
    refund_cap: int
    interest_cents: int
    faults: list[str]

    @property
    def credited(self) -> int:
        """Sum of what is credited to shares."""
        return sum(row.credited for row in self.rows)

    @property
    def paid_out(self) -> int:
        """Sum of what is to be transferred."""
        return sum(row.cents - row.credited for row in self.rows)


def fiscal_years(cooperative: Cooperative, today: date, back: int = 3) -> list[date]:
    """The ends of the last fiscal years, the latest first; none without a statute."""
    statute = statute_on(cooperative, today)
    ends: list[date] = []
    day = today
    while statute and len(ends) < back:
        day = fiscal_year_start(day, statute.fiscal_month) - timedelta(days=1)
        ends.append(fiscal_year_end(day, statute.fiscal_month))
    return ends


def holdings(cooperative: Cooperative, ends_on: date, statute: Statute) -> list[rules.Holding]:
    """Members by their Geschäftsguthaben at the end of the year before; in the first year by what was paid in (§ 19 I GenG)."""
    before = fiscal_year_start(ends_on, statute.fiscal_month) - timedelta(days=1)
    then = _positive(money.balances(cooperative, Account.CAPITAL, before)) or _positive(
        money.balances(cooperative, Account.CAPITAL, ends_on)
    )
    now = money.balances(cooperative, Account.CAPITAL, date.max)
    worth = _worth(cooperative, list(then))
    numbers = dict(Membership.objects.filter(pk__in=then).values_list("pk", "number"))
    return [
        rules.Holding(pk, cents, max(0, worth.get(pk, 0) - now.get(pk, 0)))
        for pk, cents in sorted(then.items(), key=lambda one: numbers[one[0]])
    ]


def _positive(found: dict[int, int]) -> dict[int, int]:
    return {pk: cents for pk, cents in found.items() if cents > 0}


def _worth(cooperative: Cooperative, pks: list[int]) -> dict[int, int]:
    """What the shares they hold for good are worth: the room that profits fill up."""
    found: dict[int, int] = {}
    lines = ShareEntry.objects.filter(membership__cooperative=cooperative, membership__ends_on=None)
    for pk, quantity, cents in lines.values_list("membership", "quantity", "share_cents"):
        found[pk] = found.get(pk, 0) + quantity * cents
    return {pk: found[pk] for pk in pks if pk in found}


def preview(year: Year) -> Preview:
    """Who gets what by this proposal, and every reason why it may not be booked like this."""
    statute = statute_on(year.cooperative, year.ends_on)
    if statute is None:
        return Preview([], 0, 0, 0, [_("There is no statute in force at the end of this year.")])
    held = holdings(year.cooperative, year.ends_on, statute)
    bases = refund_base(year.cooperative, fiscal_year_start(year.ends_on, statute.fiscal_month), year.ends_on)
    base = sum(cents for cents in bases.values() if cents > 0)
    cap = rules.refund_cap(year.result + year.refund - year.side_business, base, year.total_turnover)
    faults = _faults(year, statute, held, base, cap)
    capital = {one.member: one.weight for one in held}
    given = {} if faults else {part.member: part for part in _given(year, held)}
    yields = {part.member: part for part in rules.interest(year.interest_permille, held)} if year.interest_permille else {}
    back = {part.member: part for part in rules.refunds(year.refund, _in_order(bases))} if year.refund and base else {}
    found = {**given, **yields, **back}
    memberships = Membership.objects.filter(pk__in=found).order_by("number")
    rows = [Row(one, capital.get(one.pk, 0), given.get(one.pk), yields.get(one.pk), back.get(one.pk)) for one in memberships]
    return Preview([row for row in rows if row.cents], base, cap, sum(part.cents for part in yields.values()), faults)


def _in_order(bases: dict[int, int]) -> dict[int, int]:
    numbers = dict(Membership.objects.filter(pk__in=bases).values_list("pk", "number"))
    return dict(sorted(bases.items(), key=lambda one: numbers[one[0]]))


def _given(year: Year, held: list[rules.Holding]) -> list[rules.Part]:
    if year.borne:
        return rules.bear(year.borne, held)
    return rules.distribute(year.distributed, held) if year.distributed else []


def _faults(year: Year, statute: Statute, held: list[rules.Holding], base: int, cap: int) -> list[str]:
    """Every sentence says what to do."""
    found: list[str] = []
    capital = sum(one.weight for one in held)
    plan = rules.Plan(year.result, year.to_legal_reserve, year.to_other_reserve, year.from_reserve, year.distributed)
    least = min(rules.least_reserve(year.result, statute.reserve_permille), max(0, year.result))
    if year.distributed and not statute.pays_out_surplus:
        found.append(_("The statute does not allow distributing surplus; put it into reserves (§ 20 GenG)."))
    if year.distributed and not capital:
        found.append(_("Nobody had capital at the end of the year before, so there is nothing to distribute by."))
    if year.distributed and year.loss_carried:
        found.append(_("A loss of earlier years is not covered yet; cover it before anything is distributed."))
    if year.result >= 0 and plan.left < 0:
        found.append(_("More is given away than there is: %(cents)s too much.") % {"cents": euros(-plan.left)})
    if year.result > 0 and year.to_legal_reserve < least:
        found.append(_("By the statute at least %(cents)s go into the legal reserve.") % {"cents": euros(least)})
    if year.borne > max(0, -year.result - year.from_reserve):
        found.append(_("Not more loss is written off than there is after the reserves."))
    if year.borne > capital:
        found.append(_("The loss is larger than all members' capital; it is carried forward instead."))
    if year.interest_permille > statute.interest_permille:
        found.append(_("The statute allows at most %(rate)s thousandths of interest (§ 21a GenG).") % {"rate": statute.interest_permille})
    if year.interest_permille and (year.loss_carried or year.result < 0):
        found.append(_("Interest is not paid while a loss is not covered (§ 21a GenG)."))
    if year.refund and not statute.has_refund:
        found.append(_("The statute does not provide for a patronage refund; the assembly would have to change it first."))
    if year.refund and not base:
        found.append(_("There is no confirmed business of members in this year that could be refunded. See the rules of contributions."))
    if year.refund > cap and year.refund and base:
        found.append(_("At most %(cap)s can be refunded by § 22 KStG.") % {"cap": euros(cap)})
    return found


def part_of(year: Year, membership: Membership) -> int:
    """What a member got from a booked year (below zero: bore), in cents."""
    mine = Booking.objects.filter(reference=year.reference, reverses=None)
    given = sum(mine.filter(member_credit=membership).values_list("cents", flat=True))
    return given - sum(mine.filter(member_debit=membership).values_list("cents", flat=True))
