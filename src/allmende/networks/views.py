"""The doors of this room: the network and its members, fees by size, who acts for a member."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.constitution.queries import cooperative_at, read_by
from allmende.ground.refusals import Refused
from allmende.members.models import Membership
from allmende.members.queries import particulars_of, particulars_on
from allmende.networks import access, actions, forms, queries, rules
from allmende.networks.actions.representing import may_confirm
from allmende.networks.models import Fee, FeeScheme, Representative
from allmende.people.views import person_of

PER_PAGE = 50
AREA = {"area": "codetermination", "tab": ""}
OFFICES = {"area": "codetermination", "tab": "members"}


def _tabs(request: HttpRequest, cooperative: Cooperative) -> dict[str, str]:
    return OFFICES if constitution.may_read(request.user, cooperative) else AREA


def _member(request: HttpRequest, slug: str, number: int) -> tuple[Cooperative, Membership]:
    cooperative = cooperative_at(request.user, slug)
    return cooperative, queries.membership_at(request.user, cooperative, number)


@login_required
@require_safe
def networks(request: HttpRequest, slug: str) -> HttpResponse:
    """/verbund/: for offices the members that are organisations; for members what they pay and who acts for them."""
    cooperative = cooperative_at(request.user, slug)
    reads = constitution.may_read(request.user, cooperative)
    acting = [one for one in access.representations_of(request.user) if one.membership.cooperative_id == cooperative.pk]
    if not reads and not acting and not access.sees_network(request.user, cooperative):
        raise Http404
    pages = Paginator(queries.organisations_of(cooperative), PER_PAGE).get_page(request.GET.get("page")) if reads else None
    names = particulars_on(list(pages), localdate()) if pages else {}
    mine = access.memberships_of(request.user).filter(cooperative=cooperative).select_related("organisation")
    context = {
        "cooperative": cooperative,
        "reads": reads,
        "pages": pages,
        "rows": [(one, names[one.pk].name) for one in pages] if pages else [],
        "mine": list(mine),
        "acting": acting,
        "scheme": queries.scheme_for(cooperative, localdate().year),
        "may_decide": constitution.may_decide(request.user, cooperative),
        "may_book": constitution.may_book(request.user, cooperative),
    }
    return render(request, "networks/networks.html", _tabs(request, cooperative) | context)


@login_required
@require_safe
def member(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """/verbund/12/: one member organisation: both sides' word, size and fees, who acts for it."""
    cooperative, one = _member(request, slug, number)
    return _member_page(request, cooperative, one)


