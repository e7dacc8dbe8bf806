"""The door for people: what fits a listing, what does not, what others recommend, and how all that is worked out."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.exchange import access as exchange
from allmende.exchange.models import Listing
from allmende.ground.refusals import NotAllowed, require
from allmende.matching import access, actions, queries, rules
from allmende.matching.forms import NotFitting, Recommending
from allmende.people.views import SignedIn

MANY = 20


def _seen(request: HttpRequest, pk: int) -> Listing:
    return get_object_or_404(exchange.listings_visible_to(request.user).select_related("organisation", "category"), pk=pk)


def _own(request: HttpRequest, pk: int) -> Listing:
    return get_object_or_404(exchange.listings_of(request.user).select_related("organisation", "category"), pk=pk)


@require_safe
def matches(request: HttpRequest, pk: int) -> HttpResponse:
    """/boerse/<pk>/passend/: more than the page of the listing shows."""
    item = _seen(request, pk)
    found = queries.matches(item, request.user, count=MANY)
    return render(request, "matching/matches.html", _context(request, item) | {"found": found})


def _context(request: HttpRequest, item: Listing) -> dict[str, object]:
    is_mine = access.may_judge(request.user, item)
    may_recommend = not is_mine and access.may_recommend_for(request.user, item.organisation_id)
    return {"area": "exchange", "page": "listings", "item": item, "is_mine": is_mine, "may_recommend": may_recommend}


@login_required
@require_safe
def overview(request: SignedIn) -> HttpResponse:
    """/boerse/passend/: what fits one's own open listings, all on one page."""
    context = {"area": "exchange", "page": "listings", "rows": queries.overview(request.user), "is_mine": True}
    return render(request, "matching/overview.html", context)


@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """/boerse/passend/wie/: the rule, in words and numbers."""
    return render(request, "matching/how.html", {"area": "exchange", "page": "listings", "rules": vars(rules)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def misfit(request: SignedIn, pk: int, other: int) -> HttpResponse:
    """Say that two do not fit, and why."""
    item, there = _own(request, pk), _seen(request, other)
    form = NotFitting(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.say_misfit(item, there, form.cleaned_data["why"], form.cleaned_data["note"], by=request.user)
        messages.success(request, _("Noted. The two are no longer shown to each other. You can take this back below."))
        return redirect("matching:misfits", item.pk)
    return render(request, "matching/misfit.html", _context(request, item) | {"other": there, "form": form})


@login_required
@require_safe
def misfits(request: SignedIn, pk: int) -> HttpResponse:
    """/boerse/<pk>/passt-nicht/: what was said not to fit, with the way back."""
    item = _own(request, pk)
    rows = access.misfits_visible_to(request.user).filter(said_by=item).select_related("need__organisation", "offer__organisation")
    return render(request, "matching/misfits.html", _context(request, item) | {"rows": queries.other_sides(item, rows)})


@login_required
@require_POST
def take_back(request: SignedIn, pk: int, misfit: int) -> HttpResponse:
    """It fits after all."""
    item = _own(request, pk)
    found = get_object_or_404(access.misfits_visible_to(request.user), pk=misfit, said_by=item)
    actions.take_back_misfit(found, by=request.user)
    messages.success(request, _("Taken back. The two can be shown to each other again."))
    return redirect("matching:misfits", item.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def recommend(request: SignedIn, pk: int, other: int) -> HttpResponse:
    """Bring two others together."""
    item, there = _seen(request, pk), _seen(request, other)
    sides = (item.organisation_id, there.organisation_id)
    require(
        access.may_recommend_for(request.user, *sides),
        _("You can recommend for organisations of the network that you look after."),
        NotAllowed,
    )
    form = Recommending(request.POST if request.method == "POST" else None, viewer=request.user, but=sides)
    if request.method == "POST" and form.is_valid():
        actions.recommend(item, there, form.cleaned_data["organisation"], by=request.user)
        messages.success(request, _("Thank you. Both sides see that you recommend this."))
        return redirect(item)
    made = queries.own_recommendations(request.user, item, there)
    return render(request, "matching/recommend.html", _context(request, item) | {"other": there, "form": form, "made": made})


@login_required
@require_POST
def take_back_recommendation(request: SignedIn, pk: int) -> HttpResponse:
    """A recommendation was a slip."""
    found = get_object_or_404(access.recommendations_of(request.user), pk=pk)
    actions.take_back_recommendation(found, by=request.user)
    messages.success(request, _("Taken back."))
    return redirect("matching:matches", found.need_id)
