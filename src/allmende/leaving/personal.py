"""What this room knows of a person, and how it lets go of them.

Exits belong to the register, which keeps its own time (§ 30 III GenG, § 257 HGB); an account can go before, the register stays.
"""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.leaving import actions
from allmende.leaving.models import OPEN, OPEN_TRANSFERS, State, Termination, Transfer
from allmende.people.models import Person
from allmende.people.personal import Kept, announces, blocks, forgets, keeps, knows

announces("leaving", label=gettext_lazy("Leaving and transfers of shares"))


@knows("exits", label=gettext_lazy("Your notices and exits"))
def exits(person: Person) -> list[dict[str, Any]]:
    """What one declared, what follows, what was paid."""
    rows = Termination.objects.filter(membership__person=person).select_related("membership__cooperative__organisation").order_by("pk")
    return [
        {
            "cooperative": str(one.membership.cooperative),
            "scope": one.scope,
            "shares": one.quantity,
            "reason": one.reason,
            "received_on": one.received_on,
            "effective_on": one.effective_on,
            "payout_due_on": one.payout_due_on,
            "paragraph": one.paragraph,
            "text": one.declared_text,
            "words": one.words,
            "hearing": one.hearing,
            "state": one.state,
            "capital_cents": one.capital_cents,
            "loss_cents": one.loss_cents,
            "settled_cents": one.settled_cents,
        }
        for one in rows
    ]


@knows("share-transfers", label=gettext_lazy("Transfers of shares you gave or took"))
def transfers(person: Person) -> list[dict[str, Any]]:
    """The own declarations; of the other side only what one wrote oneself."""
    rows = Transfer.objects.filter(Q(giver__person=person) | Q(taker__person=person)).select_related("giver", "taker").order_by("pk")
    return [
        {
            "shares": one.quantity,
            "state": one.state,
            "declared_on": one.declared_on,
            "text": one.declared_text if one.giver.person_id == person.pk else one.taken_text,
            "newcomer": one.newcomer if one.giver.person_id == person.pk else "",
            "effective_on": one.effective_on,
        }
        for one in rows
    ]


@knows("exits-decided", label=gettext_lazy("Exits you entered or decided"))
def decided(person: Person) -> list[dict[str, Any]]:
    """What one did with an office; without the members' data."""
    mine = Q(created_by=person) | Q(confirmed_by=person) | Q(settled_by=person)
    rows = Termination.objects.filter(mine).exclude(membership__person=person).order_by("pk")
    return [dict(row) for row in rows.values("uuid", "reason", "state", "created_at", "confirmed_at", "settled_at")]


@blocks("leaving")
def waiting(person: Person) -> list[str]:
    """A transfer that waits needs the one who wants it."""
    if Transfer.objects.filter(giver__person=person, state__in=OPEN_TRANSFERS).exists():
        return [_("You want to transfer shares. Withdraw that first, or wait until it is done.")]
    return []


@keeps("leaving")
def kept(person: Person) -> list[Kept]:
    """Exits stay with the register."""
    if not Termination.objects.filter(membership__person=person, state__in=(*OPEN, State.SETTLED)).exists():
        return []
    return [Kept(_("Your notices and settlements"), _("They belong to the list of members and the books of the cooperative."))]


@forgets("leaving", order=30)
def forget(person: Person) -> list[Kept] | None:
    """Who clicked is forgotten; what was declared stays with the register."""
    stays = kept(person)
    actions.forget_person(person)
    return stays
