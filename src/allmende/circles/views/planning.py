"""The doors of dates, links and tasks, and of the calendar."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.calendars.export import TYPE
from allmende.circles import access, actions, export, forms, queries
from allmende.circles.models import Circle, CircleDate, CircleLink, Task
from allmende.circles.views import AREA, SHOW, of_inside, sent
from allmende.ground.refusals import Refused
from allmende.people.models import Person
from allmende.people.views import person_of

Form = django_forms.Form


def _edited(
    request: HttpRequest, circle: Circle, form: Form, act: Callable[..., Any], *things: Any, anchor: str, context: dict[str, Any]
) -> HttpResponse:
    """One form, one action: back to its place on the circle's page, or the form again with what was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            act(*things, **form.cleaned_data, by=person_of(request))
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{circle.get_absolute_url()}#{anchor}")
    full = AREA | {"circle": circle, "form": form} | context
    return render(request, "circles/edit.html", full, status=422 if form.errors else 200)


def _done(request: HttpRequest, circle: Circle, said: str, anchor: str) -> HttpResponse:
    messages.success(request, said)
    return redirect(f"{circle.get_absolute_url()}#{anchor}")


# ------------------------------------------------------------------------------------------------------------------ dates


@require_http_methods(SHOW)
@of_inside
def new_date(request: HttpRequest, circle: Circle) -> HttpResponse:
    """Another date."""
    return _edited(
        request, circle, forms.DateForm(sent(request)), actions.add_date, circle, anchor="termine", context={"here": _("New date")}
    )


@require_http_methods(SHOW)
@of_inside
def date(request: HttpRequest, circle: Circle, number: int) -> HttpResponse:
    """Change it, call it off, reinstate it."""
    item = get_object_or_404(CircleDate.objects.select_related("circle"), circle=circle, pk=number)
    what = request.POST.get("what", "")
    if what == "off":
        actions.call_off_date(item, by=person_of(request))
        return _done(request, circle, _("The date is called off. It can be reinstated on its page."), "termine")
    if what == "on":
        actions.reinstate_date(item, by=person_of(request))
        return _done(request, circle, _("The date takes place after all."), "termine")
    initial = {name: getattr(item, name) for name in ("title", "starts", "ends", "place", "text")}
    form = forms.DateForm(sent(request), initial=initial)
    context = {"here": item.title, "item": item, "kind": "date"}
    return _edited(request, circle, form, actions.change_date, item, anchor="termine", context=context)


@require_safe
@of_inside
def calendar(request: HttpRequest, circle: Circle) -> HttpResponse:
    """All dates as a file for one's own calendar."""
    response = _file(circle)
    response.headers["Content-Disposition"] = f'attachment; filename="arbeitskreis-{circle.pk}.ics"'
    add_never_cache_headers(response)
    return response


def _file(circle: Circle) -> HttpResponse:
    return HttpResponse(export.calendar(circle, circle.dates.all()), content_type=TYPE)


@require_safe
def calendar_feed(request: HttpRequest, word: str) -> HttpResponse:
    """/arbeitskreise/kalender/<word>.ics: a subscription of one member; the word is the permission, as long as they are inside."""
    member = queries.feed_of(word[:60])
    if member is None:
        raise Http404
    response = _file(member.circle)
    response.headers["Cache-Control"] = "private, max-age=900"
    return response


@require_http_methods(SHOW)
@of_inside
def feed(request: HttpRequest, circle: Circle) -> HttpResponse:
    """/arbeitskreise/<pk>/kalender/: the secret address of one's own subscription; a new one on request."""
    by = person_of(request)
    if request.method == "POST":
        actions.feed_word(circle, by=by, renew=True)
        messages.success(request, _("Your calendar has a new address. The old one no longer works."))
        return redirect("circles:feed", circle.pk)
    member = access.membership(by, circle)
    word = member.feed_word if member else ""
    address = request.build_absolute_uri(reverse("circles-api:calendar_feed", args=[word])) if word else ""
    response = render(request, "circles/feed.html", AREA | {"circle": circle, "here": _("Calendar"), "address": address})
    add_never_cache_headers(response)
    return response


# ------------------------------------------------------------------------------------------------------------------ links


@require_http_methods(SHOW)
@of_inside
def new_link(request: HttpRequest, circle: Circle) -> HttpResponse:
    """Another way out."""
    return _edited(
        request, circle, forms.LinkForm(sent(request)), actions.add_link, circle, anchor="links", context={"here": _("New link")}
    )


@require_http_methods(SHOW)
@of_inside
def link(request: HttpRequest, circle: Circle, number: int) -> HttpResponse:
    """Change it or take it off."""
    item = get_object_or_404(CircleLink.objects.select_related("circle"), circle=circle, pk=number)
    if request.POST.get("what") == "remove":
        actions.remove_link(item, by=person_of(request))
        return _done(request, circle, _("The link is removed."), "links")
    form = forms.LinkForm(sent(request), initial={"label": item.label, "url": item.url, "about": item.about})
    return _edited(
        request, circle, form, actions.change_link, item, anchor="links", context={"here": item.label, "item": item, "kind": "link"}
    )


# ------------------------------------------------------------------------------------------------------------------ tasks


@require_http_methods(SHOW)
@of_inside
def new_task(request: HttpRequest, circle: Circle) -> HttpResponse:
    """Another task."""
    form = forms.TaskForm(sent(request), people=access.members_of(circle))
    return _edited(request, circle, form, actions.add_task, circle, anchor="aufgaben", context={"here": _("New task")})


@require_http_methods(SHOW)
@of_inside
def task(request: HttpRequest, circle: Circle, number: int) -> HttpResponse:
    """Change it or take it off."""
    item = get_object_or_404(Task.objects.select_related("circle"), circle=circle, pk=number)
    if request.POST.get("what") == "remove":
        actions.remove_task(item, by=person_of(request))
        return _done(request, circle, _("The task is removed."), "aufgaben")
    people = access.members_of(circle) | Person.objects.filter(pk=item.owner_id or 0)
    form = forms.TaskForm(sent(request), people=people, initial={"title": item.title, "owner": item.owner_id, "due": item.due})
    return _edited(
        request, circle, form, actions.change_task, item, anchor="aufgaben", context={"here": item.title, "item": item, "kind": "task"}
    )


@require_POST
@of_inside
def tick(request: HttpRequest, circle: Circle, number: int) -> HttpResponse:
    """Done or not; back to where one came from."""
    item = get_object_or_404(Task.objects.select_related("circle"), circle=circle, pk=number)
    is_done = request.POST.get("done") != "0"
    actions.tick_task(item, is_done=is_done, by=person_of(request))
    messages.success(request, _("Done: %s") % item.title if is_done else _("Open again: %s") % item.title)
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/"):
        return redirect(back)
    return redirect(f"{circle.get_absolute_url()}#aufgaben")
