"""The desk of data changes: what members ask for, and what becomes of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allmende.constitution.queries import read_by
from allmende.ground.refusals import BadInput, Refused, require
from allmende.members import actions, forms, listing, queries
from allmende.members.models import DataChange, Look
from allmende.members.views import page
from allmende.members.views.member import SHOW, administered
from allmende.people.models import Person
from allmende.people.views import person_of


@login_required
@require_safe
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """mitglieder/aenderungen/: what waits, the oldest first. Whose it is shows the single page."""
    cooperative = read_by(request.user, slug)
    pages = Paginator(queries.changes_of(cooperative), listing.AT_ONCE).get_page(request.GET.get("page"))
    rows = [(one, [_word(name) for name in one.fields]) for one in pages]
    return page(request, "members/changes.html", cooperative, tab="members", pages=pages, rows=rows)


def _word(name: str) -> str:
    """What a field of the particulars is called."""
    return str(forms.Data.base_fields[name].label) if name in actions.NAMED else ""


@login_required
@require_http_methods(SHOW)
def change(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """mitglieder/aenderungen/<number>/: before and after, enter or refuse."""
    cooperative, found = administered(request, slug, number)
    waiting = queries.changes_of(cooperative).filter(membership=found).first()
    if waiting is None:
        messages.info(request, _("This change is decided already."))
        return redirect("members:changes", slug)
    by, form = person_of(request), forms.Reason(request.POST if request.POST.get("what") == "refuse" else None)
    try:
        if request.method == "POST" and _decide(request, waiting, form, by):
            return redirect("members:changes", slug)
    except Refused as no:
        messages.error(request, str(no.sentence))
    actions.note_member_look(found, Look.CHANGE, by=by)
    before = actions.named_of(queries.particulars_of(found))
    lines = [(_word(name), *pair) for name, pair in actions.differences(before, actions.wanted(waiting)).items()]
    status = 422 if form.is_bound else 200
    return page(
        request, "members/change.html", cooperative, tab="members", membership=found, change=waiting, lines=lines, form=form,
        known=queries.particulars_of(found), status=status,
    )  # fmt: skip


def _decide(request: HttpRequest, waiting: DataChange, form: forms.Reason, by: Person) -> bool:
    what = request.POST.get("what", "")
    require(what in {"accept", "refuse"}, _("Please choose one of the buttons."), BadInput)
    if what == "accept":
        actions.accept_change(waiting, by=by)
        messages.success(request, _("The new data are entered. The member has been told."))
        return True
    if form.is_valid():
        actions.refuse_change(waiting, reason=form.cleaned_data["reason"], by=by)
        messages.success(request, _("The change is refused and erased. The member reads your reason."))
        return True
    return False
