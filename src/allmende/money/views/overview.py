"""The first page of the books: what is open, what is late, what is owed, how much capital there is."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from allmende.constitution.queries import read_by
from allmende.money import queries
from allmende.money.models import Account
from allmende.money.views.base import AT_ONCE, frame

SHOWN = ("open", "late", "paid", "withdrawn")


@login_required
@require_safe
def money(request: HttpRequest, slug: str) -> HttpResponse:
    """kasse/: requests by state (?show=late), with their sums; every figure leads to its register."""
    cooperative = read_by(request.user, slug)
    today = localdate()
    show = request.GET.get("show", "open")
    show = show if show in SHOWN else "open"
    found = queries.requests_by_state(cooperative, show, today).select_related("membership")
    pages = Paginator(found, AT_ONCE).get_page(request.GET.get("page"))
    for one in pages:
        one.days_late = (today - one.due_on).days  # type: ignore[attr-defined]
    sums = {
        "open": queries.open_sum(cooperative),
        "late": queries.open_sum(cooperative, due_before=today),
        "owed": queries.owed_sum(cooperative),
        "capital": queries.account_total(cooperative, Account.CAPITAL, today),
    }
    context = {"pages": pages, "show": show, "sums": sums, "today": today, "account": queries.default_account(cooperative)}
    return render(request, "money/money.html", frame(request, cooperative) | context)
