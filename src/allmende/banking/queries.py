"""Questions about bank accounts, mandates, statements and orders."""

from datetime import date

from django.utils.translation import gettext as _

from allmende.banking import rules
from allmende.banking.models import Creditor, Mandate, PayoutAccount
from allmende.constitution.models import Cooperative
from allmende.members.models import Membership


def creditor_of(cooperative: Cooperative) -> Creditor:
    """As whom it collects; an unsaved empty one where nothing was said yet."""
    return Creditor.objects.filter(cooperative=cooperative).first() or Creditor(cooperative=cooperative)


def mandate_of(membership: Membership) -> Mandate | None:
    """The mandate that holds, or is halted."""
    return Mandate.objects.filter(membership=membership, revoked_at=None).first()


def payout_account_of(membership: Membership) -> PayoutAccount | None:
    """Where payouts go, if the member has said so."""
    return PayoutAccount.objects.filter(membership=membership).first()


def mandate_text(cooperative: Cooperative) -> str:
    """What a member agrees to, word by word (the text of the EPC for the core scheme), in the language of the page."""
    creditor = creditor_of(cooperative)
    return _(
        "I authorise %(creditor)s (creditor identifier %(id)s) to collect payments from my account by direct debit. At the same time I "
        "instruct my bank to honour the direct debits drawn by %(creditor)s on my account. I can demand a refund of the amount debited "
        "within eight weeks from the date of the debit; the terms agreed with my bank apply. %(creditor)s tells me amount and date at "
        "least %(days)d days before a debit. The mandate reference is sent to me with the confirmation."
    ) % {"creditor": str(cooperative), "id": creditor.creditor_id or _("to be announced"), "days": creditor.notice_days}


def is_valid(mandate: Mandate, day: date) -> bool:
    """Whether money may be collected with it on this day."""
    return rules.is_valid_mandate(mandate.signed_on, mandate.last_used_on, bool(mandate.revoked_at), bool(mandate.suspended_at), day)
