"""What members are owed: due, blocked, paid out by hand."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import read_by
from allmende.money import access, actions, queries
from allmende.money.forms import PaymentForm
from allmende.money.models import Payable, PayableKind
from allmende.money.views.base import AT_ONCE, frame
from allmende.people.views import person_of


@login_required
@require_safe
def payables(request: HttpRequest, slug: str) -> HttpResponse:
    """kasse/auszahlungen/: what is owed, the earliest first."""
    cooperative = read_by(request.user, slug)
    today = localdate()
    pages = Paginator(queries.open_payables(cooperative).select_related("membership"), AT_ONCE).get_page(request.GET.get("page"))
    context = {
        "pages": pages,
        "sum": queries.owed_sum(cooperative),
        "least": queries.minimum_on(cooperative, today),
        "capital": queries.members_capital(cooperative, today),
        "today": today,
    }
    return render(request, "money/payables.html", frame(request, cooperative) | context)


def _payable(request: HttpRequest, slug: str, uuid: UUID) -> tuple[Cooperative, Payable]:
    cooperative = read_by(request.user, slug)
    owed = queries.payables_with_paid(access.payables_visible_to(request.user, cooperative))
    found: Payable = get_object_or_404(owed, uuid=uuid)
    found.membership.cooperative = cooperative
    return cooperative, found


@login_required
@require_safe
def payable(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """kasse/auszahlungen/<uuid>/: one sum owed."""
    cooperative, found = _payable(request, slug, uuid)
    return _page(request, cooperative, found, PaymentForm.opened(found.left))  # type: ignore[attr-defined]


def _page(request: HttpRequest, cooperative: Cooperative, found: Payable, form: PaymentForm, status: int = 200) -> HttpResponse:
    today, left = localdate(), found.left  # type: ignore[attr-defined]
    is_settlement = found.kind == PayableKind.SETTLEMENT and left > 0
    context = {
        "found": found,
        "form": form,
        "bookings": found.bookings.order_by("booked_on", "pk"),
        "minimum": queries.blocked_by_minimum(cooperative, left, today) if is_settlement else "",
        "today": today,
    }
    return render(request, "money/payable.html", frame(request, cooperative) | context, status=status)


@login_required
@require_POST
def pay(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Note that it was transferred."""
    cooperative, found = _payable(request, slug, uuid)
    form = PaymentForm(request.POST)
    if not form.is_valid():
        return _page(request, cooperative, found, form, 422)
    said = form.cleaned_data
    actions.pay_out(
        found, said["amount"], booked_on=said["booked_on"], reference=said["reference"], seen=said["seen"], by=person_of(request)
    )
    messages.success(request, _("The payout is booked."))
    return redirect("money:payable", slug, uuid)


@login_required
@require_POST
def block(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Let it wait with a reason, or no longer."""
    _cooperative, found = _payable(request, slug, uuid)
    reason = request.POST.get("reason", "").strip()
    actions.block(found, reason, by=person_of(request))
    messages.success(request, _("It waits now.") if reason else _("It waits no longer."))
    return redirect("money:payable", slug, uuid)
