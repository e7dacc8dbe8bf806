"""The ledger as people read it: a member's account in plain words, all accounts as of a day, the capital of every member."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.members.access import active_on
from allmende.members.models import Membership
from allmende.members.queries import shares_on
from allmende.money import queries
from allmende.money.models import MEMBER_ACCOUNTS, Account, Booking, BookingKind, RequestKind


@dataclass(frozen=True)
class Line:
    """One line of a member's account: what happened, what it changed, and what there was afterwards."""

    booking: Booking
    account: str
    words: str
    change: int
    balance: int

    @property
    def label(self) -> str:
        """The account's name for members: short."""
        names = {Account.CAPITAL: _("Capital"), Account.RECEIVABLE: _("Fees"), Account.SETTLEMENT: _("Settlement")}
        return names.get(Account(self.account), _("To be paid out"))


def lines_of(membership: Membership, until: date | None = None) -> list[Line]:
    """All lines of a member's accounts, the latest first; each account has its own running balance."""
    mine = Booking.objects.filter(Q(member_debit=membership) | Q(member_credit=membership)).select_related("request", "reverses")
    if until:
        mine = mine.filter(booked_on__lte=until)
    balances = dict.fromkeys(MEMBER_ACCOUNTS, 0)
    found = []
    for booking in mine.order_by("booked_on", "pk"):
        for account, change in _changes(booking, membership):
            balances[account] += change
            found.append(Line(booking, account, words(booking, account, change), change, balances[account]))
    return found[::-1]


def _changes(booking: Booking, membership: Membership) -> Iterator[tuple[str, int]]:
    if booking.member_debit_id == membership.pk:
        yield booking.debit, -booking.cents
    if booking.member_credit_id == membership.pk:
        yield booking.credit, booking.cents


def words(booking: Booking, account: str, change: int) -> str:
    """What a line of a member's account says, in a sentence a member understands."""
    if booking.kind == BookingKind.REVERSAL:
        return _("An earlier line was reversed")
    if booking.kind == BookingKind.PAYMENT:
        return _payment(booking)
    if booking.kind == BookingKind.TRANSFER:
        return _("Came along with shares of another member") if change > 0 else _("Went along with shares to another member")
    if booking.kind == BookingKind.SETTLEMENT:
        return _("Settled after the exit") if account == Account.CAPITAL else _("To be paid out after the exit")
    return _simple(booking)


def _payment(booking: Booking) -> str:
    kind = booking.request.kind if booking.request else RequestKind.SHARES
    said = {RequestKind.SHARES: _("Paid in on shares"), RequestKind.ENTRY_FEE: _("Entry fee paid"), RequestKind.FEE: _("Fee paid")}
    return said[RequestKind(kind)]


def _simple(booking: Booking) -> str:
    said = {
        BookingKind.OPENING: _("Carried over from the books kept before"),
        BookingKind.RETURN: _("A direct debit came back from the bank"),
        BookingKind.FEE: _("Fee charged"),
        BookingKind.PROFIT: _("Share of the surplus"),
        BookingKind.LOSS: _("Share of the loss"),
        BookingKind.INTEREST: _("Interest"),
        BookingKind.REFUND: _("Patronage refund"),
        BookingKind.PAYOUT: _("Paid out"),
        BookingKind.OTHER: _("Taken back") if booking.request else _("Other"),
    }
    return said[BookingKind(booking.kind)]


@dataclass(frozen=True)
class Row:
    """An account of the cooperative as of a day: everything taken from it, everything given to it."""

    account: str
    debits: int
    credits: int

    @property
    def label(self) -> str:
        """What it is called."""
        return str(Account(self.account).label)

    @property
    def balance(self) -> int:
        """Credits less debits; below zero it is an asset or an expense."""
        return self.credits - self.debits

    @property
    def below(self) -> int:
        """The balance on the debit side."""
        return max(0, -self.balance)


def trial_balance(cooperative: Cooperative, day: date) -> list[Row]:
    """Every account at the end of the day. Debits and credits are equal in sum, or the ledger is broken."""
    booked = Booking.objects.filter(cooperative=cooperative, booked_on__lte=day).order_by()
    debits = dict(booked.values_list("debit").annotate(sum=Sum("cents")))
    credits = dict(booked.values_list("credit").annotate(sum=Sum("cents")))
    return [Row(account, debits.get(account, 0), credits.get(account, 0)) for account in Account.values]


def capital_list(cooperative: Cooperative, day: date) -> QuerySet[Membership]:
    """Who is a member on this day, by number, each with `shares` and `capital` of that day: the list behind the balance sheet."""
    members = Membership.objects.filter(active_on(day), cooperative=cooperative)
    return members.annotate(
        shares=Coalesce(shares_on(day), 0), capital=_summed("member_credit", "credit", day) - _summed("member_debit", "debit", day)
    ).order_by("number")


def _summed(column: str, account: str, day: date) -> Coalesce:
    mine = Booking.objects.filter(**{column: OuterRef("pk"), account: Account.CAPITAL, "booked_on__lte": day}).order_by().values(column)
    return Coalesce(Subquery(mine.annotate(sum=Sum("cents")).values("sum"), output_field=BigIntegerField()), 0)


@dataclass(frozen=True)
class Capitals:
    """The capital of a day as the balance sheet wants it (§ 337 HGB): who stays, who leaves with this day, who has left."""

    staying: int
    leaving: int
    settled: int  # of members who left, booked as owed to them

    @property
    def total(self) -> int:
        """All of it."""
        return self.staying + self.leaving + self.settled


def capitals_on(cooperative: Cooperative, day: date) -> Capitals:
    """The sums of the capital list. Whoever's last day it is, or was without a settlement yet, is leaving."""
    by_member = queries.balances(cooperative, Account.CAPITAL, day)
    leaving = set(Membership.objects.filter(cooperative=cooperative, ends_on__lte=day).values_list("pk", flat=True))
    gone = sum(cents for pk, cents in by_member.items() if pk in leaving)
    settled = queries.account_total(cooperative, Account.SETTLEMENT, day)
    return Capitals(sum(by_member.values()) - gone, gone, settled)
