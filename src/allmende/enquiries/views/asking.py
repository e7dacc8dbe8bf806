"""From an offer or need into a conversation; what became of them all, in figures."""

import csv
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from allmende.enquiries import actions, figures, queries, rules
from allmende.enquiries.forms import AskForm
from allmende.enquiries.models import Enquiry
from allmende.exchange.access import listings_visible_to
from allmende.exchange.models import Listing
from allmende.ground.refusals import Refused
from allmende.people.views import person_of

AREA = {"area": "exchange", "page": "enquiries"}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """/boerse/12/anfragen/: the first message. With `?own=7` one's own offer or need goes along."""
    listing = get_object_or_404(listings_visible_to(request.user).select_related("organisation", "person"), pk=pk)
    actions.require_open_to(listing, by=person_of(request))
    form = _form(request, listing)
    if request.method == "POST" and form.is_valid():
        made = _asked(request, listing, form)
        if made:
            return redirect(made)
    threads = queries.lines(request.user, queries.about_listing(request.user, listing))
    context = {"listing": listing, "form": form, "threads": threads, **queries.asked_people(listing), "is_own": not form.askings}
    return render(request, "enquiries/ask.html", AREA | context)


def _form(request: HttpRequest, listing: Listing) -> AskForm:
    askings, own = queries.askings(request.user, listing), list(queries.own_listings(request.user, listing)[:100])
    known = {str(one.pk): one for one in own}
    initial: dict[str, Any] = {}
    if chosen := known.get(request.GET.get("own", "")):
        alone = chosen.person_id is not None
        initial = {"own_listing": str(chosen.pk), "who": queries.Asking(chosen.organisation, alone).key}
    return AskForm(request.POST if request.method == "POST" else None, askings=askings, own=own, listing=listing, initial=initial)


def _asked(request: HttpRequest, listing: Listing, form: AskForm) -> Enquiry | None:
    """The new conversation, or the running one there is already; None where the rule says no, which then stands in the form."""
    said, person = form.said(), person_of(request)
    if known := queries.running(listing, said["organisation"], person if said["alone"] else None):
        messages.info(request, _("There is a conversation about this already. Please go on here; your new message was not sent."))
        return known
    try:
        made = actions.open_enquiry(listing, by=person, **said)
    except Refused as refusal:
        form.add_error(None, str(refusal.sentence))
        return None
    messages.success(request, _("Sent. You hear of it as soon as there is an answer."))
    return made


@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """/boerse/zahlen/: what became of the enquiries of twelve months."""
    context = {"area": "exchange", "page": "listings", "found": figures.figures(timezone.now()), "fewest": rules.FEWEST}
    return render(request, "enquiries/figures.html", context)


@require_safe
def numbers_csv(request: HttpRequest) -> HttpResponse:
    """/boerse/zahlen.csv: the same for programs. What is too little to be told is empty."""
    response = HttpResponse(content_type="text/csv; charset=utf-8; header=present")
    response.headers["Content-Disposition"] = 'attachment; filename="boerse-zahlen.csv"'
    writer = csv.writer(response)
    writer.writerow(("figure", "last_12_months"))
    writer.writerows(figures.table(figures.figures(timezone.now())))
    return response
