"""What this room knows of a person: the lines of their accounts and what they were asked for. All of it is kept by law."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.ground.money import plain
from allmende.money.models import Booking, Payable, Request
from allmende.people.models import Person
from allmende.people.personal import Kept, announces, keeps, knows

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
