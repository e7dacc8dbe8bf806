"""Mandates and accounts for payouts: a member's own page, and the list of the offices."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from allmende.banking import actions, queries, rules
from allmende.banking.forms import AccountForm, MandateForm
from allmende.constitution.models import Cooperative
from allmende.constitution.queries import cooperative_at
from allmende.members import access as members
from allmende.members.models import Membership
from allmende.members.queries import particulars_of
from allmende.people.views import SignedIn

AREA = {"area": "codetermination"}


def _mine(request: HttpRequest, slug: str) -> tuple[Cooperative, Membership]:
    cooperative = cooperative_at(request.user, slug)
    membership = members.own_in(request.user, cooperative)
    if membership is None:
        raise Http404
    return cooperative, membership


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: SignedIn, slug: str) -> HttpResponse:
    """ich/mandat/: the own mandate and account for payouts; a mandate is given here."""
    cooperative, membership = _mine(request, slug)
    form = MandateForm(request.POST or None, initial={"holder": particulars_of(membership).spoken})
    if request.method == "POST" and form.is_valid():
        said, text = form.cleaned_data, queries.mandate_text(cooperative)
        actions.give_mandate(membership, said["iban"], said["holder"], text, localdate(), by=request.user)
        messages.success(request, _("The mandate is given. Its reference is in your mail, too."))
        return redirect("banking:own_mandate", slug)
    return _own_page(request, cooperative, membership, form=form)


def _own_page(
    request: SignedIn,
    cooperative: Cooperative,
    membership: Membership,
    form: MandateForm | None = None,
    account_form: AccountForm | None = None,
) -> HttpResponse:
    mandate, account = queries.mandate_of(membership), queries.payout_account_of(membership)
    spoken = {"holder": particulars_of(membership).spoken}
    context = AREA | {
        "cooperative": cooperative,
        "membership": membership,
        "mandate": mandate,
        "iban": rules.spaced(mandate.iban) if mandate else "",
        "is_valid": bool(mandate and queries.is_valid(mandate, localdate())),
        "account": account,
        "payout_iban": rules.spaced(account.iban) if account else "",
        "text": queries.mandate_text(cooperative),
        "creditor": queries.creditor_of(cooperative),
        "form": form or MandateForm(initial=spoken),
        "account_form": account_form or AccountForm(initial=spoken, prefix="konto"),
    }
    bad = any(one is not None and one.is_bound for one in (form, account_form))
    return render(request, "banking/own.html", context, status=422 if bad else 200)


@never_cache
@login_required
@require_POST
def revoke_own(request: SignedIn, slug: str) -> HttpResponse:
    """Take the own mandate back."""
    _cooperative, membership = _mine(request, slug)
    if mandate := queries.mandate_of(membership):
        actions.revoke_mandate(mandate, by=request.user)
    messages.success(request, _("The mandate is taken back. Nothing more is collected with it."))
    return redirect("banking:own_mandate", slug)


@never_cache
@login_required
@require_POST
def own_account(request: SignedIn, slug: str) -> HttpResponse:
    """Say where payouts go."""
    cooperative, membership = _mine(request, slug)
    form = AccountForm(request.POST, prefix="konto")
    if not form.is_valid():
        return _own_page(request, cooperative, membership, account_form=form)
    actions.set_payout_iban(membership, form.cleaned_data["iban"], form.cleaned_data["holder"], by=request.user)
    messages.success(request, _("Payouts go to this account from now on."))
    return redirect("banking:own_mandate", slug)
