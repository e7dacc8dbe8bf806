"""What is due by itself: reminding boards, and forgetting what is over."""

from datetime import date, datetime, timedelta

from django.db import transaction

from allmende.constitution.models import Cooperative
from allmende.ground import trail
from allmende.joining import letters, queries, rules
from allmende.joining.models import Application, State
from allmende.members.actions import NAMED, locked


def remind_boards(today: date) -> int:
    """Boards hear of declarations that have waited for a fortnight, and every fortnight again; how many declarations."""
    return sum(_remind(cooperative, number, today) for cooperative, number in queries.overdue_by_cooperative(today))


@transaction.atomic
def _remind(cooperative: Cooperative, number: int, today: date) -> int:
    locked(cooperative)
    before = today - timedelta(days=rules.REMIND_AFTER_DAYS)
    late = Application.objects.filter(cooperative=cooperative, state=State.DECLARED, declared_on__lte=before)
    late.filter(reminded_on=None).update(reminded_on=today)
    late.filter(reminded_on__lte=before).update(reminded_on=today)
    letters.overdue(cooperative, number)
    trail.record("joining.board_reminded", about=cooperative, number=number)
    return number


def forget_last_letters(now: datetime) -> int:
    """The last letters about refused and withdrawn declarations, once they are sent."""
    return letters.forget_last(now)


@transaction.atomic
def forget_old(now: datetime) -> int:
    """Declarations lose their words with the register's line: when a member's name is erased there, after the years of the law."""
    over = Application.objects.filter(state=State.ADMITTED, erased_at=None, membership__erased_at__isnull=False)
    empty = {name: "" for name in NAMED if name not in {"party", "country", "language"}}
    found = list(over.values_list("pk", flat=True))
    for application in Application.objects.filter(pk__in=found):
        letters.forget(application)
    return Application.objects.filter(pk__in=found).update(
        **empty, text_shown="", sha256="", person=None, organisation=None, evidence="", basis="", erased_at=now
    )
