"""Figures of a day, and the stakeholder groups."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allmende.constitution import access as constitution
from allmende.constitution.queries import cooperative_at, read_by
from allmende.ground.refusals import Refused
from allmende.members import access, actions, figures, forms, listing
from allmende.members.models import Group, GroupTime, Kind
from allmende.members.views import day_of, page, sent
from allmende.people.views import person_of


@login_required
@require_safe
def statistics(request: HttpRequest, slug: str) -> HttpResponse:
    """mitglieder/zahlen/: members, shares, capital by group and over the years; for members the totals."""
    cooperative = cooperative_at(request.user, slug)
    is_office = constitution.may_read(request.user, cooperative)
    if not is_office and not access.is_member(request.user, cooperative):
        raise Http404
    day = day_of(request)
    names = listing.group_names(cooperative)
    found = figures.figures_on(cooperative, day, names)
    most = max((part.members for _day, part in found.years), default=0) or 1
    context: dict[str, Any] = {
        "figures": found, "day": day, "today": localdate(), "is_office": is_office, "kinds": dict(Kind.choices),
        "groups": [(names.get(part.key, _("no group")), part, figures.colour(number, part)) for number, part in enumerate(found.groups)],
        "bars": [(word, figures.bar(found.groups, of), of) for word, of in _bars()] if is_office else [],
        "years": [(end, part, f"{100 * part.members / most:.1f}%") for end, part in found.years],
    }  # fmt: skip
    return page(request, "members/statistics.html", cooperative, tab="members" if is_office else "", **context)


def _bars() -> list[tuple[str, str]]:
    return [(_("Votes"), "members"), (_("Shares"), "shares"), (_("Capital"), "cents")]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def groups(request: HttpRequest, slug: str) -> HttpResponse:
    """mitglieder/gruppen/: the stakeholder groups, and a new one."""
    cooperative = read_by(request.user, slug)
    if request.method == "POST" and not constitution.may_administer(request.user, cooperative):
        raise Http404
    form = forms.GroupForm(sent(request))
    if form.is_valid():
        try:
            actions.write_group(cooperative, None, **form.cleaned_data, by=person_of(request))
            messages.success(request, _("The group is there. Members are put into it on their pages."))
            return redirect("members:groups", slug)
        except Refused as no:
            form.add_error(None, str(no.sentence))
    today = localdate()
    known = {part.key: part for part in figures.figures_on(cooperative, today, listing.group_names(cooperative)).groups}
    rows = [(one, known.get(one.key)) for one in Group.objects.filter(cooperative=cooperative)]
    status = 422 if form.is_bound else 200
    return page(request, "members/groups.html", cooperative, tab="members", form=form, rows=rows, without=known.get(""), status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """mitglieder/gruppen/<key>/: what a group is called; one that nobody ever belonged to can be removed."""
    cooperative = read_by(request.user, slug)
    found = Group.objects.filter(cooperative=cooperative, key=key).first()
    if found is None or not constitution.may_administer(request.user, cooperative):
        raise Http404
    initial = {name: getattr(found, name) for name in ("name", "name_en", "note", "is_open")}
    is_removal = request.POST.get("what") == "remove"
    form = forms.GroupForm(None if is_removal else sent(request), initial=initial)
    try:
        if is_removal:
            actions.remove_group(found, by=person_of(request))
            messages.success(request, _("The group is removed."))
            return redirect("members:groups", slug)
        if form.is_valid():
            actions.write_group(cooperative, found, **form.cleaned_data, by=person_of(request))
            messages.success(request, _("The group is changed."))
            return redirect("members:groups", slug)
    except Refused as no:
        form.add_error(None, str(no.sentence)) if form.is_bound else messages.error(request, str(no.sentence))
    used = GroupTime.objects.filter(group=found).exists()
    status = 422 if form.is_bound else 200
    return page(request, "members/group.html", cooperative, tab="members", form=form, group=found, is_used=used, status=status)
