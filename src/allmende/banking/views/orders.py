"""Orders to the bank: direct debits and payouts, chosen, looked at, downloaded, booked, come back."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.banking import actions, candidates, queries, rules
from allmende.banking.forms import CancelForm, DayForm, ExecuteForm, ReturnForm
from allmende.banking.models import AccountQuestion, Item, Run, RunKind
from allmende.banking.views.base import A_PAGE, attempt, booked_by, page
from allmende.constitution.queries import read_by
from allmende.ground.refusals import BadInput, Refused
from allmende.members.models import Membership
from allmende.members.queries import particulars_on
from allmende.people.views import SignedIn
from allmende.web.forms import read_day


def _day(request: SignedIn, otherwise: date) -> date:
    """The day chosen in the address or in the form."""
    said = request.POST.get("day") or request.GET.get("day") or ""
    return read_day(said) or otherwise


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def debits(request: SignedIn, slug: str) -> HttpResponse:
    """bank/lastschriften/: what could be collected on a day, and the orders made so far."""
    cooperative = booked_by(request, slug) if request.method == "POST" else read_by(request.user, slug)
    creditor = queries.creditor_of(cooperative)
    first = rules.first_collection(localdate(), creditor.notice_days)
    day = _day(request, first)
    error = ""
    if request.method == "POST":
        try:
            run = actions.make_debits(cooperative, request.POST.getlist("request"), day, by=request.user)
        except (BadInput, Refused) as no:
            error = str(no.sentence)
        else:
            messages.success(request, _("The order is made and the members are told. Download the file now or on the day before."))
            return redirect("banking:run", slug, run.uuid)
    found = candidates.debits(cooperative, day)
    context = {
        "creditor": creditor, "first": first, "day_form": DayForm(initial={"day": day}), "day": day, "found": found, "error": error,
        "total": sum(one.cents for one in found if not one.blocked), "runs": _runs(request, queries.runs_of(cooperative, RunKind.DEBIT)),
        "chosen": set(request.POST.getlist("request")),
    }  # fmt: skip
    return page(request, cooperative, "debits", 422 if error else 200, **context)


def _runs(request: SignedIn, runs: object) -> object:
    return Paginator(runs, A_PAGE).get_page(request.GET.get("page"))  # type: ignore[arg-type]


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def payouts(request: SignedIn, slug: str) -> HttpResponse:
    """bank/auszahlungen/: what is due to be paid out, what waits and why, and the orders made so far."""
    cooperative = booked_by(request, slug) if request.method == "POST" else read_by(request.user, slug)
    day = _day(request, rules.bank_day_from(localdate()))
    error = ""
    if request.method == "POST":
        try:
            run = actions.make_payouts(cooperative, request.POST.getlist("payable"), day, by=request.user)
        except (BadInput, Refused) as no:
            error = str(no.sentence)
        else:
            messages.success(request, _("The order is made. Download the file and give it to your bank."))
            return redirect("banking:run", slug, run.uuid)
    found = candidates.payouts(cooperative, day)
    without = [one.membership for one in found if one.account is None]
    context = {
        "day_form": DayForm(initial={"day": day}), "day": day, "found": found, "error": error,
        "chosen": set(request.POST.getlist("payable")),
        "total": sum(one.cents for one in found if not one.blocked), "runs": _runs(request, queries.runs_of(cooperative, RunKind.PAYOUT)),
        "asked": dict(AccountQuestion.objects.filter(membership__in=without).values_list("membership", "asked_at")),
    }  # fmt: skip
    return page(request, cooperative, "payouts", 422 if error else 200, **context)


@never_cache
@login_required
@require_POST
def ask(request: SignedIn, slug: str, number: int) -> HttpResponse:
    """Ask a member to which account."""
    cooperative = booked_by(request, slug)
    membership = get_object_or_404(Membership.objects.select_related("cooperative", "person"), cooperative=cooperative, number=number)

    def work() -> str:
        if actions.ask_for_account(membership, by=request.user):
            return _("The member was asked by mail.")
        return _("There is no mail address of this member; write a letter.")

    return attempt(request, work, "banking:payouts", slug)


def _run(request: SignedIn, slug: str, uuid: UUID, *, to_book: bool = True) -> Run:
    cooperative = booked_by(request, slug) if to_book else read_by(request.user, slug)
    return get_object_or_404(Run.objects.select_related("cooperative__organisation"), cooperative=cooperative, uuid=uuid)


@never_cache
@login_required
@require_safe
def run(request: SignedIn, slug: str, uuid: UUID) -> HttpResponse:
    """bank/auftrag/…/: one order and what is to be done with it next."""
    found = _run(request, slug, uuid, to_book=False)
    pages = Paginator(queries.items_of(found), A_PAGE).get_page(request.GET.get("page"))
    items = list(pages.object_list)
    names = particulars_on([item.membership for item in items], localdate())
    context: dict[str, Any] = {
        "run": found,
        "pages": pages,
        "items": [(item, names[item.membership_id].name) for item in items],
        "total": queries.total_of(found),
        "number": queries.items_of(found).filter(dropped_reason="").count(),
        "untold": queries.items_of(found).filter(is_told=False).count() if found.kind == RunKind.DEBIT else 0,
        "execute_form": ExecuteForm(initial={"day": min(localdate(), max(found.due_on, localdate()))}),
        "cancel_form": CancelForm(),
        "return_form": ReturnForm(initial={"day": localdate()}),
        "is_due": found.due_on <= localdate(),
    }
    return page(request, found.cooperative, "run", **context)


@never_cache
@login_required
@require_POST
def file(request: SignedIn, slug: str, uuid: UUID) -> HttpResponse:
    """The file for the bank."""
    found = _run(request, slug, uuid)
    content = actions.file_of(found, by=request.user)
    answer = HttpResponse(content, content_type="application/xml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.message_id}.xml"'
    return answer


@never_cache
@login_required
@require_POST
def execute(request: SignedIn, slug: str, uuid: UUID) -> HttpResponse:
    """The bank has done it."""
    found = _run(request, slug, uuid)

    def work() -> str:
        form = ExecuteForm(request.POST)
        if not form.is_valid():
            raise BadInput(_("Choose the day on which the bank did it."))
        number = actions.execute_run(found, form.cleaned_data["day"], by=request.user)
        return ngettext("%(number)d item was booked.", "%(number)d items were booked.", number) % {"number": number}

    return attempt(request, work, "banking:run", slug, uuid)


@never_cache
@login_required
@require_POST
def cancel(request: SignedIn, slug: str, uuid: UUID) -> HttpResponse:
    """Give an order up."""
    found = _run(request, slug, uuid)

    def work() -> str:
        actions.cancel_run(found, request.POST.get("reason", "")[:200], by=request.user)
        return _("The order is given up. What stood in it can be ordered again.")

    return attempt(request, work, "banking:run", slug, uuid)


@never_cache
@login_required
@require_POST
def came_back(request: SignedIn, slug: str, uuid: UUID) -> HttpResponse:
    """An item came back, entered by hand: `item`, `code` and the day."""
    found = _run(request, slug, uuid)
    item = get_object_or_404(Item.objects.select_related("run__cooperative"), run=found, end_to_end=request.POST.get("item", "")[:35])

    def work() -> str:
        form = ReturnForm(request.POST)
        if not form.is_valid():
            raise BadInput(_("Choose the day and the reason."))
        actions.return_item(item, form.cleaned_data["code"], form.cleaned_data["day"], by=request.user)
        return _("Booked back. The sum is open again, and the member is told.")

    return attempt(request, work, "banking:run", slug, uuid)
