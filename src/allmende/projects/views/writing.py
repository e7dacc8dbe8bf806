"""Writing projects: new, edit, steps, publish, take back, discard, adopt, news, wanted partners."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from allmende.directory.models import Term
from allmende.ground.refusals import Refused
from allmende.people.views import person_of
from allmende.projects import access, actions
from allmende.projects.forms import AdoptForm, NewProjectForm, ProjectForm, StepForm, UpdateForm, WantedForm
from allmende.projects.models import Project
from allmende.projects.views.pages import AREA, own_project, seen_project
from allmende.web.forms import HouseForm


def form_page(request: HttpRequest, template: str, form: HouseForm, **more: object) -> HttpResponse:
    """A page with one form; 422 where something in it has to be looked at again."""
    return render(request, f"projects/{template}.html", AREA | {"form": form} | more, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """/projekte/neu/: a draft, published in a second step."""
    person = person_of(request)
    if not access.organisations_to_carry_for(person).exists():
        return render(request, "projects/nobody.html", AREA)
    today = timezone.localdate()
    form = NewProjectForm(request.POST or None, viewer=person, initial={"on": today})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.write_project(form.said(), form.cleaned_data["organisation"], by=person, today=today)
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            messages.success(request, _("Draft saved. Look at it once more, then publish it."))
            return redirect(made)
    return form_page(request, "write", form, item=None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """/projekte/7/bearbeiten/: the texts, the goals, who sees it."""
    item = own_project(request, pk)
    form = ProjectForm(request.POST or None, viewer=request.user, initial=ProjectForm.initial_from(item))
    if request.method == "POST" and form.is_valid():
        changed = actions.edit_project(item, form.said(), by=person_of(request))
        messages.success(request, _("Saved."))
        return redirect(changed)
    return form_page(request, "write", form, item=item)


@login_required
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft becomes readable for those it is meant for."""
    item = actions.publish_project(own_project(request, pk), by=person_of(request))
    messages.success(request, _("Published. Now you can ask others to take part."))
    return redirect(item)


@login_required
@require_POST
def unpublish(request: HttpRequest, pk: int) -> HttpResponse:
    """A project becomes a draft again."""
    item = actions.unpublish_project(own_project(request, pk), by=person_of(request))
    messages.success(request, _("The project is a draft again; only those who lead it see it."))
    return redirect(item)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """/projekte/7/verwerfen/: asks once more, then deletes a draft."""
    item = own_project(request, pk)
    if request.method == "POST":
        actions.discard_draft(item, by=person_of(request))
        messages.success(request, _("The draft is deleted."))
        return redirect("projects:mine")
    return render(request, "projects/discard.html", AREA | {"item": item})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """/projekte/7/schritt/: how far it is now."""
    item, today = own_project(request, pk), timezone.localdate()
    form = StepForm(request.POST or None, initial={"on": today, "stage": item.stage})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.add_step(item, stage=said["stage"], on=said["on"], sentence=said["sentence"], by=person_of(request), today=today)
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            messages.success(request, _("Noted. Those who take part are told."))
            return redirect(item)
    return form_page(request, "step", form, item=item)


@login_required
@require_POST
def take_back_step(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The step noted last goes, within a day."""
    item = own_project(request, pk)
    actions.take_back_step(get_object_or_404(item.steps, pk=number), by=person_of(request), now=timezone.now())
    messages.success(request, _("The step is taken back."))
    return redirect(item)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """/projekte/7/uebernehmen/: "we do this too"."""
    item, person = seen_project(request, pk), person_of(request)
    if item.is_draft or item.hidden_at:
        raise Http404
    form = AdoptForm(request.POST or None, viewer=person, source=item)
    may = access.organisations_to_carry_for(person).exclude(pk=item.organisation_id).exists()
    if request.method == "POST" and form.is_valid():
        said, today = form.cleaned_data, timezone.localdate()
        made = actions.adopt_project(item, said["organisation"], with_texts=said.get("with_texts") == "copy", by=person, today=today)
        messages.success(request, _("Your draft is here. Write what is different with you, then publish it."))
        return redirect("projects:edit", made.pk)
    return form_page(request, "adopt", form, item=item, may=may)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_update(request: HttpRequest, pk: int) -> HttpResponse:
    """/projekte/7/neues/: news."""
    item = own_project(request, pk)
    form = UpdateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_update(item, **form.cleaned_data, by=person_of(request), now=timezone.now())
        messages.success(request, _("Your news are here. You can correct them for a day."))
        return redirect(item)
    return form_page(request, "update", form, item=item, update=None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_update(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """/projekte/7/neues/3/: news corrected within a day."""
    item = own_project(request, pk)
    update = get_object_or_404(item.updates, pk=number)
    form = UpdateForm(request.POST or None, initial={"title": update.title, "text": update.text})
    if request.method == "POST" and form.is_valid():
        actions.edit_update(update, **form.cleaned_data, by=person_of(request), now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect(item)
    return form_page(request, "update", form, item=item, update=update)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def want(request: HttpRequest, pk: int) -> HttpResponse:
    """/projekte/7/gesucht/: a wanted partner, as a need of the exchange."""
    item, person = own_project(request, pk), person_of(request)
    form = WantedForm(request.POST or None, viewer=person, initial=_known(item))
    if request.method == "POST" and form.is_valid():
        try:
            wanted = actions.want_partner(item, form.cleaned_data, by=person)
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            messages.success(request, _("Your need is in the exchange and is matched like every other."))
            return redirect(wanted.project)
    return form_page(request, "want", form, item=item)


def _known(item: Project) -> dict[str, object]:
    """What the project says already of a partner it looks for."""
    goals: list[Term] = list(item.sdgs.all())
    seat = item.organisation.places.order_by("-is_seat", "position", "pk").first()
    return {
        "text": _("For the project “%(title)s”: %(summary)s") % {"title": item.title, "summary": item.summary},
        "sdgs": [term.key for term in goals],
        "town": seat.town if seat else "",
    }
