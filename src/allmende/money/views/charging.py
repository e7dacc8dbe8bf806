"""Fees: what, how much, of whom; then the preview; then it is asked for."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import read_by
from allmende.money import actions
from allmende.money.actions import Charging
from allmende.money.forms import FeeForm
from allmende.money.models import Charge
from allmende.money.views.base import frame
from allmende.people.views import person_of

SHOWN = 20


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def fees(request: HttpRequest, slug: str) -> HttpResponse:
    """kasse/beitraege/: fees asked for so far, and the form with its preview."""
    cooperative = read_by(request.user, slug)
    if request.method != "POST":
        return _page(request, cooperative, FeeForm(cooperative))
    actions.require_booking(person_of(request), cooperative)
    form = FeeForm(cooperative, request.POST)
    if not form.is_valid():
        return _page(request, cooperative, form, status=422)
    said = form.cleaned_data
    charging = Charging(said["label"], said["amount"], said["due_on"], said["group"], said["number"])
    if request.POST.get("step") != "ask":
        return _page(request, cooperative, form, charging)
    seen = request.POST.get("seen", "")
    count = actions.charge(cooperative, charging, seen=int(seen) if seen.isdecimal() and len(seen) < 10 else 0, by=person_of(request))
    words = ngettext("%(count)d member is asked.", "%(count)d members are asked.", count)
    messages.success(request, words % {"count": count} + " " + _("The letters go out in the background."))
    return redirect("money:fees", slug)


def _page(
    request: HttpRequest, cooperative: Cooperative, form: FeeForm, charging: Charging | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "charging": charging}
    if charging:
        members = actions.to_be_asked(cooperative, charging)
        count = members.count()
        context |= {"count": count, "sum": count * charging.cents, "first": members[:SHOWN], "more": max(0, count - SHOWN)}
    else:
        known = Charge.objects.filter(cooperative=cooperative)
        context["charges"] = known.annotate(members=Count("requests"), cents=Sum("requests__cents"))[:SHOWN]
    return render(request, "money/fees.html", frame(request, cooperative) | context, status=status)
