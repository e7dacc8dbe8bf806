"""The doors of settlements: the preview of a fiscal year end, and the exits that a dissolution undoes."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from allmende.constitution.queries import read_by
from allmende.ground.refusals import BadInput
from allmende.leaving import access, actions, forms, queries, rules
from allmende.leaving import settlements as worked_out
from allmende.leaving.views import METHODS, OFFICE, done
from allmende.people.views import person_of
from allmende.web.forms import read_day


def _day(request: HttpRequest) -> date | None:
    said = request.GET.get("am", "")
    day = read_day(said)
    if said and day is None:
        raise BadInput(_("A day is written like 2026-12-31."))
    return day


@never_cache
@login_required
@require_http_methods(METHODS)
def settlements(request: HttpRequest, slug: str) -> HttpResponse:
    """/austritte/abrechnung/?am=2026-12-31: all exits of a day, first worked out, then booked."""
    cooperative, by, day = read_by(request.user, slug), person_of(request), _day(request)
    if "lift" in request.POST:
        count = actions.lift_blocks(cooperative, by=by)
        messages.success(request, ngettext("%(count)d payout may go on.", "%(count)d payouts may go on.", count) % {"count": count})
        return redirect("leaving:settlements", slug)
    form = forms.Settle(request.POST or None)
    loss = form.cleaned_data["loss"] if form.is_bound and form.is_valid() else 0
    if day and "settle" in request.POST:
        counts: list[int] = []
        if done(form, lambda: counts.append(_settle(request, slug, day, form))):
            words = ngettext("%(count)d exit is settled.", "%(count)d exits are settled.", counts[0])
            messages.success(request, words % {"count": counts[0]} if counts[0] else _("All exits of this day are settled already."))
            return redirect(reverse("leaving:desk", args=[slug]) + "?stand=abgerechnet")
    is_over = day is not None and rules.is_over(day, localdate())
    context = {
        "cooperative": cooperative,
        "day": day,
        "is_over": is_over,
        "preview": worked_out.preview(cooperative, day, loss) if day else None,
        "is_looked_at": form.is_bound and form.is_valid(),
        "form": form,
        "due": queries.due_dates(cooperative),
        "blocked": worked_out.blocked(cooperative),
        "may_decide": access.may_decide(by, cooperative),
    }
    return render(request, "leaving/settlements.html", OFFICE | context)


def _settle(request: HttpRequest, slug: str, day: date, form: forms.Settle) -> int:
    data = form.cleaned_data
    return actions.settle(
        read_by(request.user, slug),
        day,
        accounts_on=data["accounts_on"],
        loss_cents=data["loss"],
        seen=request.POST.get("seen", ""),
        by=person_of(request),
    )


@never_cache
@login_required
@require_http_methods(METHODS)
def dissolved(request: HttpRequest, slug: str) -> HttpResponse:
    """/austritte/aufloesung/: what a dissolution of the cooperative undoes (§ 75 GenG)."""
    cooperative, by = read_by(request.user, slug), person_of(request)
    if not access.may_decide(by, cooperative):
        raise Http404
    form = forms.Dissolved(request.POST or None, initial={"dissolved_on": localdate()})
    day = _day(request) or localdate()
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["dissolved_on"]
        answers: list[tuple[int, list[object]]] = []
        resolution = form.cleaned_data["resolution"]
        if done(form, lambda: answers.append(actions.undo_exits(cooperative, dissolved_on=day, resolution=resolution, by=by))):  # type: ignore[arg-type]
            count = answers[0][0]
            messages.success(request, ngettext("%(count)d exit is undone.", "%(count)d exits are undone.", count) % {"count": count})
            return redirect("leaving:desk", slug)
    possible, paid = worked_out.undone_by(cooperative, day)
    context = {"cooperative": cooperative, "form": form, "day": day, "possible": possible, "paid": paid}
    return render(request, "leaving/dissolved.html", OFFICE | context)
