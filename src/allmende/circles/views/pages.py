"""The doors of the circles themselves: the list, a new one, its page from outside and inside, its settings."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.circles import access, actions, forms, queries, rules
from allmende.circles.models import Circle, CircleFace, Joining, Task
from allmende.circles.views import AREA, SHOW, found, of_led, sent
from allmende.directory.models import Organisation
from allmende.ground.refusals import Refused
from allmende.people.models import Person
from allmende.people.views import person_of

A_PAGE, TASKS_A_PAGE = 20, 30
WHICH = ("", "mine", "archived")
TASKS = ("open", "mine", "done")


@require_safe
def circles(request: HttpRequest) -> HttpResponse:
    """/arbeitskreise/: mine first, then those I may know of."""
    search = request.GET.get("q", "")[:200]
    joining = request.GET.get("joining", "") if request.GET.get("joining") in Joining.values else ""
    which = request.GET.get("which", "") if request.GET.get("which") in WHICH else ""
    shown = queries.circles(request.user, search=search, joining=joining, which=which)
    context = {
        "pages": Paginator(shown, A_PAGE).get_page(request.GET.get("page")),
        "search": search,
        "joining": joining,
        "which": which,
        "joinings": Joining.choices,
        "may_found": access.may_host_with(request.user).exists(),
        "is_filtered": bool(search or joining or which),
    }
    return render(request, "circles/circles.html", AREA | context)


@login_required
@require_http_methods(SHOW)
def new(request: HttpRequest) -> HttpResponse:
    """/arbeitskreise/neu/: found one."""
    by = person_of(request)
    hosts = access.may_host_with(by)
    form = forms.CircleForm(sent(request), hosts=hosts)
    if request.method == "POST" and form.is_valid():
        try:
            circle = actions.found_circle(**form.cleaned_data, by=by)
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            messages.success(request, _("The circle is there. Invite people, and write the first note."))
            return redirect(circle)
    context = {"form": form, "hosts": hosts.exists()}
    return render(request, "circles/new.html", AREA | context, status=422 if form.errors else 200)


@require_safe
def circle(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """/arbeitskreise/<pk>/<slug>/: from outside what it is for, from inside everything."""
    shown = found(request, pk)
    if request.path != shown.get_absolute_url():
        query = request.META.get("QUERY_STRING", "")
        return redirect(f"{shown.get_absolute_url()}?{query}" if query else shown.get_absolute_url())
    if access.is_member(request.user, shown):
        return render(request, "circles/inside.html", AREA | _inside(request, shown, person_of(request)))
    return render(request, "circles/outside.html", AREA | outside(request, shown))


def outside(request: HttpRequest, shown: Circle, form: forms.JoinForm | None = None) -> dict[str, Any]:
    """What the page says to those who are not in, with the form to join where they may."""
    mine = access.membership(request.user, shown)
    may_join = shown.archived_at is None and shown.hidden_at is None and shown.joining != rules.INVITATION
    is_person = isinstance(request.user, Person)
    comes = mine is None or rules.may_come(mine.state, mine.by_self, mine.since, timezone.now())
    backgrounds = access.backgrounds_of(request.user)
    return {
        "circle": shown,
        "face": CircleFace.objects.get(pk=shown.pk),
        "mine": mine,
        "may_join": may_join and is_person and comes,
        "is_closed_to_me": may_join and is_person and not comes and mine is not None and mine.state in {rules.LEFT, rules.REFUSED},
        "must_sign_in": may_join and not is_person,
        "has_background": backgrounds.exists(),
        "form": form or join_form(request, shown),
        "notes": list(queries.notes(request.user, shown)[:50]) if shown.notes_open else [],
        "may_name": access.may_name_coordinator(request.user, shown),
    }


def join_form(request: HttpRequest, shown: Circle) -> forms.JoinForm:
    """The form to join or to ask: an open circle needs an organisation, a coordinator reads a word."""
    is_open = shown.joining == rules.OPEN
    backgrounds = access.backgrounds_of(request.user)
    return forms.JoinForm(sent(request), backgrounds=backgrounds, is_needed=is_open, with_word=not is_open)


def _inside(request: HttpRequest, shown: Circle, by: Person) -> dict[str, Any]:
    now = timezone.now()
    which = request.GET.get("tasks", "open") if request.GET.get("tasks") in TASKS else "open"
    coming, past = queries.dates(shown, now)
    may_write, leads = shown.archived_at is None, access.may_coordinate(by, shown)
    pages = Paginator(queries.tasks(shown, by, which), TASKS_A_PAGE).get_page(request.GET.get("page"))
    return {
        "circle": shown,
        "notes": queries.notes(by, shown),
        "removed": queries.removed_notes(shown) if may_write else [],
        "coming": coming,
        "past": past,
        "links": shown.links.all(),
        "which": which,
        "counts": queries.task_counts(shown, by),
        "pages": pages,
        "tasks": with_lateness(list(pages)),
        "task_form": forms.TaskForm(people=access.members_of(shown)),
        "may_write": may_write,
        "leads": leads,
        "requests": len(queries.requests_to(shown)) if leads else 0,
        "member_count": shown.members.filter(state=rules.IN).count(),
        "mine": access.membership(by, shown),
    }


def with_lateness(tasks: list[Task]) -> list[tuple[Task, bool]]:
    """Each task and whether it is late."""
    today = timezone.localdate()
    return [(task, rules.is_overdue(task.due, task.done_at is not None, today)) for task in tasks]


@require_http_methods(SHOW)
@of_led
def settings(request: HttpRequest, circle: Circle) -> HttpResponse:
    """/arbeitskreise/<pk>/einstellungen/: for those who coordinate it."""
    by = person_of(request)
    hosts = Organisation.objects.filter(pk__in=[*access.may_host_with(by).values_list("pk", flat=True), circle.organisation_id or 0])
    names = ("name", "purpose", "organisation", "joining", "audience", "notes_open")
    initial = {name: getattr(circle, name) for name in names}
    form = forms.CircleForm(sent(request), hosts=hosts, is_needed=circle.organisation is not None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.change_circle(circle, **form.cleaned_data, by=by)
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            messages.success(request, _("Saved."))
            return redirect(changed)
    context = {"circle": circle, "form": form, "here": _("Settings")}
    return render(request, "circles/settings.html", AREA | context, status=422 if form.errors else 200)


@require_POST
@of_led
def archive(request: HttpRequest, circle: Circle) -> HttpResponse:
    """Let the circle rest, or go on."""
    if request.POST.get("what") == "reopen":
        actions.reopen_circle(circle, by=person_of(request))
        messages.success(request, _("The circle goes on."))
    else:
        actions.archive_circle(circle, by=person_of(request))
        messages.success(request, _("The circle is archived. You can reopen it in the settings."))
    return redirect(circle)
