"""The doors for everybody: suggest a change, report, propose a missing organisation; and what became of it, by link."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from allmende.directory.access import may_edit
from allmende.directory.models import Organisation
from allmende.ground.refusals import Refused
from allmende.ground.text import shorten
from allmende.people import subjects
from allmende.people.models import Person
from allmende.suggestions import actions, fields, forms, letters, queries, rules
from allmende.suggestions.actions.pointing import Writer
from allmende.suggestions.models import Matter, Problem, Side
from allmende.web import errors

PROBLEMS = {"falsch": Problem.WRONG, "erloschen": Problem.GONE, "gehoert-nicht-hierher": Problem.FOREIGN}
TWIN, ILLEGAL = "doppelt", "rechtswidrig"
MATTERS = {"umgang": Matter.CONDUCT, ILLEGAL: Matter.LAW}

View = Callable[..., HttpResponse]
door = require_http_methods(["GET", "HEAD", "POST"])


def about_entry(view: View) -> View:
    """Give the view the entry as this viewer reads it; an old address leads to the new one, what one may not see is not there."""

    @wraps(view)
    def handle(request: HttpRequest, slug: str, **more: Any) -> HttpResponse:
        item = queries.entry(request.user, slug)
        if item is None:
            raise Http404
        if item.slug != slug and request.resolver_match:
            target: HttpResponse = redirect(request.resolver_match.view_name, slug=item.slug, **more)
            return target
        return view(request, item, **more)

    return never_cache(door(handle))


def person_of(request: HttpRequest) -> Person | None:
    """Who is signed in."""
    return request.user if isinstance(request.user, Person) else None


def _page(request: HttpRequest, name: str, form: forms.Guarded, **more: Any) -> HttpResponse:
    context = {"area": "map", "form": form, **more}
    return render(request, f"suggestions/{name}.html", context, status=200)


def _sent(form: forms.Guarded, request: HttpRequest, act: Callable[[Writer], Any]) -> Any:
    """What the action made of a valid form; None where the form or the rule says no, which then stands in the form."""
    if request.method != "POST" or not form.is_valid() or form.uuid is None:
        return None
    try:
        return act(Writer(form.uuid, person_of(request), form.cleaned_data.get("contact", "")))
    except Refused as refusal:
        form.add_error(None, str(refusal.sentence))
        return None


@about_entry
def suggest(request: HttpRequest, item: Organisation) -> HttpResponse:
    """/o/<slug>/vorschlagen/: other values for the fields of an entry. Who may edit it does that instead."""
    if may_edit(request.user, item):
        return redirect("editing:edit", item.slug)
    shown, concealed = fields.shown(item), queries.concealed(request.user, item)
    signed_in = person_of(request) is not None
    form = forms.ChangeForm(
        request.POST if request.method == "POST" else None,
        shown=shown,
        concealed=concealed,
        purpose=f"change:{item.pk}",
        is_signed_in=signed_in,
    )
    made = _sent(
        form,
        request,
        lambda by: actions.suggest_change(
            item, form.proposed(), by=by, remark=form.cleaned_data["remark"], reason=form.cleaned_data["reason"]
        ),
    )
    return redirect(letters.status_path(made)) if made else _page(request, "suggest", form, item=item)


@about_entry
def report(request: HttpRequest, item: Organisation) -> HttpResponse:
    """/o/<slug>/melden/: what is the matter? One way for each answer."""
    return render(request, "suggestions/report.html", {"area": "map", "item": item})


@about_entry
def thanks(request: HttpRequest, item: Organisation) -> HttpResponse:
    """After a report of a duplicate."""
    return render(request, "suggestions/thanks.html", {"area": "map", "item": item})


@about_entry
def problem(request: HttpRequest, item: Organisation, what: str) -> HttpResponse:
    """/o/<slug>/melden/<what>/: a problem in words."""
    if what not in PROBLEMS:
        raise Http404
    kind = forms.GoneForm if what == "erloschen" else forms.ProblemForm
    form = kind(
        request.POST if request.method == "POST" else None, purpose=f"{what}:{item.pk}", is_signed_in=person_of(request) is not None
    )

    def act(by: Writer) -> Any:
        said = form.cleaned_data
        year = said.get("ended")
        proposed = {"ended": year} if year and year != item.ended else {}
        return actions.report_problem(item, PROBLEMS[what], by=by, remark=said["remark"], reason=said["reason"], proposed=proposed)

    made = _sent(form, request, act)
    if made:
        return redirect(letters.status_path(made))
    return _page(request, "problem", form, item=item, what=what, title=PROBLEMS[what].label)


@about_entry
def twin(request: HttpRequest, item: Organisation) -> HttpResponse:
    """/o/<slug>/melden/doppelt/: another entry means the same organisation."""
    form = forms.TwinForm(request.POST if request.method == "POST" else None, purpose=f"twin:{item.pk}")
    found = queries.entries_named(str(request.POST.get("other", ""))[:500].strip(), but=item) if request.method == "POST" else []
    form.offer([(str(one.pk), one.name) for one in found])
    if request.method == "POST" and form.is_valid() and (other := form.meant(found)):
        try:
            actions.report_twin(item, other, by=person_of(request))
            return redirect("suggestions:thanks", item.slug)
        except Refused as refusal:
            form.add_error(None, str(refusal.sentence))
    return _page(request, "twin", form, item=item, found=found)


@about_entry
def notice(request: HttpRequest, item: Organisation) -> HttpResponse:
    """/o/<slug>/melden/rechtswidrig/: a notice of illegal content."""
    form = forms.NoticeForm(request.POST if request.method == "POST" else None, purpose=f"notice:{item.pk}")
    form.fields["place"].initial = request.build_absolute_uri(reverse("directory:organisation", args=[item.slug]))
    if (person := person_of(request)) is not None:
        form.fields["name"].initial, form.fields["email"].initial = person.name, person.email
    made = _sent(form, request, lambda by: actions.report_illegal(item, form.said(), by=by))
    return redirect(letters.report_path(made)) if made else _page(request, "notice", form, item=item)


@never_cache
@require_safe
def report_thing(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """/melden/<kind>/<number>/: what is the matter with a thing? One way for each answer."""
    thing = subjects.find(kind, number, request.user)
    if thing is None:
        return _gone(request)
    return render(request, "suggestions/report_thing.html", _about(thing))


@never_cache
@door
def notice_thing(request: HttpRequest, kind: str, number: int, what: str) -> HttpResponse:
    """/melden/<kind>/<number>/<what>/: a report of rudeness, or a notice of illegal content."""
    if what not in MATTERS:
        raise Http404
    thing = subjects.find(kind, number, request.user)
    if thing is None:
        return _gone(request)
    form, place = _thing_form(request, thing, what), _place(request, thing)
    made = _sent(form, request, lambda by: actions.report_thing(thing, {"place": place, **form.said()}, by=by, matter=MATTERS[what]))
    return redirect(letters.report_path(made)) if made else _page(request, "notice_thing", form, matter=MATTERS[what], **_about(thing))


def _thing_form(request: HttpRequest, thing: Any, what: str) -> forms.NoticeForm | forms.ConductForm:
    data, person = request.POST if request.method == "POST" else None, person_of(request)
    purpose = f"{what}:{subjects.of(thing).kind}:{thing.pk}"
    if MATTERS[what] == Matter.CONDUCT:
        return forms.ConductForm(data, purpose=purpose, is_signed_in=person is not None)
    form = forms.NoticeForm(data, purpose=purpose)
    form.fields["place"].initial = _place(request, thing)
    if person is not None:
        form.fields["name"].initial, form.fields["email"].initial = person.name, person.email
    return form


def _place(request: HttpRequest, thing: Any) -> str:
    """Where it is, for those who judge: its title and its address."""
    subject = subjects.of(thing)
    return f"{shorten(subject.title(thing), 200)}, {request.build_absolute_uri(subject.url(thing))}"[:1_000]


def _about(thing: Any) -> dict[str, Any]:
    subject = subjects.of(thing)
    known = {"kind": subject.kind, "number": thing.pk, "label": subject.label}
    return {**known, "title": subject.title(thing), "back": subject.url(thing), "area": ""}


def _gone(request: HttpRequest) -> HttpResponse:
    """One sentence for what was deleted, taken off, never there or not for this viewer: nobody learns which."""
    return errors.page(request, 404, _("This is not here any more, or it is not for you to see. There is nothing left to be reported."))


@never_cache
@door
def propose(request: HttpRequest) -> HttpResponse:
    """/vorschlagen/: an organisation that is missing. What looks alike is shown before anything is sent."""
    form = forms.MissingForm(
        request.POST if request.method == "POST" else None, purpose="missing", is_signed_in=person_of(request) is not None
    )
    alike = queries.look_alikes(request.user, form.proposed()) if request.method == "POST" and form.is_valid() else []
    if alike and not form.cleaned_data["is_new"]:
        return _page(request, "propose", form, alike=alike)
    made = _sent(form, request, lambda by: actions.propose_organisation(form.proposed(), by=by, remark=form.cleaned_data["remark"]))
    return redirect(letters.status_path(made)) if made else _page(request, "propose", form, alike=alike)


def _by_link(response: HttpResponse) -> HttpResponse:
    """Pages with a secret in their address tell it to nobody else."""
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@never_cache
@door
def status(request: HttpRequest, uuid: UUID, token: str) -> HttpResponse:
    """/vorschlag/<uuid>/<token>/: what became of a suggestion; it can be withdrawn while it is open."""
    found = queries.by_link(uuid, token)
    if found is None:
        raise Http404
    if request.method == "POST":
        actions.withdraw_suggestion(found, by=person_of(request))
        return redirect(letters.status_path(found))
    units = [(fields.LABELS[name], fields.told(name, found.fields), name in found.taken) for name in rules.units(found.fields)]
    item = found.organisation and queries.entry(request.user, found.organisation.slug)
    return _by_link(render(request, "suggestions/status.html", {"area": "map", "found": found, "units": units, "item": item}))


@never_cache
@door
def report_status(request: HttpRequest, uuid: UUID, token: str) -> HttpResponse:
    """/meldung/<uuid>/<token>/: the decision on a report for one side of it, and the way to appeal."""
    opened = queries.report_by_link(uuid, token)
    if opened is None:
        raise Http404
    found, side = opened
    form = forms.AppealForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.appeal_decision(found, side, form.cleaned_data["text"], by=person_of(request))
        return redirect(letters.report_path(found, side))
    context = {
        "area": "map",
        "found": found,
        "form": form,
        "is_notifier": side == Side.NOTIFIER,
        "redress": letters.redress(),
        **queries.case(found, side),
    }
    return _by_link(render(request, "suggestions/report_status.html", context))
