"""The doors of the register. What they share stands here: the page's frame, the day asked for, whether names are uncovered."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localdate

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.ground.refusals import BadInput
from allmende.members import forms, rules
from allmende.members.models import Membership, Particulars, Party

_UNCOVERED = "members.names"


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, also if it is nothing at all; None where somebody only looks."""
    return request.POST if request.method == "POST" else None


def page(request: HttpRequest, template: str, cooperative: Cooperative, *, tab: str = "", status: int = 200, **more: Any) -> HttpResponse:
    """A page of the cooperative, kept by nobody on the way."""
    context = {"area": "codetermination", "cooperative": cooperative, "slug": cooperative.organisation.slug, "tab": tab}
    context |= {
        "may_administer": constitution.may_administer(request.user, cooperative),
        "may_decide": constitution.may_decide(request.user, cooperative),
        "may_read": constitution.may_read(request.user, cooperative),
    }
    answer = render(request, template, context | more, status=status)
    answer["Cache-Control"] = "private, no-store"
    return answer


def asked(request: HttpRequest) -> forms.AsOf:
    """What the address asks the list for; BadInput where it asks for what is none."""
    form = forms.AsOf(request.GET)
    if not form.is_valid():
        raise BadInput(str(next(error for errors in form.errors.values() for error in errors)))
    return form


def day_of(request: HttpRequest) -> date:
    """The day after `?on=`, today without."""
    return asked(request).wanted().on if request.GET.get("on") else localdate()


def uncover(request: HttpRequest, cooperative: Cooperative, key: str = "", value: int | None = None) -> None:
    """From now on, for an hour, this session sees names; `key` and `value` remember by which line of the log."""
    known = dict(request.session.get(_UNCOVERED, {}))
    known[f"{cooperative.pk}{key}"] = [timezone.now().isoformat(), value]
    request.session[_UNCOVERED] = known


def _uncovered(request: HttpRequest, cooperative: Cooperative, key: str = "") -> tuple[datetime, int | None] | None:
    found = request.session.get(_UNCOVERED, {}).get(f"{cooperative.pk}{key}")
    if not found:
        return None
    until = datetime.fromisoformat(found[0]) + timedelta(minutes=rules.NAMES_MINUTES)
    return (until, found[1]) if until > timezone.now() else None


def names_until(request: HttpRequest, cooperative: Cooperative) -> datetime | None:
    """Until when this session sees the names of natural persons; None where it does not. Only for those who hold an office."""
    found = _uncovered(request, cooperative) if constitution.may_read(request.user, cooperative) else None
    return found[0] if found else None


def inspected(request: HttpRequest, cooperative: Cooperative) -> int | None:
    """The line of the log under which this session inspects the list."""
    found = _uncovered(request, cooperative, ":inspection")
    return found[1] if found else None


def shown_name(membership: Membership, particulars: Particulars, is_uncovered: bool) -> str:
    """The name as it may stand on the page; empty where it stays covered or is no more known."""
    if membership.erased_at:
        return ""
    return particulars.name if is_uncovered or particulars.party == Party.LEGAL else ""
