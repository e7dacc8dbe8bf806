"""What this room writes to members: confirmations, announcements of debits, what came back, the question where a payout goes."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from allmende.banking import rules
from allmende.banking.models import Mandate, PayoutAccount
from allmende.members.letters import language_of, write_to
from allmende.members.models import Membership


@contextmanager
def _to(membership: Membership) -> Iterator[str]:
    """In the member's language; gives the address of their own page on mandate and account."""
    with translation.override(language_of(membership)):
        yield reverse("banking:own_mandate", args=[membership.cooperative.organisation.slug])


def mandate_given(mandate: Mandate) -> None:
    """The reference, which a member has to know by the rules of the scheme, and what was agreed to."""
    with _to(mandate.membership) as path:
        name = str(mandate.membership.cooperative)
        said = {"name": name, "reference": mandate.reference, "iban": rules.masked(mandate.iban), "on": date_format(mandate.signed_on)}
        text = (
            _(
                "%(name)s may collect what is due from the account %(iban)s by direct debit from now on. "
                "The mandate reference is %(reference)s; the mandate is of %(on)s."
            )
            % said
        )
        text = f"{text}\n\n{mandate.text_shown}" if mandate.text_shown else text
        subject = _("Mandate for direct debits to %(name)s") % {"name": name}
        write_to(mandate.membership, "banking.mandate_given", subject, text, path=path)


def mandate_revoked(mandate: Mandate) -> None:
    """It is not used any more."""
    with _to(mandate.membership) as path:
        said = {"name": str(mandate.membership.cooperative), "reference": mandate.reference}
        subject = _("Mandate for direct debits to %(name)s taken back") % said
        text = (
            _("%(name)s no longer collects with the mandate %(reference)s. Pay what is due by bank transfer, or give a new mandate.") % said
        )
        write_to(mandate.membership, "banking.mandate_revoked", subject, text, path=path)


def payout_account_set(account: PayoutAccount) -> None:
    """Where money goes from now on; who did not say so has to notice."""
    with _to(account.membership) as path:
        said = {"name": str(account.membership.cooperative), "iban": rules.masked(account.iban)}
        subject = _("Account for payouts by %(name)s") % said
        text = _("%(name)s pays what you are owed to the account %(iban)s from now on. If you did not want that, answer at once.") % said
        write_to(account.membership, "banking.payout_account_set", subject, text, path=path)
