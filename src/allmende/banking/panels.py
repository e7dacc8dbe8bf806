"""What this room shows elsewhere: mandate and account beside a membership, the bank's links, what waits for the bookkeeping."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.banking import access, queries, rules
from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.constitution.tabs import link
from allmende.members.models import Membership
from allmende.web.panels import panel


@panel("membership.side", order=40)
def accounts(request: HttpRequest, membership: Membership) -> str:
    """Beside a membership: from which account is collected, to which is paid; masked."""
    of, own = membership.cooperative, access.is_own(request.user, membership)
    if not own and not constitution.may_read(request.user, of):
        return ""
    mandate, account = queries.mandate_of(membership), queries.payout_account_of(membership)
    context = {
        "cooperative": of,
        "membership": membership,
        "mandate": mandate,
        "iban": rules.masked(mandate.iban) if mandate else "",
        "is_valid": bool(mandate and queries.is_valid(mandate, localdate())),
        "payout_iban": rules.masked(account.iban) if account else "",
        "is_own": own,
        "may_name": access.may_name_account(request.user, membership),
    }
    return render_to_string("banking/parts/accounts.html", context, request)


@panel("cooperative.sub.money", order=20)
def bank(request: HttpRequest, cooperative: Cooperative) -> str:
    """The link to the bank account, for offices."""
    if not constitution.may_read(request.user, cooperative):
        return ""
    pages = ("banking:line", "banking:upload", "banking:mandates", "banking:member_accounts", "banking:run")
    return link(request, cooperative, "banking:statements", _("Bank"), current=pages)


@panel("cooperative.sub.money", order=30)
def debits(request: HttpRequest, cooperative: Cooperative) -> str:
    """The link to the orders to the bank, for offices."""
    if not constitution.may_read(request.user, cooperative):
        return ""
    return link(request, cooperative, "banking:debits", _("Direct debits"))


@panel("cooperative.waiting", order=50)
def waiting(request: HttpRequest, cooperative: Cooperative) -> str:
    """For those who book: lines nobody has assigned, members who are owed something and have no account."""
    if not constitution.may_book(request.user, cooperative):
        return ""
    lines = queries.lines_of(cooperative).order_by("booked_on")
    context = {
        "cooperative": cooperative,
        "number": lines.count(),
        "first": lines.first(),
        "without": queries.without_account(cooperative, localdate()),
        "filed": queries.runs_waiting(cooperative, localdate()),
    }
    return (
        render_to_string("banking/parts/waiting.html", context, request)
        if any(context[one] for one in ("number", "without", "filed"))
        else ""
    )
