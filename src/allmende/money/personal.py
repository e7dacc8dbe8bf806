"""What this room knows of a person: the lines of their accounts and what they were asked for. All of it is kept by law."""

from datetime import date
from typing import Any

from django.db.models import Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.constitution.rules import KEEP_BOOKS_YEARS
from allmende.ground.money import plain
from allmende.members.keeping import Reason, keeps_register
from allmende.members.models import Membership
from allmende.money import queries
from allmende.money.models import Booking, Payable, Request
from allmende.people.models import Person
from allmende.people.personal import Kept, announces, keeps, knows

CLAIM_YEARS = 10  # § 22 VI GenG: payments on shares can be asked for ten years

announces("money", label=gettext_lazy("Payments and fees as a member"))


@knows("member-account", label=gettext_lazy("Bookings on your accounts as a member"))
def lines(person: Person) -> list[dict[str, Any]]:
    """Every booking with an account of theirs."""
    mine = Booking.objects.filter(Q(member_debit__person=person) | Q(member_credit__person=person)).order_by("booked_on", "pk")
    return [
        {
            "cooperative": one.cooperative.organisation.slug,
            "date": one.booked_on,
            "kind": one.kind,
            "debit": one.debit,
            "credit": one.credit,
            "amount": plain(one.cents),
            "text": one.text,
        }
        for one in mine.select_related("cooperative__organisation")
    ]


@knows("member-requests", label=gettext_lazy("What you were asked to pay as a member, and what you are owed"))
def asked(person: Person) -> list[dict[str, Any]]:
    """Requests and sums owed."""
    requests = Request.objects.filter(membership__person=person).order_by("due_on", "pk")
    owed = Payable.objects.filter(membership__person=person).order_by("due_on", "pk")
    rows: list[dict[str, Any]] = [
        {"what": "request", "kind": one.kind, "amount": plain(one.cents), "due_on": one.due_on, "code": one.code, "text": one.text}
        for one in requests
    ]
    return rows + [
        {"what": "owed", "kind": one.kind, "amount": plain(one.cents), "due_on": one.due_on, "code": "", "text": one.text} for one in owed
    ]


@keeps("money")
def kept(person: Person) -> list[Kept]:
    """Books and vouchers outlive the account of whoever they are about."""
    if not Booking.objects.filter(Q(member_debit__person=person) | Q(member_credit__person=person)).exists():
        return []
    why = _("Books are kept for ten years, their vouchers for eight (§ 257 HGB). They name the member by number.")
    return [Kept(_("The bookings on your accounts as a member"), why)]


@keeps_register("money-owed")
def still_owed(membership: Membership, today: date) -> Reason | None:
    """Whoever is owed something is known by name until it is paid out."""
    owed = queries.payables_with_paid(Payable.objects.filter(membership=membership, withdrawn_at=None))
    if owed.filter(left__gt=0).exists():  # type: ignore[misc]
        return Reason(_("A payout is still open."))
    return None


@keeps_register("money-asked")
def still_asked(membership: Membership, today: date) -> Reason | None:
    """Whoever has something to pay is known by name until it is paid or out of date: ten years for shares (§ 22 VI GenG)."""
    last = queries.own_requests(Membership.objects.filter(pk=membership.pk)).aggregate(last=Max("due_on"))["last"]
    if last is None:
        return None
    return Reason(_("A payment is still open."), date(last.year + CLAIM_YEARS, 12, 31))


@keeps_register("money-books")
def in_the_books(membership: Membership, today: date) -> Reason | None:
    """Books name members by number; whose number it is, is kept as long as they are: ten years after the year of the last line."""
    mine = Booking.objects.filter(Q(member_debit=membership) | Q(member_credit=membership))
    last = mine.aggregate(last=Max("booked_on"))["last"]
    if last is None:
        return None
    return Reason(_("Bookings are kept for ten years after their year (§ 257 HGB)."), date(last.year + KEEP_BOOKS_YEARS, 12, 31))
