"""Questions about money. Balances are sums of bookings, as of any date; nothing is stored twice."""

from datetime import date, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import statute_of, statute_on
from allmende.constitution.rules import fiscal_year_start
from allmende.ground.money import euros
from allmende.members import queries as members
from allmende.members import rules as shares
from allmende.members.models import Membership
from allmende.money import rules
from allmende.money.models import Account, BankAccount, Booking, Bookkeeping, Payable, Request


def balance(membership: Membership, account: str, day: date | None = None) -> int:
    """What a member has on this account at the end of the day (of all days): credits less debits, in cents."""
    booked = Booking.objects.all() if day is None else Booking.objects.filter(booked_on__lte=day)
    given = booked.filter(member_credit=membership, credit=account).aggregate(sum=Sum("cents"))["sum"] or 0
    taken = booked.filter(member_debit=membership, debit=account).aggregate(sum=Sum("cents"))["sum"] or 0
    return given - taken


def capital(membership: Membership, day: date | None = None) -> int:
    """The Geschäftsguthaben: what is paid in and credited, less losses and what was paid out."""
    return balance(membership, Account.CAPITAL, day)


def lowest_from(membership: Membership, account: str, day: date) -> int:
    """The smallest balance of this member's account at the end of this or any later day."""
    given = Booking.objects.filter(member_credit=membership, credit=account).order_by()
    taken = Booking.objects.filter(member_debit=membership, debit=account).order_by()
    lines = list(given.values_list("booked_on").annotate(sum=Sum("cents")))
    lines += [(since, -cents) for since, cents in taken.values_list("booked_on").annotate(sum=Sum("cents"))]
    return rules.lowest_from(lines, day)


def balances(cooperative: Cooperative, account: str, day: date) -> dict[int, int]:
    """All members' balances of this account at the end of the day, by membership; members without any booking are absent."""
    booked = Booking.objects.filter(cooperative=cooperative, booked_on__lte=day).order_by()
    given = booked.filter(credit=account).values_list("member_credit").annotate(sum=Sum("cents"))
    taken = booked.filter(debit=account).values_list("member_debit").annotate(sum=Sum("cents"))
    found = {pk: cents for pk, cents in given if pk}
    for pk, cents in taken:
        if pk:
            found[pk] = found.get(pk, 0) - cents
    return found


def account_total(cooperative: Cooperative, account: str, day: date) -> int:
    """The whole account of the cooperative at the end of the day: credits less debits."""
    booked = Booking.objects.filter(cooperative=cooperative, booked_on__lte=day)
    given = booked.filter(credit=account).aggregate(sum=Sum("cents"))["sum"] or 0
    return given - (booked.filter(debit=account).aggregate(sum=Sum("cents"))["sum"] or 0)


def requests_with_paid(requests: QuerySet[Request]) -> QuerySet[Request]:
    """Requests, each with `paid` in cents: what came in for it, less what was returned or reversed."""
    return requests.annotate(paid=_towards("request", ("bank",)), left=F("cents") - F("paid"))


def open_requests(cooperative: Cooperative) -> QuerySet[Request]:
    """What is asked for and not paid yet, earliest first, with `paid` and `left`."""
    asked = Request.objects.filter(membership__cooperative=cooperative, withdrawn_at=None)
    found: QuerySet[Request] = requests_with_paid(asked).filter(left__gt=0).order_by("due_on", "pk")  # type: ignore[misc]
    return found


def requests_by_state(cooperative: Cooperative, state: str, today: date) -> QuerySet[Request]:
    """Requests that are `open`, `late` (due before today), `paid` (the latest first) or `withdrawn`, with `paid` and `left`."""
    if state in {"open", "late"}:
        found = open_requests(cooperative)
        return found.filter(due_on__lt=today) if state == "late" else found
    asked = requests_with_paid(Request.objects.filter(membership__cooperative=cooperative, withdrawn_at__isnull=state == "paid"))
    if state == "paid":
        asked = asked.filter(left=0)  # type: ignore[misc]
    return asked.order_by("-due_on", "-pk")


def bookings(
    cooperative: Cooperative, account: str | None = None, number: int | None = None, first: date | None = None, last: date | None = None
) -> QuerySet[Booking]:
    """Lines of the ledger, the latest first: of an account, of a member, between two days."""
    found = Booking.objects.filter(cooperative=cooperative).select_related("member_debit", "member_credit", "request", "payable")
    if account:
        found = found.filter(Q(debit=account) | Q(credit=account))
    if number:
        found = found.filter(Q(member_debit__number=number) | Q(member_credit__number=number))
    if first:
        found = found.filter(booked_on__gte=first)
    if last:
        found = found.filter(booked_on__lte=last)
    return found.order_by("-booked_on", "-pk")


def sum_of(found: QuerySet[Booking]) -> int:
    """What these lines add up to."""
    return found.order_by().aggregate(sum=Sum("cents"))["sum"] or 0


def open_sum(cooperative: Cooperative, due_before: date | None = None) -> int:
    """How much is asked for and not paid yet (and due before this day): two sums, however many requests there are."""
    asked = Request.objects.filter(membership__cooperative=cooperative, withdrawn_at=None)
    booked = Booking.objects.filter(cooperative=cooperative, request__withdrawn_at=None, request__isnull=False)
    if due_before:
        asked, booked = asked.filter(due_on__lt=due_before), booked.filter(request__due_on__lt=due_before)
    came, went = booked.filter(debit=Account.BANK), booked.filter(credit=Account.BANK)
    paid = (came.aggregate(sum=Sum("cents"))["sum"] or 0) - (went.aggregate(sum=Sum("cents"))["sum"] or 0)
    return (asked.aggregate(sum=Sum("cents"))["sum"] or 0) - paid


