"""Bank accounts of the cooperative, and the numbers of the bookkeeping outside."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import read_by
from allmende.money import actions, queries
from allmende.money.export import CHARTS
from allmende.money.forms import AccountForm, NumbersForm
from allmende.money.models import BankAccount
from allmende.money.views.base import frame
from allmende.people.views import person_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def accounts(request: HttpRequest, slug: str) -> HttpResponse:
    """kasse/bankverbindung/: the accounts, and one more."""
    cooperative = read_by(request.user, slug)
    if request.method != "POST":
        return _accounts(request, cooperative, AccountForm(initial={"holder": str(cooperative)[:70]}))
    actions.require_booking(person_of(request), cooperative)
    form = AccountForm(request.POST)
    if not form.is_valid():
        return _accounts(request, cooperative, form, 422)
    actions.add_account(cooperative, by=person_of(request), **form.cleaned_data)
    messages.success(request, _("The bank account is entered."))
    return redirect("money:accounts", slug)


def _accounts(request: HttpRequest, cooperative: Cooperative, form: AccountForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "accounts": list(BankAccount.objects.filter(cooperative=cooperative))}
    return render(request, "money/accounts.html", frame(request, cooperative) | context, status=status)


@login_required
@require_POST
def account_change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Put it on requests (what=choose), or do not use it any more (what=remove)."""
    cooperative = read_by(request.user, slug)
    account = get_object_or_404(BankAccount, cooperative=cooperative, pk=pk)
    change = actions.remove_account if request.POST.get("what") == "remove" else actions.choose_account
    change(account, by=person_of(request))
    messages.success(request, _("Changed."))
    return redirect("money:accounts", slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def numbers(request: HttpRequest, slug: str) -> HttpResponse:
    """kasse/konten/: which number each account has outside; ?chart=skr04 fills in what is usual there."""
    cooperative = read_by(request.user, slug)
    books = queries.bookkeeping(cooperative)
    usual = CHARTS.get(request.GET.get("chart", ""))
    if usual:
        books.accounts = {str(account): number for account, number in usual.items()}
    if request.method != "POST":
        return render(request, "money/numbers.html", frame(request, cooperative) | {"form": NumbersForm(books)})
    actions.require_booking(person_of(request), cooperative)
    form = NumbersForm(books, request.POST)
    if not form.is_valid():
        return render(request, "money/numbers.html", frame(request, cooperative) | {"form": form}, status=422)
    said = form.cleaned_data
    actions.set_numbers(
        cooperative,
        consultant=said["consultant"],
        client=said["client"],
        length=said["length"],
        reminder_fee_cents=said["reminder_fee"],
        accounts=form.accounts(),
        by=person_of(request),
    )
    messages.success(request, _("The numbers are kept."))
    return redirect("money:numbers", slug)
