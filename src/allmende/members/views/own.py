"""The member's own page: what the register says, what the statute says, asking for a change, who looked."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allmende.constitution.queries import cooperative_at, statute_on
from allmende.ground.refusals import Refused
from allmende.members import actions, export, forms, keeping, listing, queries, rules
from allmende.members.models import DataChange
from allmende.members.views import page, sent
from allmende.people.views import person_of
from allmende.web import paper

AT_ONCE = 50


@login_required
@require_safe
def own(request: HttpRequest, slug: str) -> HttpResponse:
    """ich/: my membership."""
    cooperative = cooperative_at(request.user, slug)
    found = queries.own_at(request.user, cooperative)
    today = localdate()
    shares = rules.held_on(queries.share_lines(found), today)
    group = queries.group_of(found, today)
    context: dict[str, Any] = {
        "membership": found, "known": queries.particulars_of(found), "ledger": queries.ledger_of(found), "shares": shares,
        "further": rules.further_shares(shares), "group": listing.name_of(group) if group else "", "today": today,
        "is_active": rules.is_active(found.joined_on, found.ends_on, today), "statute": statute_on(cooperative, today),
        "change": DataChange.objects.filter(membership=found).first(), "reasons": keeping.reasons(found, today),
    }  # fmt: skip
    return page(request, "members/own.html", cooperative, **context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_data(request: HttpRequest, slug: str) -> HttpResponse:
    """ich/daten/: hand in other data, change or withdraw what was handed in."""
    cooperative = cooperative_at(request.user, slug)
    found = queries.own_at(request.user, cooperative)
    if request.POST.get("what") == "withdraw":
        actions.withdraw_change(found, by=person_of(request))
        messages.success(request, _("The change is withdrawn. Nothing is different from before."))
        return redirect("members:own", slug)
    known, change = queries.particulars_of(found), DataChange.objects.filter(membership=found).first()
    initial = {name: getattr(known, name) for name in actions.NAMED} | {"from_on": localdate()}
    if change:
        initial |= change.fields | {"from_on": change.from_on}
    form = forms.Data(sent(request), party=known.party, initial=initial)
    if form.is_valid():
        try:
            actions.ask_change(found, form.named(), from_on=form.cleaned_data["from_on"], by=person_of(request))
            messages.success(request, _("Your change is handed in. The cooperative enters it or tells you why not."))
            return redirect("members:own", slug)
        except Refused as no:
            form.add_error(None, str(no.sentence))
    status = 422 if form.is_bound else 200
    return page(request, "members/own_data.html", cooperative, form=form, membership=found, change=change, status=status)


@login_required
@require_safe
def own_looks(request: HttpRequest, slug: str) -> HttpResponse:
    """ich/zugriffe/: who looked at my data."""
    cooperative = cooperative_at(request.user, slug)
    found = queries.own_at(request.user, cooperative)
    pages = Paginator(queries.looks_at(found), AT_ONCE).get_page(request.GET.get("page"))
    return page(request, "members/own_looks.html", cooperative, membership=found, pages=pages)


@login_required
@require_safe
def own_extract(request: HttpRequest, slug: str) -> HttpResponse:
    """ich/auszug.pdf: a copy of my own entries (§ 31 GenG)."""
    cooperative = cooperative_at(request.user, slug)
    found = queries.own_at(request.user, cooperative)
    return paper.answer(export.extract(found, localdate()), f"{slug}-{found}.pdf")
