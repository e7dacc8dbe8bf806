"""Reminders: who is late, at which level, and sending them together."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from allmende.constitution.queries import read_by
from allmende.money import actions, queries
from allmende.money.models import Reminder
from allmende.money.views.base import frame
from allmende.people.views import person_of

LOGGED = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: HttpRequest, slug: str) -> HttpResponse:
    """kasse/erinnerungen/: the preview, with a box for each; sent as a batch. Below what was sent so far."""
    cooperative = read_by(request.user, slug)
    if request.method == "POST":
        wanted = {int(one) for one in request.POST.getlist("request") if one.isdecimal() and len(one) < 19}
        sent = actions.remind(cooperative, wanted, by=person_of(request))
        words = ngettext("%(count)d reminder is on its way.", "%(count)d reminders are on their way.", len(sent))
        messages.success(request, words % {"count": len(sent)})
        if any(not one.has_mail for one in sent):
            messages.warning(request, _("Some members have no e-mail address; print their letters from the log below."))
        return redirect("money:reminders", slug)
    log = Reminder.objects.filter(request__membership__cooperative=cooperative).select_related("request__membership")[:LOGGED]
    context = {"due": actions.due_reminders(cooperative, localdate()), "log": log, "books": queries.bookkeeping(cooperative)}
    return render(request, "money/reminders.html", frame(request, cooperative) | context)
