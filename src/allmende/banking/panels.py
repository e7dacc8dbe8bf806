"""What this room shows elsewhere: mandate and account beside a membership, the bank's links, what waits for the bookkeeping."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.timezone import localdate

from allmende.banking import access, queries, rules
from allmende.constitution import access as constitution
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
