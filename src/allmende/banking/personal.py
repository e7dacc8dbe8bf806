"""What this room knows of a person: the own mandates, the account for payouts, what the bank said of the own payments.

Mandates and orders are evidence towards banks and vouchers of the books; they stay for as long as the law says, without the account.
"""

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.banking import actions, queries, rules
from allmende.banking.models import Item, Line, Mandate, Part, PayoutAccount
from allmende.members.access import own
from allmende.people.models import Person
from allmende.people.personal import Kept, Rows, announces, forgets, keeps, knows

announces("banking", label=gettext_lazy("Direct debits and payouts"))


@knows("mandates", label=gettext_lazy("Your mandates for direct debits"))
def mandates(person: Person) -> Rows:
    """Each with what was agreed to and how long it held."""
    columns = ("reference", "iban", "holder", "signed_on", "text_shown", "last_used_on", "revoked_at", "ending")
    return list(Mandate.objects.filter(membership__in=own(person)).order_by("pk").values("membership__number", *columns))


@knows("payout-accounts", label=gettext_lazy("Your accounts for payouts"))
def payout_accounts(person: Person) -> Rows:
    """Where payouts go."""
    return list(
        PayoutAccount.objects.filter(membership__in=own(person)).order_by("pk").values("membership__number", "iban", "holder", "set_at")
    )


@knows("bank-orders", label=gettext_lazy("Direct debits and payouts that concern you"))
def orders(person: Person) -> Rows:
    """What was ordered from the bank, and what came back."""
    columns = ("run__kind", "run__due_on", "cents", "iban", "holder", "text", "end_to_end", "returned_on", "returned_code")
    return list(Item.objects.filter(membership__in=own(person)).order_by("pk").values(*columns))


@knows("bank-lines", label=gettext_lazy("Your payments in the cooperative's account"))
def lines(person: Person) -> Rows:
    """The lines of bank statements that were booked for you."""
    mine = queries.counting(Part.objects.filter(booking__request__membership__in=own(person)))
    columns = ("booked_on", "cents", "party", "iban", "text")
    return list(Line.objects.filter(pk__in=mine.values("line")).order_by("pk").values(*columns))


@keeps("banking")
def kept(person: Person) -> list[Kept]:
    """Mandates as evidence, orders and statements as vouchers."""
    stays = []
    used = Mandate.objects.filter(membership__in=own(person), erased_at=None)
    if used.exists():
        why = _("Banks may ask for them: for 13 months after a debit one can say that it was never allowed (§ 676b BGB).")
        until = rules.kept_until(localdate(), max((one.last_used_on for one in used if one.last_used_on), default=None))
        stays.append(Kept(_("Your mandates for direct debits; they are taken back"), why, until))
    if Item.objects.filter(membership__in=own(person)).exists() or lines(person):
        why = _("They are vouchers of the books, kept for eight years (§ 257 HGB).")
        stays.append(Kept(_("Direct debits, payouts and lines of bank statements that concern you"), why))
    return stays


@forgets("banking", order=30)
def forget(person: Person) -> list[Kept]:
    """Mandates are taken back; the account for payouts goes unless something is still to be paid out."""
    stays = kept(person)
    for mandate in Mandate.objects.filter(membership__in=own(person), revoked_at=None):
        actions.revoke_mandate(mandate, by=person)
    PayoutAccount.objects.filter(membership__in=own(person)).exclude(membership__payables__in=queries.owed_to(person)).delete()
    return stays
