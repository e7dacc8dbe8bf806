"""The door for people: results of the years, their preview, what was resolved."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.constitution.queries import cooperative_at, read_by
from allmende.ground.money import euros
from allmende.ground.refusals import Refused
from allmende.members import access as members
from allmende.people.views import person_of
from allmende.surplus import access, actions, queries, rules
from allmende.surplus.forms import BookForm, YearForm
from allmende.surplus.models import Year, YearState

AT_ONCE = 50


def _page(request: HttpRequest, template: str, cooperative: Cooperative, **context: object) -> HttpResponse:
    found = {"area": "codetermination", "tab": "money", "cooperative": cooperative, **context}
    return render(request, f"surplus/{template}.html", found)


def _found(request: HttpRequest, cooperative: Cooperative, uuid: str) -> Year:
    return get_object_or_404(access.years_visible_to(request.user, cooperative), uuid=uuid)


@login_required
@require_safe
def years(request: HttpRequest, slug: str) -> HttpResponse:
    """…/ueberschuss/: all years; members see what is booked and their own part."""
    cooperative = cooperative_at(request.user, slug)
    found = list(access.years_visible_to(request.user, cooperative))
    own = members.own_in(request.user, cooperative)
    is_office = access.may_prepare(request.user, cooperative)
    if not found and not is_office and own is None:
        raise Http404
    rows = [(year, queries.part_of(year, own) if own and year.state == YearState.BOOKED else None) for year in found]
    return _page(request, "years", cooperative, rows=rows, own=own, may_prepare=is_office)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, uuid: str | None = None) -> HttpResponse:
    """…/ueberschuss/neu/ and …/<uuid>/bearbeiten/: numbers of the annual accounts and the proposal."""
    cooperative = read_by(request.user, slug)
    if not access.may_prepare(request.user, cooperative):
        raise Http404
    year = get_object_or_404(access.years_visible_to(request.user, cooperative), uuid=uuid, state=YearState.DRAFT) if uuid else None
    ends = [year.ends_on] if year else queries.fiscal_years(cooperative, localdate())
    form = YearForm(
        request.POST or None, ends=[(end.isoformat(), date_format(end)) for end in ends], initial=YearForm.said_by(year) if year else None
    )
    if request.method == "POST" and form.is_valid():
        try:
            ends_on: date = form.cleaned_data["ends_on"]
            made = actions.prepare_year(cooperative, ends_on, form.values(), by=person_of(request))
        except Refused as no:
            form.add_error(None, str(no))
        else:
            return redirect("surplus:year", slug, made.uuid)
    return _page(request, "edit", cooperative, form=form, year=year, has_years=bool(ends))


@login_required
@require_safe
def year(request: HttpRequest, slug: str, uuid: str) -> HttpResponse:
    """…/ueberschuss/<uuid>/: the preview or what was booked, member by member for offices."""
    cooperative = cooperative_at(request.user, slug)
    found = _found(request, cooperative, uuid)
    return _year(request, cooperative, found, BookForm())


def _year(request: HttpRequest, cooperative: Cooperative, found: Year, form: BookForm, status: int = 200) -> HttpResponse:
    is_office = constitution.may_read(request.user, cooperative)
    preview = queries.preview(found) if is_office and found.state == YearState.DRAFT else None
    own = members.own_in(request.user, cooperative)
    context = {
        "year": found,
        "preview": preview,
        "pages": Paginator(preview.rows, AT_ONCE).get_page(request.GET.get("page")) if preview else None,
        "rate": rules.rate_of(found.refund, found.member_turnover),
        "plan": rules.Plan(found.result, found.to_legal_reserve, found.to_other_reserve, found.from_reserve, found.distributed),
        "own": own,
        "own_part": queries.part_of(found, own) if own and found.state == YearState.BOOKED else None,
        "form": form,
        "may_prepare": access.may_prepare(request.user, cooperative),
        "may_resolve": access.may_resolve(request.user, cooperative),
    }
    response = _page(request, "year", cooperative, **context)
    response.status_code = status
    return response


@login_required
@require_POST
def book(request: HttpRequest, slug: str, uuid: str) -> HttpResponse:
    """Book a year by the resolution of the assembly."""
    cooperative = read_by(request.user, slug)
    found = _found(request, cooperative, uuid)
    form = BookForm(request.POST)
    if not form.is_valid():
        return _year(request, cooperative, found, form, 422)
    try:
        booked = actions.book_year(found, form.cleaned_data["resolution"], form.cleaned_data["resolved_on"], by=person_of(request))
    except Refused as no:
        form.add_error(None, str(no))
        return _year(request, cooperative, found, form, 409)
    said = _("The year is booked: %(cents)s to members.") % {"cents": euros(booked.distributed + booked.refund)}
    messages.success(request, said)
    return redirect("surplus:year", slug, booked.uuid)


@login_required
@require_POST
def reverse(request: HttpRequest, slug: str, uuid: str) -> HttpResponse:
    """Take a booked year back."""
    cooperative = read_by(request.user, slug)
    found = _found(request, cooperative, uuid)
    actions.reverse_year(found, by=person_of(request))
    messages.success(request, _("The year is taken back. It can be prepared anew."))
    return redirect("surplus:years", slug)


@login_required
@require_POST
def drop(request: HttpRequest, slug: str, uuid: str) -> HttpResponse:
    """Throw a preview away."""
    cooperative = read_by(request.user, slug)
    found = _found(request, cooperative, uuid)
    actions.drop_year(found, by=person_of(request))
    messages.success(request, _("The preview is gone."))
    return redirect("surplus:years", slug)
