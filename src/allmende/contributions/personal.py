"""What this room knows of a person: the contributions of the own memberships."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from allmende.contributions import queries, rules
from allmende.contributions.models import ApiKey, Confirmation, Contribution
from allmende.people.models import Person
from allmende.people.personal import Kept, announces, forgets, keeps, knows

announces("contributions", label=_("Your contributions to cooperatives"))


@knows("contributions", label=_("Contributions: hours, turnover, deliveries"))
def data(person: Person) -> list[dict[str, Any]]:
    """One row per line of the ledger, with what became of it."""
    lines = queries.with_state(Contribution.objects.filter(membership__person=person)).select_related("cooperative__organisation")
    return [
        {
            "cooperative": str(one.cooperative),
            "kind": one.type.name,
            "unit": one.type.unit_name or one.type.unit,
            "amount": rules.write_exact(one.amount, one.type.unit),
            "done_on": one.done_on.isoformat(),
            "text": one.text,
            "state": queries.state_of(one),
            "entered_at": one.entered_at.isoformat(),
        }
        for one in lines.order_by("pk")
    ]


@keeps("contributions")
def kept(person: Person) -> list[Kept]:
    """The ledger belongs to the cooperative and stays with the membership."""
    if not Contribution.objects.filter(membership__person=person).exists():
        return []
    why = _("They belong to the books of the cooperative. Who has an account does not change them; your account is removed from them.")
    return [Kept(str(_("Contributions in the books of your cooperatives")), str(why))]


@forgets("contributions", order=30)
def forget(person: Person) -> list[Kept]:
    """Lines stay, without the account of who entered or confirmed them."""
    remaining = kept(person)
    Contribution.objects.filter(entered_by=person).update(entered_by=None)
    Confirmation.objects.filter(by=person).update(by=None)
    ApiKey.objects.filter(created_by=person).update(created_by=None)
    return remaining
