"""What this room writes to members: confirmations, announcements of debits, what came back, the question where a payout goes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from allmende.banking import rules
from allmende.banking.models import Item, Mandate, PayoutAccount, Run
from allmende.ground.money import euros
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


def _by_member(items: Sequence[Item]) -> Iterator[tuple[Membership, list[Item]]]:
    found: dict[int, list[Item]] = {}
    for item in items:
        found.setdefault(item.membership_id, []).append(item)
    for mine in found.values():
        yield mine[0].membership, mine


def debits_announced(run: Run, items: Sequence[Item]) -> None:
    """The announcement before a debit: amount, day, mandate, creditor (SEPA Rulebook 4.3.4). One mail per member; noted who got one."""
    told = []
    for membership, mine in _by_member(items):
        with _to(membership) as path:
            said = {
                "name": str(run.cooperative),
                "sum": euros(sum(one.cents for one in mine)),
                "on": date_format(run.due_on),
                "iban": rules.masked(mine[0].iban),
                "mandate": mine[0].mandate.reference if mine[0].mandate else "",
                "creditor": run.creditor_id,
            }
            subject = _("%(name)s collects %(sum)s on %(on)s") % said
            text = (
                _(
                    "%(name)s collects %(sum)s by direct debit from your account %(iban)s on %(on)s.\n\n"
                    "Mandate reference: %(mandate)s\nCreditor identifier: %(creditor)s"
                )
                % said
            )
            what = "\n".join(f"{euros(one.cents)}  {one.text}" for one in mine)
            end = _("Please see to it that the account has enough money. If something is wrong, answer before that day.")
            if write_to(membership, "banking.debit_announced", subject, f"{text}\n\n{what}\n\n{end}", path=path):
                told += [one.pk for one in mine]
    Item.objects.filter(pk__in=told).update(is_told=True)


def debits_called_off(run: Run, items: Sequence[Item]) -> None:
    """What was announced is not collected."""
    for membership, mine in _by_member(items):
        with _to(membership) as path:
            said = {"name": str(run.cooperative), "sum": euros(sum(one.cents for one in mine)), "on": date_format(run.due_on)}
            subject = _("%(name)s does not collect on %(on)s") % said
            text = _("%(name)s had announced to collect %(sum)s on %(on)s. That is not done. What is open stays open.") % said
            write_to(membership, "banking.debit_called_off", subject, text, path=path)


def item_returned(item: Item, code: str) -> None:
    """A debit came back, or a payout did not arrive: why, and what is to be done."""
    with _to(item.membership) as path:
        said = {
            "name": str(item.run.cooperative),
            "sum": euros(item.cents),
            "reason": rules.return_reason(code),
            "code": item.request.code if item.request else "",
        }
        if item.request:
            subject = _("The direct debit of %(sum)s came back") % said
            text = _("%(reason)s The sum is open again. Please transfer %(sum)s to %(name)s with the text %(code)s.") % said
        else:
            subject = _("The payout of %(sum)s did not arrive") % said
            text = _("%(reason)s Please check the account for payouts that you named to %(name)s; then it is paid out again.") % said
        write_to(item.membership, "banking.item_returned", subject, text, path=path)


def account_asked_for(membership: Membership) -> bool:
    """To which account? Says whether a mail could be written."""
    with _to(membership) as path:
        said = {"name": str(membership.cooperative)}
        subject = _("%(name)s owes you money: to which account?") % said
        text = _("%(name)s has something to pay out to you and does not know your account. Please name it on your page.") % said
        if membership.person is None:
            text = _("%(name)s has something to pay out to you and does not know your account. Please write the IBAN in an answer.") % said
        return write_to(membership, "banking.account_asked_for", subject, text, path=path)
