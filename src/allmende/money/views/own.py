"""A member's account: for the member in plain words, and the same page for offices."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import cooperative_at, read_by
from allmende.members.access import own_in
from allmende.members.actions.looking import note_member_look
from allmende.members.models import Membership
from allmende.money import access, letters, queries, statements
from allmende.money.forms import DayForm
from allmende.money.models import Account, Payable
from allmende.money.views.base import frame
from allmende.people.views import person_of
from allmende.web.paper import answer


@login_required
@require_safe
def account(request: HttpRequest, slug: str) -> HttpResponse:
    """ich/konto/: the own account."""
    cooperative = cooperative_at(request.user, slug)
    membership = own_in(request.user, cooperative)
    if membership is None:
        raise Http404
    membership.cooperative = cooperative
    return _page(request, cooperative, membership, is_own=True)


@login_required
@require_safe
def member_account(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """kasse/mitglied/<number>/: the account of a member, for offices."""
    cooperative = read_by(request.user, slug)
    return _page(request, cooperative, access.membership_at(request.user, cooperative, number), is_own=False)


def _page(request: HttpRequest, cooperative: Cooperative, membership: Membership, *, is_own: bool) -> HttpResponse:
    lines = statements.lines_of(membership)
    latest: dict[str, int] = {}
    for line in lines:
        latest.setdefault(line.account, line.balance)
    members = Membership.objects.filter(pk=membership.pk)
    owed = queries.payables_with_paid(Payable.objects.filter(membership=membership, withdrawn_at=None))
    context = {
        "membership": membership,
        "is_own": is_own,
        "lines": lines,
        "capital": latest.get(Account.CAPITAL, 0),
        "receivable": -latest.get(Account.RECEIVABLE, 0),
        "settlement": latest.get(Account.SETTLEMENT, 0) + latest.get(Account.PAYABLE, 0),
        "requests": queries.own_requests(members),
        "payables": owed.filter(left__gt=0),  # type: ignore[misc]
        "today": localdate(),
        "tab": "" if is_own else "money",
        "day_form": DayForm(initial={"on": localdate()}),
    }
    return render(request, "money/account.html", frame(request, cooperative) | context)


@login_required
@require_safe
def certificate(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The confirmation of a member's capital as of a day (?on=), for the member and for offices."""
    cooperative = cooperative_at(request.user, slug)
    membership = access.membership_at(request.user, cooperative, number)
    _form, day = DayForm.read(request.GET)
    if membership.person_id != person_of(request).pk:
        note_member_look(membership, by=person_of(request))
    return answer(letters.certificate(membership, day), f"guthaben-{number:04d}-{day.isoformat()}.pdf")
