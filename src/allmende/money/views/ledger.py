"""The ledger, line by line, and taking a line back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import read_by
from allmende.money import access, actions, queries, rules, statements
from allmende.money.forms import LedgerForm, ReasonForm
from allmende.money.models import Account, Booking
from allmende.money.views.base import AT_ONCE, frame
from allmende.people.views import person_of


@login_required
@require_safe
def ledger(request: HttpRequest, slug: str) -> HttpResponse:
    """kasse/buchungen/: every line, by account, member and day; and whether debits and credits are equal."""
    cooperative = read_by(request.user, slug)
    form = LedgerForm(request.GET)
    wanted = form.wanted()
    found = queries.bookings(cooperative, **wanted)
    rows = statements.trial_balance(cooperative, wanted["last"] or localdate())
    context = {
        "form": form,
        "pages": Paginator(found, AT_ONCE).get_page(request.GET.get("page")),
        "sum": queries.sum_of(found),
        "is_filtered": any(wanted.values()),
        "debits": sum(row.debits for row in rows),
        "credits": sum(row.credits for row in rows),
    }
    return render(request, "money/ledger.html", frame(request, cooperative) | context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def booking(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """kasse/buchungen/<uuid>/: one line, what it belongs to, and its reversal."""
    cooperative = read_by(request.user, slug)
    found = get_object_or_404(access.bookings_of(cooperative), uuid=uuid)
    if request.method != "POST":
        return _page(request, cooperative, found, ReasonForm())
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, cooperative, found, form, 422)
    actions.reverse_by_hand(found, text=form.cleaned_data["reason"], by=person_of(request))
    messages.success(request, _("The booking is reversed by a line of its own."))
    return redirect("money:booking", slug, uuid)


def _page(request: HttpRequest, cooperative: Cooperative, found: Booking, form: ReasonForm, status: int = 200) -> HttpResponse:
    fits = rules.is_reversible(
        found.kind,
        has_request=found.request_id is not None,
        has_payable=found.payable_id is not None,
        touches_bank=Account.BANK in {found.debit, found.credit},
    )
    undone = Booking.objects.filter(reverses=found).first()
    context = {"found": found, "form": form, "is_reversible": fits and undone is None, "undone": undone}
    return render(request, "money/booking.html", frame(request, cooperative) | context, status=status)
