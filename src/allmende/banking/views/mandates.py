"""Mandates and accounts for payouts: a member's own page, and the list of the offices."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from allmende.banking import access, actions, queries, rules
from allmende.banking.forms import AccountForm, CreditorForm, MandateForm, MemberAccountForm
from allmende.banking.views.base import A_PAGE, booked_by, page
from allmende.constitution.models import Cooperative
from allmende.constitution.queries import cooperative_at, read_by
from allmende.members import access as members
from allmende.members.models import Membership
from allmende.members.queries import particulars_of, particulars_on
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


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: SignedIn, slug: str) -> HttpResponse:
    """bank/mandate/: who can be debited, accounts masked; and as whom the cooperative collects."""
    cooperative = booked_by(request, slug) if request.method == "POST" else read_by(request.user, slug)
    creditor = queries.creditor_of(cooperative)
    said = {"creditor_id": creditor.creditor_id, "notice_days": creditor.notice_days}
    form = CreditorForm(request.POST or None, initial=said)
    if request.method == "POST" and form.is_valid():
        actions.set_creditor(cooperative, form.cleaned_data["creditor_id"], form.cleaned_data["notice_days"], by=request.user)
        messages.success(request, _("Noted."))
        return redirect("banking:mandates", slug)
    found = access.mandates_visible_to(request.user, cooperative).filter(revoked_at=None).select_related("membership")
    pages = Paginator(found.order_by("membership__number"), A_PAGE).get_page(request.GET.get("page"))
    mandates = list(pages.object_list)
    names = particulars_on([one.membership for one in mandates], localdate())
    rows = [(one, names[one.membership_id].name, queries.is_valid(one, localdate())) for one in mandates]
    context = {"form": form, "creditor": creditor, "rows": rows, "pages": pages}
    return page(request, cooperative, "mandates", 422 if form.errors else 200, **context)


def _member(request: HttpRequest, slug: str, number: int) -> tuple[Cooperative, Membership]:
    """A member, for the offices that may name accounts."""
    cooperative = read_by(request.user, slug)
    found = get_object_or_404(
        Membership.objects.select_related("cooperative__organisation", "person"), cooperative=cooperative, number=number
    )
    if not access.may_name_account(request.user, found):
        raise Http404
    return cooperative, found


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def of_member(request: SignedIn, slug: str, number: int) -> HttpResponse:
    """bank/mandate/148/: accounts of a member; a mandate or an account on paper is entered here. The whole IBAN only on demand."""
    cooperative, membership = _member(request, slug, number)
    shows = request.method == "POST" and "show" in request.POST and access.may_see_iban(request.user, membership)
    form = MemberAccountForm(None if shows else request.POST or None, initial={"holder": particulars_of(membership).spoken})
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        if said["use"] == "payouts":
            actions.set_payout_iban(membership, said["iban"], said["holder"], by=request.user)
        else:
            text = queries.mandate_text(cooperative)
            actions.give_mandate(membership, said["iban"], said["holder"], text, said["signed_on"], by=request.user)
        messages.success(request, _("Noted. The member is told."))
        return redirect("banking:member_accounts", slug, number)
    mandate, account = queries.mandate_of(membership), queries.payout_account_of(membership)
    if shows:
        actions.note_look(membership, by=request.user)
    context = {
        "membership": membership,
        "name": particulars_of(membership).name,
        "mandate": mandate,
        "is_valid": bool(mandate and queries.is_valid(mandate, localdate())),
        "former": access.mandates_visible_to(request.user, cooperative).filter(membership=membership).exclude(revoked_at=None),
        "account": account,
        "form": form,
        "shows": shows,
        "may_see": access.may_see_iban(request.user, membership),
    }
    return page(request, cooperative, "member", 422 if form.errors else 200, **context)


@never_cache
@login_required
@require_POST
def revoke(request: SignedIn, slug: str, number: int) -> HttpResponse:
    """Take a member's mandate back."""
    _cooperative, membership = _member(request, slug, number)
    if mandate := queries.mandate_of(membership):
        actions.revoke_mandate(mandate, by=request.user)
    messages.success(request, _("The mandate is taken back. Nothing more is collected with it."))
    return redirect("banking:member_accounts", slug, number)
