"""The doors for people: the list and the map, one listing, writing, and what is done with one's own."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.exchange import access, actions, export, forms, points, queries, rules
from allmende.exchange.models import Direction, Listing, State
from allmende.people.models import Person
from allmende.people.subjects import MAX_NUMBER
from allmende.people.views import person_of

AREA = {"area": "exchange", "page": "listings"}
MINE_PER_PAGE = 50


@require_safe
def listings(request: HttpRequest) -> HttpResponse:
    """/boerse/: what is offered and needed, as a list or on the map."""
    filters = queries.read(request.GET)
    pages = queries.pages(request.user, filters)
    page = pages.get_page(request.GET.get("page"))
    is_map = request.GET.get("view") == "map"
    context = {
        "filters": filters,
        "pages": page,
        "total": pages.count,
        "is_cut": pages.is_cut,
        "chips": forms.chips(filters),
        "select": forms.selects(filters),
        "heads": forms.heads(),
        "query": filters.to_query(),
        "is_map": is_map,
        "map": points.settings_of(filters) | queries.basemap() if is_map else None,
        "tally": queries.tally(request.user),
        "may_write": access.may_write(request.user),
        "directions": Direction,
    }
    return render(request, "exchange/listings.html", AREA | context)


@require_safe
def found(request: HttpRequest, pk: int) -> HttpResponse:
    """/boerse/12/: leads to the whole address."""
    return redirect(_visible(request, pk), permanent=False)


@require_safe
def listing(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """/boerse/12/bedarf-lastenrad/: one offer or need."""
    item = _visible(request, pk)
    if slug != item.slug:
        return redirect(item)
    public = item.state == State.OPEN and export.is_public(item)
    context = {
        "item": item,
        "canonical": request.build_absolute_uri(item.get_absolute_url()),
        "is_public": public,
        "may_change": access.may_change(request.user, item),
        "may_moderate": access.may_moderate(request.user, item),
        "chosen": list(item.chosen.order_by("name")) if item.audience == "chosen" and access.may_change(request.user, item) else [],
        "others": [one for one in queries.open_of(request.user, item.organisation)[:6] if one.pk != item.pk][:5],
        "until_form": forms.UntilForm(initial={"until": timezone.localdate() + rules.USUAL}),
    }
    return render(request, "exchange/listing.html", AREA | context)


def _visible(request: HttpRequest, pk: int) -> Listing:
    item = queries.listing(request.user, pk)
    if item is None:
        raise Http404
    return item


# -------------------------------------------------------------------------------------------------------------- writing


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """/boerse/neu/?direction=need&organisation=slug: write an offer or a need; as a draft, or for all it is meant for at once."""
    viewer = person_of(request)
    if not access.may_write(viewer):
        return render(request, "exchange/not_yet.html", AREA)
    form = forms.ListingForm(request.POST if request.method == "POST" else None, viewer=viewer, initial=_first(request, viewer))
    if request.method == "POST" and form.is_valid():
        as_draft = "draft" in request.POST
        item = actions.open_listing(form.cleaned_data, by=viewer, as_draft=as_draft)
        messages.success(request, _("The draft is kept. Only you and your organisation see it.") if as_draft else _("Published."))
        return redirect(item)
    return render(request, "exchange/edit.html", AREA | {"form": form, "item": None}, status=422 if form.errors else 200)


def _first(request: HttpRequest, viewer: Person) -> dict[str, Any]:
    """What an address can choose beforehand."""
    first: dict[str, Any] = {}
    if request.GET.get("direction") in Direction.values:
        first["direction"] = request.GET["direction"]
    possible = forms.writers(viewer)
    slug = request.GET.get("organisation", "")[:100]
    if slug and (meant := access.organisations_to_write_for(viewer).filter(slug=slug).first()):
        first["writer"] = next(key for key, _label in possible if key.endswith(f":{meant.pk}"))
    elif possible:
        first["writer"] = possible[0][0]
    return first


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say it differently."""
    item, viewer = _own(request, pk), person_of(request)
    if item.state not in rules.WAITING:
        messages.info(request, _("This is no longer open. Open it again first, then you can change it."))
        return redirect(item)
    form = forms.ListingForm(request.POST if request.method == "POST" else None, viewer=viewer, listing=item)
    if request.method == "POST" and form.is_valid():
        item = actions.edit_listing(item, form.cleaned_data, by=viewer)
        if "publish" in request.POST:
            item = actions.publish_listing(item, by=viewer)
        messages.success(request, _("Published.") if "publish" in request.POST else _("Saved."))
        return redirect(item)
    return render(request, "exchange/edit.html", AREA | {"form": form, "item": item}, status=422 if form.errors else 200)


def _own(request: HttpRequest, pk: int) -> Listing:
    return get_object_or_404(queries.own(request.user), pk=min(pk, MAX_NUMBER))


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """/boerse/unsere/: one's own offers and needs in all states."""
    pages = Paginator(queries.own(request.user), MINE_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "exchange/mine.html", AREA | {"pages": pages, "may_write": access.may_write(request.user)})


# ------------------------------------------------------------------------------------------------- what is done with one


@login_required
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft becomes visible."""
    item = actions.publish_listing(_own(request, pk), by=person_of(request))
    messages.success(request, _("Published."))
    return redirect(item)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Until another day; a letter leads here, where one click is enough."""
    item = _own(request, pk)
    initial = {"until": max(item.until, timezone.localdate()) + rules.USUAL}
    form = forms.UntilForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.extend_listing(item, form.cleaned_data["until"], by=person_of(request))
        messages.success(request, _("Extended."))
        return redirect(item)
    return render(request, "exchange/extend.html", AREA | {"item": item, "form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End it and say what came of it."""
    item, viewer = _own(request, pk), person_of(request)
    form = forms.EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        end = actions.agree_listing if form.cleaned_data["how"] == rules.AGREED else actions.close_listing
        end(item, form.cleaned_data["note"], by=viewer)
        messages.success(request, _("Ended. You can open it again at any time."))
        return redirect(item)
    return render(request, "exchange/close.html", AREA | {"item": item, "form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """What was ended can be answered again."""
    item = actions.reopen_listing(_own(request, pk), by=person_of(request))
    messages.success(request, _("It is open again."))
    return redirect(item)


@login_required
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    actions.discard_draft(_own(request, pk), by=person_of(request))
    messages.success(request, _("The draft is thrown away."))
    return redirect("exchange:mine")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: HttpRequest, pk: int) -> HttpResponse:
    """Network management takes something off."""
    item = _moderated(request, pk)
    form = forms.ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.hide_listing(item, by=person_of(request), reason=form.cleaned_data["reason"])
        messages.success(request, _("Taken off. Its people are told."))
        return redirect(item)
    return render(request, "exchange/hide.html", AREA | {"item": item, "form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
def unhide(request: HttpRequest, pk: int) -> HttpResponse:
    """Network management puts something back."""
    item = actions.unhide_listing(_moderated(request, pk), by=person_of(request))
    messages.success(request, _("Put back. Its people are told."))
    return redirect(item)


def _moderated(request: HttpRequest, pk: int) -> Listing:
    item = queries.listing(request.user, pk)
    if item is None or not access.may_moderate(request.user, item):
        raise Http404
    return item
