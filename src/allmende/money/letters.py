"""What this room writes to members: that something is asked for, that it is late, and certificates; mails and PDFs in their language."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.ground.money import euros
from allmende.members.letters import frame, language_of, write_to
from allmende.members.models import Membership
from allmende.members.queries import particulars_of
from allmende.money import girocode, queries
from allmende.money.models import BankAccount, Request, RequestKind
from allmende.web import paper


def path_of(request: Request) -> str:
    """Where the member finds the request with its QR code."""
    return reverse("money:request", args=[request.membership.cooperative.organisation.slug, request.uuid])


def tell_of_request(request: Request) -> bool:
    """Tell a member that something is asked for; says whether a mail could be written."""
    membership = request.membership
    with translation.override(language_of(membership)):
        subject = _("%(cooperative)s asks for %(amount)s") % {"cooperative": membership.cooperative, "amount": euros(request.cents)}
        text = "\n\n".join((_said(request, request.cents), _bank_lines(request)))
        return write_to(membership, "money.requested", subject, text, path=path_of(request))


def remind(request: Request, level: int, fee: Request | None) -> bool:
    """Remind a member of what is open: friendly, plain, for the last time. Says whether a mail could be written."""
    membership, left = request.membership, _left(request)
    with translation.override(language_of(membership)):
        subject = {1: _("A friendly reminder"), 2: _("Second reminder"), 3: _("Last reminder")}[level]
        parts = [_reminding(level), _said(request, left)]
        if fee:
            parts.append(_("For this reminder %(amount)s is added (%(code)s).") % {"amount": euros(fee.cents), "code": fee.code})
        parts += [_bank_lines(request), _("If you have paid in the last days, this letter has crossed with it.")]
        subject = f"{subject}: {membership.cooperative}"
        return write_to(membership, "money.reminded", subject, "\n\n".join(parts), path=path_of(request))


def _reminding(level: int) -> str:
    return {
        1: _("Something may have slipped through: a payment is still open. If it is difficult at the moment, tell us, and we find a way."),
        2: _(
            "We wrote to you about this a while ago, and it is still open. Please pay it in the next days, or tell us what is in the way."
        ),
        3: _(
            "This is the last reminder before the board deals with it. A short answer is enough if you need more time or other instalments."
        ),
    }[level]


def _said(request: Request, cents: int) -> str:
    said = {"what": what(request), "amount": euros(cents), "day": date_format(request.due_on, "DATE_FORMAT")}
    return _("%(what)s: %(amount)s, to be paid by %(day)s.") % said


def what(request: Request) -> str:
    """What a request is for, in a few words."""
    kind = str(RequestKind(request.kind).label)
    return f"{kind[:1].upper()}{kind[1:]}" + (f" ({request.text})" if request.text else "")


def _left(request: Request) -> int:
    left: int = queries.requests_with_paid(Request.objects.filter(pk=request.pk)).get().left  # type: ignore[attr-defined]
    return left


def _bank_lines(request: Request) -> str:
    account = queries.default_account(request.membership.cooperative)
    if account is None:
        return _("The cooperative will tell you its bank account.")
    lines = [f"{_('Recipient')}: {account.holder}", f"IBAN: {account}", *([f"BIC: {account.bic}"] if account.bic else [])]
    return "\n".join([*lines, f"{_('Reference')}: {request.code}"])


# ---------------------------------------------------------------------------------------------------------------- on paper


def slip(request: Request) -> bytes:
    """A letter with what is asked for, the bank account and the QR code, for whoever pays from paper."""
    membership = request.membership
    account = queries.default_account(membership.cooperative)
    with translation.override(language_of(membership)):
        left = _left(request)
        pairs = [
            [_("Request"), what(request)],
            [_("Amount"), euros(left)],
            [_("To be paid by"), date_format(request.due_on, "DATE_FORMAT")],
        ]
        data = _letter(membership, _("Request for payment")) | {
            "greeting": _("Dear member %(number)s,") % {"number": f"{membership.number:04d}"},
            "text": _("please transfer this sum. With the reference it is recognised by itself."),
            "pairs": pairs + _bank_pairs(account, request),
            "code": girocode.svg(account, left, request.code).decode() if account and left else "",
            "code_words": _("QR code for the transfer of %(amount)s with the reference %(code)s")
            % {"amount": euros(left), "code": request.code},
            "code_hint": _("Most banking apps read this code and fill in the transfer."),
        }
    return paper.pdf("money", "slip", data)


def _bank_pairs(account: BankAccount | None, request: Request) -> list[list[str]]:
    if account is None:
        return [[_("Reference"), request.code]]
    pairs = [[_("Recipient"), account.holder], ["IBAN", str(account)]]
    pairs += [["BIC", account.bic]] if account.bic else []
    pairs += [[_("Bank"), account.bank]] if account.bank else []
    return [*pairs, [_("Reference"), request.code]]


def certificate(membership: Membership, day: date) -> bytes:
    """The confirmation of a member's capital as of a day, for tax and annual accounts."""
    from allmende.members.queries import share_lines
    from allmende.members.rules import held_on

    with translation.override(language_of(membership)):
        on = date_format(day, "DATE_FORMAT")
        pairs = [
            [_("Member"), particulars_of(membership, day).spoken or f"{membership.number:04d}"],
            [_("Member number"), f"{membership.number:04d}"],
            [_("Member since"), date_format(membership.joined_on, "DATE_FORMAT")],
            [_("Shares"), str(held_on(share_lines(membership), day))],
            [_("Capital (Geschäftsguthaben)"), euros(queries.capital(membership, day))],
        ]
        data = _letter(membership, _("Confirmation of the capital on %(day)s") % {"day": on}) | {
            "text": _("According to our books the member has on %(day)s:") % {"day": on},
            "pairs": pairs,
            "end": _("This confirmation was made by the books of the cooperative and is valid without a signature."),
        }
    return paper.pdf("money", "certificate", data)


def _letter(membership: Membership, title: str) -> dict[str, Any]:
    return frame(membership, title, day=localdate(), footer=membership.cooperative.letter_email)
