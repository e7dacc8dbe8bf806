"""Questions about money. Balances are sums of bookings, as of any date; nothing is stored twice."""

from datetime import date

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from allmende.constitution.models import Cooperative
from allmende.members.models import Membership
from allmende.money.models import Account, Booking, Payable, Request


def balance(membership: Membership, account: str, day: date | None = None) -> int:
    """What a member has on this account at the end of the day (of all days): credits less debits, in cents."""
    booked = Booking.objects.all() if day is None else Booking.objects.filter(booked_on__lte=day)
    given = booked.filter(member_credit=membership, credit=account).aggregate(sum=Sum("cents"))["sum"] or 0
    taken = booked.filter(member_debit=membership, debit=account).aggregate(sum=Sum("cents"))["sum"] or 0
    return given - taken


def capital(membership: Membership, day: date | None = None) -> int:
    """The Geschäftsguthaben: what is paid in and credited, less losses and what was paid out."""
    return balance(membership, Account.CAPITAL, day)


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


def payables_with_paid(payables: QuerySet[Payable]) -> QuerySet[Payable]:
    """Sums owed, each with `paid` and `left` in cents."""
    return payables.annotate(paid=_towards("payable", ("bank",), out=True), left=F("cents") - F("paid"))


def open_payables(cooperative: Cooperative) -> QuerySet[Payable]:
    """What is owed and not paid out yet, earliest first."""
    owed = payables_with_paid(Payable.objects.filter(membership__cooperative=cooperative))
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
