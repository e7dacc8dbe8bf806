"""One request: for the member who pays it, and for those who note the payment."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.constitution.queries import cooperative_at
from allmende.members.actions.looking import note_member_look
from allmende.money import access, actions, girocode, letters, queries
from allmende.money.forms import PaymentForm
from allmende.money.models import Request
from allmende.money.views.base import frame
from allmende.people.views import person_of
from allmende.web.paper import answer


def _request(request: HttpRequest, slug: str, uuid: UUID) -> tuple[Cooperative, Request]:
    cooperative = cooperative_at(request.user, slug)
    asked = queries.requests_with_paid(access.requests_visible_to(request.user, cooperative))
    found: Request = get_object_or_404(asked, uuid=uuid)
    found.membership.cooperative = cooperative
    return cooperative, found


@login_required
@require_safe
def request_page(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """kasse/forderung/<uuid>/: what is asked for, how to pay it, what came in."""
    cooperative, found = _request(request, slug, uuid)
    return _page(request, cooperative, found, PaymentForm.opened(found.left))  # type: ignore[attr-defined]


def _page(request: HttpRequest, cooperative: Cooperative, found: Request, form: PaymentForm, status: int = 200) -> HttpResponse:
    is_office = constitution.may_read(request.user, cooperative)
    context = {
        "found": found,
        "form": form,
        "account": queries.default_account(cooperative),
        "bookings": found.bookings.filter(reverses=None).select_related("reversed_by").order_by("booked_on", "pk"),
        "reminders": found.reminders.all() if is_office else (),
        "is_office": is_office,
        "is_own": found.membership.person_id == person_of(request).pk,
        "today": localdate(),
        "tab": "money" if is_office else "",
    }
    return render(request, "money/request.html", frame(request, cooperative) | context, status=status)


@login_required
@require_safe
def request_code(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """kasse/forderung/<uuid>/code.svg: the QR code of what is open."""
    cooperative, found = _request(request, slug, uuid)
    account = queries.default_account(cooperative)
    left: int = found.left  # type: ignore[attr-defined]
    if account is None or left <= 0 or found.withdrawn_at:
        raise Http404
    return answer(girocode.svg(account, left, found.code), f"{found.code}.svg", "image/svg+xml", attachment=False)


@login_required
@require_safe
def request_slip(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """kasse/forderung/<uuid>/brief/: the same on paper."""
    _cooperative, found = _request(request, slug, uuid)
    if found.membership.person_id != person_of(request).pk:
        note_member_look(found.membership, by=person_of(request))
    return answer(letters.slip(found), f"{found.code}.pdf")


@login_required
@require_POST
def receive(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Note a payment by hand."""
    cooperative, found = _request(request, slug, uuid)
    form = PaymentForm(request.POST)
    if not form.is_valid():
        return _page(request, cooperative, found, form, 422)
    said = form.cleaned_data
    actions.receive(
        found, said["amount"], booked_on=said["booked_on"], reference=said["reference"], seen=said["seen"], by=person_of(request)
    )
    messages.success(request, _("The payment is booked."))
    return redirect("money:request", slug, uuid)


@login_required
@require_POST
def withdraw(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Do not ask for it any more."""
    _cooperative, found = _request(request, slug, uuid)
    actions.withdraw_by_hand(found, by=person_of(request))
    messages.success(request, _("It is not asked for any more; what was still open is taken back."))
    return redirect("money:request", slug, uuid)
