"""How the cooperative's books are set up: its bank accounts and the numbers of the bookkeeping outside."""

from django.db import transaction
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.ground import trail
from allmende.ground.refusals import Refused, require
from allmende.members.actions import locked
from allmende.money.actions.booking import require_booking
from allmende.money.models import BankAccount, Bookkeeping
from allmende.people.models import Person


@transaction.atomic
def add_account(cooperative: Cooperative, *, iban: str, bic: str, bank: str, holder: str, by: Person) -> BankAccount:
    """A bank account of the cooperative, checked already. The first one stands on requests by itself."""
    cooperative = locked(cooperative)
    require_booking(by, cooperative)
    known = BankAccount.objects.filter(cooperative=cooperative)
    require(not known.filter(iban=iban).exists(), _("This bank account is entered already."), Refused)
    made = BankAccount.objects.create(
        cooperative=cooperative, iban=iban, bic=bic, bank=bank, holder=holder, is_default=not known.filter(is_default=True).exists()
    )
    trail.record("money.account_added", by=by, about=made, cooperative=cooperative.pk)
    return made


@transaction.atomic
def choose_account(account: BankAccount, *, by: Person) -> None:
    """From now on this account stands on requests and slips."""
    cooperative = locked(account.cooperative)
    require_booking(by, cooperative)
    BankAccount.objects.filter(cooperative=cooperative).update(is_default=False)
    BankAccount.objects.filter(pk=account.pk).update(is_default=True)
    trail.record("money.account_chosen", by=by, about=account, cooperative=cooperative.pk)


@transaction.atomic
def remove_account(account: BankAccount, *, by: Person) -> None:
    """The account is not used any more. The one on requests goes only when another one has taken its place."""
    cooperative = locked(account.cooperative)
    require_booking(by, cooperative)
    found = BankAccount.objects.filter(pk=account.pk).first()
    if found is None:
        return
    others = BankAccount.objects.filter(cooperative=cooperative).exclude(pk=found.pk)
    require(not found.is_default or not others.exists(), _("Choose another account for requests first."), Refused)
    trail.record("money.account_removed", by=by, about=found, cooperative=cooperative.pk)
    found.delete()


@transaction.atomic
def set_numbers(cooperative: Cooperative, *, by: Person, **numbers: object) -> Bookkeeping:
    """Numbers of adviser, client and accounts, and what a later reminder costs."""
    cooperative = locked(cooperative)
    require_booking(by, cooperative)
    made, _new = Bookkeeping.objects.update_or_create(cooperative=cooperative, defaults=numbers)
    trail.record("money.numbers_set", by=by, about=made, cooperative=cooperative.pk)
    return made
