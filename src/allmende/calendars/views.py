"""The doors of one's own calendar: what stands in it and its secret address, the file for calendar programs."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allmende.calendars import actions, export, queries, sources
from allmende.people.views import person_of

SHOWN = 20


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """/mein/kalender/: what comes next, and the address for one's own calendar program; a new one on request."""
    person = person_of(request)
    if request.method == "POST":
        actions.calendar_key(person, renew=True)
        messages.success(request, _("Your calendar has a new address. The old one no longer works."))
        return redirect("calendars:calendar")
    coming = [one for one in sources.entries(person) if (one.ends or one.starts) >= now()]
    address = request.build_absolute_uri(reverse("calendars-api:feed", args=[actions.calendar_key(person).word]))
    context = {"area": "mine", "entries": coming[:SHOWN], "more": max(0, len(coming) - SHOWN), "address": address}
    response = render(request, "calendars/calendar.html", context)
    add_never_cache_headers(response)
    return response


@require_safe
def feed(request: HttpRequest, word: str) -> HttpResponse:
    """/kalender/<word>.ics: the word is the permission. In the language of whom it belongs to."""
    person = queries.person_behind(word[:60])
    if person is None:
        raise Http404
    with translation.override(person.language or settings.LANGUAGE_CODE):
        text = export.calendar(settings.SITE_NAME, sources.entries(person))
    return HttpResponse(text, content_type=export.TYPE, headers={"Cache-Control": "private, max-age=900"})
