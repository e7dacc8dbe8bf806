"""What this room shows elsewhere: links over the pages of a cooperative, a member's account, what waits."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.constitution.tabs import link
from allmende.members import access as members
from allmende.members.models import Membership
from allmende.money import queries
from allmende.money.models import Account, Payable
from allmende.people.models import Person
from allmende.web.panels import panel

AT_ONCE = 5
REQUESTS = ("money:request", "money:fees", "money:reminders", "money:member_account", "money:accounts", "money:receive")
PAYABLES = ("money:payable", "money:pay", "banking:payouts")
LEDGER = ("money:booking", "money:balance", "money:capitals")


def _for_offices(request: HttpRequest, cooperative: Cooperative, name: str, label: str, current: tuple[str, ...]) -> str:
    return link(request, cooperative, name, label, current=current) if constitution.may_read(request.user, cooperative) else ""


@panel("cooperative.tabs", order=50)
def tab(request: HttpRequest, cooperative: Cooperative) -> str:
    """The books, for those who hold an office."""
    others = (*REQUESTS, *PAYABLES, *LEDGER, "money:payables", "money:ledger", "money:export", "money:numbers")
    return _for_offices(request, cooperative, "money:money", _("Money"), (*others, "banking", "surplus", "auditing"))


@panel("cooperative.sub.money", order=10)
def requests_link(request: HttpRequest, cooperative: Cooperative) -> str:
    """What is asked for."""
    return _for_offices(request, cooperative, "money:money", _("Requests for payment"), REQUESTS)


@panel("cooperative.sub.money", order=40)
def payables_link(request: HttpRequest, cooperative: Cooperative) -> str:
    """What is owed."""
    return _for_offices(request, cooperative, "money:payables", _("Payouts"), PAYABLES)


@panel("cooperative.sub.money", order=50)
def ledger_link(request: HttpRequest, cooperative: Cooperative) -> str:
    """Every line."""
    return _for_offices(request, cooperative, "money:ledger", _("Bookings"), LEDGER)


@panel("cooperative.sub.money", order=60)
def export_link(request: HttpRequest, cooperative: Cooperative) -> str:
    """For the bookkeeping outside."""
    return _for_offices(request, cooperative, "money:export", _("Export"), ("money:numbers",))


@panel("cooperative.waiting", order=50)
def late(request: HttpRequest, cooperative: Cooperative) -> str:
    """What is late, and what is to be paid out soon."""
    if not constitution.may_book(request.user, cooperative):
        return ""
    today = localdate()
    late = queries.requests_by_state(cooperative, "late", today)
    owed = queries.open_payables(cooperative).filter(blocked_reason="").first()
    context = {"cooperative": cooperative, "first": late.first(), "cents": queries.open_sum(cooperative, today), "owed": owed}
    has_bank = queries.default_account(cooperative) is not None
    return render_to_string("money/parts/late.html", context | {"has_bank": has_bank}, request)


@panel("cooperative.main", order=45)
def sentence(request: HttpRequest, cooperative: Cooperative) -> str:
    """The books in a sentence, for offices."""
    if not constitution.may_read(request.user, cooperative):
        return ""
    today = localdate()
    sums = {
        "capital": queries.account_total(cooperative, Account.CAPITAL, today),
        "open": queries.open_sum(cooperative),
        "owed": queries.owed_sum(cooperative),
    }
    return render_to_string("money/parts/sentence.html", {"cooperative": cooperative, **sums}, request)


def _sees(request: HttpRequest, membership: Membership) -> tuple[bool, bool]:
    """Whether it is the viewer's own membership, and whether the viewer holds an office there."""
    own = request.user.is_authenticated and membership.person_id == request.user.pk
    return own, own or constitution.may_read(request.user, membership.cooperative)


@panel("membership.main", order=20)
def of_membership(request: HttpRequest, membership: Membership) -> str:
    """What is to be paid and what is owed, where there is anything."""
    own, sees = _sees(request, membership)
    if not sees:
        return ""
    found = Membership.objects.filter(pk=membership.pk)
    owed = queries.payables_with_paid(Payable.objects.filter(membership=membership, withdrawn_at=None))
    context = {
        "membership": membership,
        "cooperative": membership.cooperative,
        "is_own": own,
        "requests": queries.own_requests(found),
        "payables": owed.filter(left__gt=0).order_by("due_on"),  # type: ignore[misc]
        "today": localdate(),
    }
    return render_to_string("money/parts/membership.html", context, request)


@panel("membership.side", order=20)
def account_of(request: HttpRequest, membership: Membership) -> str:
    """The account in numbers."""
    own, sees = _sees(request, membership)
    if not sees:
        return ""
    context = {
        "membership": membership,
        "cooperative": membership.cooperative,
        "is_own": own,
        "capital": queries.capital(membership),
        "settlement": queries.balance(membership, Account.SETTLEMENT),
    }
    return render_to_string("money/parts/account.html", context, request)


@panel("people.waiting", order=25)
def to_pay(request: HttpRequest, person: Person) -> str:
    """In "Mein Bereich": what is to be paid as a member."""
    found = list(queries.own_requests(members.own(person))[:AT_ONCE])
    return render_to_string("money/parts/waiting.html", {"found": found, "today": localdate()}, request) if found else ""