def _member_page(request: HttpRequest, cooperative: Cooperative, one: Membership, **forms_shown: Any) -> HttpResponse:
    year = localdate().year
    scheme = queries.scheme_for(cooperative, year)
    figure = queries.size_of(one, scheme.measure, year) if scheme else None
    bands = list(scheme.bands.all()) if scheme else []
    people = list(one.representatives.select_related("person"))
    may_act = access.may_act_for(request.user, one) or constitution.may_administer(request.user, cooperative)
    context = {
        "cooperative": cooperative,
        "membership": one,
        "name": particulars_of(one).name,
        "bond": getattr(one, "bond", None),
        "scheme": scheme,
        "figure": figure,
        "band": bands[rules.band_of([band.upto for band in bands], figure)] if bands and figure is not None else None,
        "sizes": list(one.sizes.all()[:10]),
        "fees": list(Fee.objects.filter(membership=one).select_related("band__scheme", "request")),
        "people": [(rep, rep.confirmed_at is None and may_confirm(person_of(request), rep)) for rep in people],
        "today": localdate(),
        "may_act": may_act,
        "may_book": constitution.may_book(request.user, cooperative),
        "size_form": forms_shown.get("size_form") or (forms.Size(scheme) if scheme and may_act else None),
        "form": forms_shown.get("form") or forms.Represent(),
        "is_naming": "form" in forms_shown,
    }
    bad = any(form.errors for form in forms_shown.values())
    return render(request, "networks/member.html", _tabs(request, cooperative) | context, status=400 if bad else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """…/antwort/: is your organisation a member here?"""
    cooperative = cooperative_at(request.user, slug)
    found = Membership.objects.filter(cooperative=cooperative, number=number).select_related(
        "cooperative__organisation", "organisation", "bond"
    )
    one = found.first()
    if one is None or not access.may_answer(request.user, one):
        raise Http404
    if request.method == "POST":
        said = request.POST.get("answer")
        if said in {"yes", "no"}:
            actions.answer(one, says_yes=said == "yes", by=person_of(request))
            messages.success(request, _("Your answer is noted."))
            return redirect("networks:answer", slug=slug, number=number)
        messages.error(request, _("Please choose an answer."))
    context = {"cooperative": cooperative, "membership": one, "bond": getattr(one, "bond", None)}
    return render(request, "networks/answer.html", AREA | context)


@login_required
@require_POST
def size(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """…/groesse/: a member says how large it is."""
    cooperative, one = _member(request, slug, number)
    scheme = queries.scheme_for(cooperative, localdate().year)
    if scheme is None:
        raise Http404
    form = forms.Size(scheme, request.POST)
    said = form.cleaned_data if form.is_valid() else {}
    return _done(
        request, cooperative, one, form, "size_form",
        lambda: actions.declare_size(
            one, said["figure"], measure=scheme.measure, declared_on=said["declared_on"], evidence=said["evidence"], by=person_of(request)
        ),
        _("The size is noted."),
    )  # fmt: skip


@login_required
@require_POST
def represent(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """…/vertretung/: name somebody who acts for the member."""
    cooperative, one = _member(request, slug, number)
    form = forms.Represent(request.POST)
    is_right = form.is_valid()
    return _done(
        request, cooperative, one, form, "form",
        lambda: actions.name_representative(one, form.naming(), by=person_of(request)) if is_right else None,
        _("They are named."),
    )  # fmt: skip


def _done(
    request: HttpRequest, cooperative: Cooperative, one: Membership, form: Any, name: str, change: Callable[[], Any], said: str
) -> HttpResponse:
    """Back to the member's page, with what was typed where it could not be taken."""
    if not form.errors:
        try:
            change()
        except Refused as fault:
            form.add_error(None, str(fault.sentence))
        else:
            messages.success(request, said)
            return redirect("networks:member", slug=cooperative.organisation.slug, number=one.number)
    return _member_page(request, cooperative, one, **{name: form})


@login_required
@require_POST
def confirm(request: HttpRequest, slug: str, number: int, uuid: UUID) -> HttpResponse:
    """…/bestaetigen/: the other side agrees to who acts for the member."""
    _cooperative, one = _member(request, slug, number)
    actions.confirm_representative(get_object_or_404(one.representatives, uuid=uuid), by=person_of(request))
    messages.success(request, _("Confirmed."))
    return redirect("networks:member", slug=slug, number=number)


@login_required
@require_POST
def end(request: HttpRequest, slug: str, number: int, uuid: UUID) -> HttpResponse:
    """…/beenden/: somebody no longer acts for the member, from tomorrow on. Whoever it is may say so, too."""
    cooperative = cooperative_at(request.user, slug)
    found = Representative.objects.filter(uuid=uuid, membership__cooperative=cooperative, membership__number=number)
    theirs = found.filter(person=person_of(request))
    one = theirs.first() or get_object_or_404(found, membership__in=access.memberships_visible_to(request.user, cooperative))
    actions.end_representative(one, until=localdate(), by=person_of(request))
    messages.success(request, _("Ended with today."))
    seen = access.memberships_visible_to(request.user, cooperative).filter(number=number).exists()
    return redirect("networks:member", slug=slug, number=number) if seen else redirect("people:mine")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def scheme(request: HttpRequest, slug: str) -> HttpResponse:
    """…/staffel/: what a member pays by its size."""
    cooperative = read_by(request.user, slug)
    if not constitution.may_decide(request.user, cooperative):
        raise Http404
    known = FeeScheme.objects.filter(cooperative=cooperative).prefetch_related("bands")
    used = set(Fee.objects.filter(band__scheme__in=known).values_list("band__scheme", flat=True))
    latest = known.first()
    form = forms.Scheme(latest, request.POST or None, is_used=latest is not None and latest.pk in used)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.save_scheme(
                cooperative, said["from_year"], said["steps"], measure=said["measure"], is_pro_rata=said["is_pro_rata"],
                resolution=said["resolution"], by=person_of(request),
            )  # fmt: skip
        except Refused as fault:
            form.add_error(None, str(fault.sentence))
        else:
            messages.success(request, _("The fees are written down."))
            return redirect("networks:networks", slug=slug)
    context = {
        "cooperative": cooperative,
        "form": form,
        "schemes": known,
        "used": used,
    }
    return render(request, "networks/scheme.html", OFFICES | context, status=400 if form.errors else 200)


@login_required
@require_POST
def drop_scheme(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """…/entfernen/: a version nothing was charged by goes."""
    cooperative = read_by(request.user, slug)
    found = get_object_or_404(FeeScheme.objects.select_related("cooperative"), cooperative=cooperative, from_year=year)
    actions.drop_scheme(found, by=person_of(request))
    messages.success(request, _("The version is removed."))
    return redirect("networks:scheme", slug=slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def fees(request: HttpRequest, slug: str) -> HttpResponse:
    """…/beitraege/?year=2026: everybody's fee before it is charged, and after."""
    cooperative = read_by(request.user, slug)
    said = request.GET.get("year", "")
    year = int(said) if said.isascii() and said.isdigit() and len(said) == 4 else localdate().year
    form = forms.Charge(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            count = actions.charge_year(cooperative, year, due_on=form.cleaned_data["due_on"], by=person_of(request))
        except Refused as fault:
            form.add_error(None, str(fault.sentence))
        else:
            words = (
                ngettext("%(n)d member was charged.", "%(n)d members were charged.", count)
                if count
                else _("Nobody was left to be charged.")
            )
            messages.success(request, words % {"n": count} if count else words)
            return redirect(f"{request.path}?year={year}")
    rows = queries.fee_rows(cooperative, year) if 2000 <= year <= 2100 else []
    new = [row for row in rows if row.is_new]
    context = {
        "cooperative": cooperative,
        "year": year,
        "years": range(localdate().year - 2, localdate().year + 2),
        "scheme": queries.scheme_for(cooperative, year),
        "form": form,
        "pages": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "new": len(new),
        "new_cents": sum(row.cents for row in new),
        "charged_cents": sum(row.cents for row in rows if row.fee),
        "without": sum(1 for row in rows if row.fee is None and row.band is None),
        "may_book": constitution.may_book(request.user, cooperative),
    }
    return render(request, "networks/fees.html", OFFICES | context, status=400 if form.errors else 200)


@login_required
@require_POST
def take_back_fee(request: HttpRequest, slug: str, number: int, year: int) -> HttpResponse:
    """…/zuruecknehmen/: a fee was counted wrongly."""
    cooperative = read_by(request.user, slug)
    found = get_object_or_404(
        Fee.objects.select_related("membership__cooperative"), membership__cooperative=cooperative, membership__number=number, year=year
    )
    actions.take_back_fee(found, by=person_of(request))
    messages.success(request, _("The fee is taken back and can be charged anew."))
    return redirect("networks:member", slug=slug, number=number)
