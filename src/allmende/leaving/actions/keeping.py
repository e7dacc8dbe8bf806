"""What the house does by itself: reminding the board, forgetting what is not needed any more, forgetting an account."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from allmende.constitution.models import Cooperative
from allmende.leaving import letters, rules
from allmende.leaving.models import State, Termination, Transfer
from allmende.leaving.wording import day_words
from allmende.members.actions import locked
from allmende.people.models import Person

CONTACT_DAYS = 90
"""So long after the payout the contact of heirs is kept for questions."""


def remind_of_settlements(today: date) -> int:
    """Tell boards of exits that have come and wait for their settlement, at the moments of the rule. Says of how many."""
    waiting = Termination.objects.filter(state=State.CONFIRMED, effective_on__lt=today).order_by("membership__cooperative", "effective_on")
    rows = waiting.values_list("pk", "membership__cooperative", "effective_on", "payout_due_on", "reminded_on")
    groups: dict[tuple[int, date, date], list[int]] = {}
    for pk, cooperative, ends_on, due_on, reminded_on in rows.iterator():
        if rules.is_reminder_due(ends_on, due_on, reminded_on, today):
            groups.setdefault((cooperative, ends_on, due_on), []).append(pk)
    for (cooperative, ends_on, due_on), pks in groups.items():
        _remind(Cooperative.objects.select_related("organisation").get(pk=cooperative), ends_on, due_on, pks, today)
    return sum(len(pks) for pks in groups.values())


@transaction.atomic
def _remind(cooperative: Cooperative, ends_on: date, due_on: date, pks: list[int], today: date) -> None:
    locked(cooperative)
    still = Termination.objects.filter(pk__in=pks, state=State.CONFIRMED).exclude(reminded_on=today)
    if count := still.update(reminded_on=today):
        letters.settlements_wait(cooperative, day_words(ends_on), count, day_words(due_on))


def forget_contacts(today: date) -> int:
    """The contact of heirs goes once the settlement is long due and worked out."""
    old = Q(state=State.SETTLED, payout_due_on__lt=today - timedelta(days=CONTACT_DAYS)) | Q(state__in=(State.WITHDRAWN, State.UNDONE))
    return Termination.objects.exclude(contact="").filter(old).update(contact="")


def forget_person(person: Person) -> None:
    """An account goes: exits stay as the register does, without who clicked; what was only wanted is off."""
    Transfer.objects.filter(giver__person=person, taker=None).update(newcomer="")
    for column in ("created_by", "confirmed_by", "settled_by"):
        Termination.objects.filter(**{column: person}).update(**{column: None})
    for column in ("created_by", "decided_by"):
        Transfer.objects.filter(**{column: person}).update(**{column: None})
