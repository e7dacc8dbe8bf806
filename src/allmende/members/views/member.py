"""A member's page for those who hold an office, and what they change there."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.constitution.queries import read_by
from allmende.ground.refusals import Refused
from allmende.members import actions, export, forms, keeping, listing, queries, rules
from allmende.members.models import DataChange, Group, Look, Membership, Party
from allmende.members.views import names_until, page, sent, shown_name
from allmende.people.views import person_of
from allmende.web import paper

LOOKS = 10
SHOW = ["GET", "HEAD", "POST"]


@login_required
@require_safe
def member(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """mitglieder/<number>/: everything the register knows of a member."""
    cooperative = read_by(request.user, slug)
    found = queries.member_at(request.user, cooperative, number)
    return member_page(request, cooperative, found)


def member_page(request: HttpRequest, cooperative: Cooperative, found: Membership, status: int = 200, **more: object) -> HttpResponse:
    """A member's page for offices; that somebody looked is written down where a name is shown."""
    today = localdate()
    known = queries.particulars_of(found)
    open_names = names_until(request, cooperative) is not None
    is_shown = open_names or known.party == Party.LEGAL
    if is_shown and not found.erased_at:
        actions.note_member_look(found, by=person_of(request))
    groups = list(Group.objects.filter(cooperative=cooperative))
    context: dict[str, Any] = {
        "membership": found, "known": known, "name": shown_name(found, known, open_names), "is_shown": is_shown, "today": today,
        "versions": queries.versions_of(found) if is_shown else [], "ledger": queries.ledger_of(found),
        "shares": rules.held_on(queries.share_lines(found), today), "further": rules.further_shares,
        "group": queries.group_of(found, today), "times": found.group_times.select_related("group"),
        "names": listing.group_names(cooperative), "is_active": rules.is_active(found.joined_on, found.ends_on, today),
        "reasons": keeping.reasons(found, today), "looks": queries.looks_at(found).filter(membership=found)[:LOOKS],
        "change": DataChange.objects.filter(membership=found).first(),
        "move": forms.Move(groups=groups, initial={"since": today}), "reveal": forms.Purpose(),
        "entry": forms.Entry(initial={"organisation": found.organisation.slug if found.organisation else ""}),
        "account": _account(request, cooperative, found),
    }  # fmt: skip
    return page(request, "members/member.html", cooperative, tab="members", status=status, **context | more)


def _account(request: HttpRequest, cooperative: Cooperative, found: Membership) -> str:
    """What may be said of the account: its name only to those who change it."""
    if found.person is None or not constitution.may_administer(request.user, cooperative):
        return ""
    return str(found.person)


def administered(request: HttpRequest, slug: str, number: int) -> tuple[Cooperative, Membership]:
    """For pages on which the administration changes something; Http404 for everybody else."""
    cooperative = read_by(request.user, slug)
    if not constitution.may_administer(request.user, cooperative):
        raise Http404
    found = queries.member_at(request.user, cooperative, number)
    if found.erased_at:
        raise Refused(_("The name of this member is erased; nothing can be changed any more."))
    return cooperative, found


@login_required
@require_http_methods(SHOW)
def member_data(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """mitglieder/<number>/daten/: a new name or address."""
    cooperative, found = administered(request, slug, number)
    known = queries.particulars_of(found)
    if known.party != Party.LEGAL and names_until(request, cooperative) is None:
        return redirect(f"{reverse('members:reveal', args=[slug])}?next={request.path}")
    actions.note_member_look(found, by=person_of(request))
    initial = {name: getattr(known, name) for name in actions.NAMED} | {"from_on": localdate()}
    form = forms.OfficeData(sent(request), party=known.party, initial=initial)
    if form.is_valid():
        try:
            evidence = form.cleaned_data["evidence"]
            actions.change_particulars(found, form.named(), from_on=form.cleaned_data["from_on"], evidence=evidence, by=person_of(request))
            messages.success(request, _("The new data are entered. Older lists keep saying what held then."))
            return redirect("members:member", slug, number)
        except Refused as no:
            form.add_error(None, str(no.sentence))
    status = 422 if form.is_bound else 200
    return page(request, "members/member_data.html", cooperative, tab="members", form=form, membership=found, known=known, status=status)


@login_required
@require_POST
def member_group(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """mitglieder/<number>/gruppe/: into another group, from a day."""
    cooperative, found = administered(request, slug, number)
    form = forms.Move(request.POST, groups=list(Group.objects.filter(cooperative=cooperative)))
    if form.is_valid():
        try:
            actions.put_in_group(found, form.chosen(), since=form.cleaned_data["since"], by=person_of(request))
            messages.success(request, _("The group is entered. What was before stays in the history."))
            return redirect("members:member", slug, number)
        except Refused as no:
            form.add_error(None, str(no.sentence))
    return member_page(request, cooperative, found, status=422, move=form)


@login_required
@require_http_methods(SHOW)
def member_reverse(request: HttpRequest, slug: str, number: int, line: int) -> HttpResponse:
    """mitglieder/<number>/storno/<line>/: the board takes a line of the share ledger back, after a second look."""
    cooperative, found = administered(request, slug, number)
    wanted = next((one for one in queries.ledger_of(found) if one.line == line), None)
    if wanted is None or not constitution.may_decide(request.user, cooperative):
        raise Http404
    refusal = ""
    if request.method == "POST":
        try:
            actions.reverse_entry(wanted.entry, by=person_of(request))
            messages.success(request, _("The entry is reversed by a line of its own."))
            return redirect("members:member", slug, number)
        except Refused as no:
            refusal = str(no.sentence)
    context = {"membership": found, "line": wanted, "refusal": refusal}
    return page(request, "members/reverse.html", cooperative, tab="members", status=409 if refusal else 200, **context)


@login_required
@require_http_methods(SHOW)
def member_extract(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """mitglieder/<number>/auszug.pdf: a copy of the entries, for a member who asks for it on paper (§ 31 GenG)."""
    cooperative, found = administered(request, slug, number)
    actions.note_member_look(found, Look.EXTRACT, by=person_of(request))
    return paper.answer(export.extract(found, localdate()), f"{cooperative.organisation.slug}-{found}.pdf")
