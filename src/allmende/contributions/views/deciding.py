"""What the board decides about contributions: kinds, rule sets, who sees sums, who confirms, keys for programs, closing a year."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import cooperative_at
from allmende.contributions import access, actions, queries, rulesets
from allmende.contributions.forms import ConfirmerForm, KeyForm, RuleForm, TypeForm, VisibilityForm, YearForm
from allmende.contributions.models import ApiKey, ClosedYear, Confirmer, ContributionType, RuleChoice
from allmende.contributions.preview import preview
from allmende.contributions.rulesets import RuleSet
from allmende.ground.refusals import Refused
from allmende.people.views import person_of

AREA = {"area": "codetermination"}
PURPOSES = (rulesets.RECOGNITION, rulesets.REFUND)
FORMS = {"visibility": VisibilityForm, "confirmer": ConfirmerForm, "year": YearForm}


def _decided_by(request: HttpRequest, slug: str) -> Cooperative:
    """The cooperative for its board; Http404 for everybody else."""
    cooperative = cooperative_at(request.user, slug)
    if not access.may_decide(request.user, cooperative):
        raise Http404
    return cooperative


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest, slug: str) -> HttpResponse:
    """/genossenschaft/<slug>/beitraege/regeln/: everything the board decides here, on one page."""
    cooperative = _decided_by(request, slug)
    forms = _forms(cooperative)
    what = request.POST.get("what", "")
    if request.method == "POST" and what == "usual":
        actions.add_usual_types(cooperative, by=person_of(request))
        return redirect("contributions:rules", slug)
    if request.method == "POST" and what in forms:
        forms[what] = _form(cooperative, what, request.POST)
        if forms[what].is_valid() and _act(request, cooperative, what, forms[what]):
            return redirect("contributions:rules", slug)
    return _page(request, cooperative, forms)


def _forms(cooperative: Cooperative) -> dict[str, Any]:
    return {what: _form(cooperative, what, None) for what in FORMS}


def _form(cooperative: Cooperative, what: str, data: Any) -> Any:
    if what == "visibility":
        known = access.openness_of(cooperative)
        return VisibilityForm(data, initial={"openness": known.openness, "least_members": known.least_members}, prefix=what)
    if what == "year":
        until, today = queries.closed_until(cooperative), localdate()
        open_years = [one for one in queries.years_of(cooperative) if one.ends_on < today and (not until or one.ends_on > until)]
        return YearForm(data, years=open_years, prefix=what)
    return ConfirmerForm(data, prefix=what)


def _act(request: HttpRequest, cooperative: Cooperative, what: str, form: Any) -> bool:
    by = person_of(request)
    try:
        if what == "visibility":
            actions.set_visibility(cooperative, form.cleaned_data["openness"], form.cleaned_data["least_members"], by=by)
        elif what == "confirmer":
            actions.name_confirmer(cooperative, form.cleaned_data["number"], by=by)
        else:
            actions.close_year(cooperative, form.chosen(), by=by)
    except Refused as refusal:
        form.add_error(None, str(refusal.sentence))
        return False
    messages.success(request, _("Saved."))
    return True


def _page(request: HttpRequest, cooperative: Cooperative, forms: dict[str, Any]) -> HttpResponse:
    choices = RuleChoice.objects.filter(cooperative=cooperative).select_related("chosen_by")
    named = [(one, rulesets.found(one.key, one.version)) for one in choices]
    context = {
        "cooperative": cooperative,
        "forms": forms,
        "form": next((one for one in forms.values() if one.errors), None),
        "types": [
            (one, queries.type_name(one), queries.amount_of(one, one.most) if one.most else "") for one in queries.types_of(cooperative)
        ],
        "rulesets": [(purpose, rulesets.of_purpose(purpose)) for purpose in PURPOSES],
        "choices": named,
        "holding": {one.pk for one in (_holding(cooperative, purpose) for purpose in PURPOSES) if one},
        "confirmers": Confirmer.objects.filter(cooperative=cooperative, until=None).select_related("membership"),
        "keys": ApiKey.objects.filter(cooperative=cooperative),
        "closed": ClosedYear.objects.filter(cooperative=cooperative),
        "closing": forms["year"].years,
    }
    status = 400 if any(one.errors for one in forms.values()) else 200
    return render(request, "contributions/rules.html", AREA | context, status=status)


def _most(one: ContributionType) -> str:
    return queries.amount_of(one, one.most) if one.most else ""


def _holding(cooperative: Cooperative, purpose: str) -> RuleChoice | None:
    return queries.choice_on(cooperative, purpose, localdate())


@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, slug: str, key: str, version: int) -> HttpResponse:
    """/genossenschaft/<slug>/beitraege/regeln/<key>/<version>/: parameters, a preview of what they would give, and choosing them."""
    cooperative = _decided_by(request, slug)
    one = _ruleset(key, version)
    holding = _holding(cooperative, one.purpose)
    known = holding.parameters if holding and (holding.key, holding.version) == (one.key, one.version) else None
    form = RuleForm(request.POST if request.method == "POST" else None, one=one, known=known)
    shown = None
    if request.method == "POST" and form.is_valid():
        try:
            if "choose" in request.POST:
                actions.choose_rules(cooperative, one, form.cleaned_data, valid_from=form.begins(), by=person_of(request))
                messages.success(request, _("Chosen. Earlier choices stay for their time."))
                return redirect("contributions:rules", slug)
            shown = preview(cooperative, one, rulesets.read(one, form.cleaned_data))
        except Refused as refusal:
            form.add_error(None, str(refusal.sentence))
    context = {"cooperative": cooperative, "one": one, "form": form, "preview": shown}
    return render(request, "contributions/rule.html", AREA | context, status=400 if form.errors else 200)


def _ruleset(key: str, version: int) -> RuleSet:
    try:
        return rulesets.found(key, version)
    except Refused as unknown:
        raise Http404 from unknown


@require_http_methods(["GET", "HEAD", "POST"])
def new_type(request: HttpRequest, slug: str) -> HttpResponse:
    """/genossenschaft/<slug>/beitraege/regeln/art/: a new kind of contribution."""
    cooperative = _decided_by(request, slug)
    return _type_page(request, cooperative, None)


@require_http_methods(["GET", "HEAD", "POST"])
def change_type(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """/genossenschaft/<slug>/beitraege/regeln/art/<key>/: change a kind of contribution, or end it."""
    cooperative = _decided_by(request, slug)
    return _type_page(request, cooperative, get_object_or_404(ContributionType, cooperative=cooperative, key=key))


def _type_page(request: HttpRequest, cooperative: Cooperative, one: ContributionType | None) -> HttpResponse:
    form = TypeForm(request.POST if request.method == "POST" else None, one=one)
    if request.method == "POST" and form.is_valid():
        try:
            _save_type(request, cooperative, one, form)
        except Refused as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            messages.success(request, _("Saved."))
            return redirect("contributions:rules", cooperative.organisation.slug)
    context = {"cooperative": cooperative, "one": one, "form": form}
    return render(request, "contributions/type.html", AREA | context, status=400 if form.errors else 200)


def _save_type(request: HttpRequest, cooperative: Cooperative, one: ContributionType | None, form: TypeForm) -> ContributionType:
    data, by = form.cleaned_data, person_of(request)
    if one:
        return actions.change_type(one, form.kind(), by=by)
    return actions.add_type(
        cooperative, form.kind(), unit=data["unit"], unit_name=data["unit_name"], counts_for_refund=data["counts_for_refund"], by=by
    )


@require_POST
def end_confirmer(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Somebody named to confirm does so no longer."""
    cooperative = _decided_by(request, slug)
    one = get_object_or_404(Confirmer, cooperative=cooperative, membership__number=number, until=None)
    actions.end_confirmer(one, by=person_of(request))
    messages.success(request, _("Saved."))
    return redirect("contributions:rules", slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_key(request: HttpRequest, slug: str) -> HttpResponse:
    """/genossenschaft/<slug>/beitraege/regeln/schluessel/: a key for a program, shown this once."""
    cooperative = _decided_by(request, slug)
    form = KeyForm(request.POST if request.method == "POST" else None)
    made = None
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_key(cooperative, by=person_of(request), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal.sentence))
    context = {"cooperative": cooperative, "form": form, "key": made[0] if made else None, "word": made[1] if made else ""}
    return render(request, "contributions/key.html", AREA | context, status=400 if form.errors else 200)


@require_POST
def revoke_key(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """A key opens nothing any more."""
    cooperative = _decided_by(request, slug)
    actions.revoke_key(get_object_or_404(ApiKey, cooperative=cooperative, uuid=uuid), by=person_of(request))
    messages.success(request, _("The key is revoked."))
    return redirect("contributions:rules", slug)