def owed_sum(cooperative: Cooperative) -> int:
    """How much is owed to members and not paid out yet."""
    owed = Payable.objects.filter(membership__cooperative=cooperative, withdrawn_at=None)
    booked = Booking.objects.filter(cooperative=cooperative, payable__withdrawn_at=None, payable__isnull=False)
    gone, back = booked.filter(credit=Account.BANK), booked.filter(debit=Account.BANK)
    paid = (gone.aggregate(sum=Sum("cents"))["sum"] or 0) - (back.aggregate(sum=Sum("cents"))["sum"] or 0)
    return (owed.aggregate(sum=Sum("cents"))["sum"] or 0) - paid


def payables_with_paid(payables: QuerySet[Payable]) -> QuerySet[Payable]:
    """Sums owed, each with `paid` and `left` in cents."""
    return payables.annotate(paid=_towards("payable", ("bank",), out=True), left=F("cents") - F("paid"))


def open_payables(cooperative: Cooperative) -> QuerySet[Payable]:
    """What is owed and not paid out yet, earliest first."""
    owed = payables_with_paid(Payable.objects.filter(membership__cooperative=cooperative, withdrawn_at=None))
    found: QuerySet[Payable] = owed.filter(left__gt=0).order_by("due_on", "pk")  # type: ignore[misc]
    return found


def _towards(column: str, accounts: tuple[str, ...], *, out: bool = False) -> Coalesce:
    """Money that came over these accounts for a request (went over them for a payable), less what went back."""
    forth, back = ("credit__in", "debit__in") if out else ("debit__in", "credit__in")
    mine = Booking.objects.filter(**{column: OuterRef("pk")}).order_by().values(column)
    summed = mine.annotate(
        sum=Coalesce(Sum("cents", filter=Q(**{forth: accounts})), 0) - Coalesce(Sum("cents", filter=Q(**{back: accounts})), 0)
    )
    return Coalesce(Subquery(summed.values("sum")), 0)


def own_requests(memberships: QuerySet[Membership]) -> QuerySet[Request]:
    """What these members are asked for and have not paid yet."""
    asked = Request.objects.filter(membership__in=memberships, withdrawn_at=None).select_related("membership__cooperative__organisation")
    found: QuerySet[Request] = requests_with_paid(asked).filter(left__gt=0).order_by("due_on", "pk")  # type: ignore[misc]
    return found


def default_account(cooperative: Cooperative) -> BankAccount | None:
    """The bank account that stands on requests and slips."""
    return BankAccount.objects.filter(cooperative=cooperative, is_default=True).first()


def bookkeeping(cooperative: Cooperative) -> Bookkeeping:
    """The numbers of the bookkeeping outside; where nobody has entered any, what is usual."""
    return Bookkeeping.objects.filter(cooperative=cooperative).first() or Bookkeeping(cooperative=cooperative)


# --------------------------------------------------------------------------------------------------------- what the law asks


def may_take_further(membership: Membership, quantity: int, day: date | None = None) -> bool:
    """Whether so many further shares may be admitted: § 15b II GenG and the statute's most."""
    return not why_no_further(membership, quantity, day)


def why_no_further(membership: Membership, quantity: int, day: date | None = None) -> str:
    """Why so many further shares may not be admitted on this day, as a sentence; empty where they may.

    § 15b II GenG: all shares held must be fully paid except the last one; mandatory shares are not waited for. Several shares of one
    declaration count as taken together.
    """
    day = day or localdate()
    statute = statute_of(membership.cooperative, day)
    held = shares.highest_from(members.share_lines(membership), day)
    if statute.max_shares is not None and held + quantity > statute.max_shares:
        return _("The statute allows at most %(count)d shares.") % {"count": statute.max_shares}
    paid = capital(membership)
    if shares.may_take_further(paid, held, statute.mandatory_shares, statute.share_cents):
        return ""
    missing = (held - 1) * statute.share_cents - paid
    return _("The shares held so far except the last one must be fully paid first (§ 15b II GenG); %(missing)s are still to be paid.") % {
        "missing": euros(missing)
    }


def minimum_on(cooperative: Cooperative, day: date) -> int:
    """Below what settlements may not take the capital on this day (§ 8a GenG); 0 where the statute has no minimum."""
    statute = statute_on(cooperative, day)
    if statute is None or not (statute.minimum_capital_cents or statute.minimum_capital_permille):
        return 0
    year_before = fiscal_year_start(day, statute.fiscal_month) - timedelta(days=1)
    total = members_capital(cooperative, year_before)
    return rules.minimum_capital(statute.minimum_capital_cents, statute.minimum_capital_permille, total)


def members_capital(cooperative: Cooperative, day: date) -> int:
    """The capital of all members, also of those who left and are not paid yet: what § 8a GenG counts."""
    return account_total(cooperative, Account.CAPITAL, day) + account_total(cooperative, Account.SETTLEMENT, day)


def blocked_by_minimum(cooperative: Cooperative, cents: int, day: date) -> str:
    """Why a settlement of so many cents may not be paid out on this day, as a sentence; empty where it may (§ 8a II GenG)."""
    least = minimum_on(cooperative, day)
    left = members_capital(cooperative, day) - cents
    if left >= least:
        return ""
    said = _(
        "The minimum capital of %(least)s would be undercut: %(left)s would be left (§ 8a GenG). The payout waits until there is more."
    )
    return said % {"least": euros(least), "left": euros(left)}
