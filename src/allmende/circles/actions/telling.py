"""What is told of itself: the reminder of the evening before, the daily digest; and how a circle goes on without an erased person."""

from collections import defaultdict
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone, translation

from allmende.circles import letters, queries, rules
from allmende.circles.models import Circle, CircleMember, MailInvitation, Task
from allmende.ground import trail
from allmende.people.models import Person
from allmende.people.personal import own_addresses


@transaction.atomic
def remind_of_tasks() -> int:
    """Tell everybody once what of theirs is due tomorrow; how many people."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    inside = CircleMember.objects.filter(circle=OuterRef("circle"), person=OuterRef("owner"), state=rules.IN)
    due = Task.objects.filter(Exists(inside), due=tomorrow, done_at=None, owner__is_active=True, circle__archived_at=None)
    due = due.filter(Q(reminded_for=None) | ~Q(reminded_for=tomorrow)).select_for_update(of=("self",))
    found: dict[Person, list[Task]] = defaultdict(list)
    for task in due.select_related("owner", "circle").order_by("pk"):
        if task.owner is not None:
            found[task.owner].append(task)
    for owner, tasks in found.items():
        letters.task_due(owner, tasks)
        Task.objects.filter(pk__in=[task.pk for task in tasks]).update(reminded_for=tomorrow)
    return len(found)


def tell_news() -> int:
    """Write the daily digest to everybody who wants it and has something to hear; how many people."""
    wanting = CircleMember.objects.filter(state=rules.IN, wants_digest=True, person__is_active=True, circle__archived_at=None)
    return sum(_tell(person) for person in Person.objects.filter(pk__in=wanting.values("person")).order_by("pk"))


@transaction.atomic
def _tell(person: Person) -> bool:
    now = timezone.now()
    mine = CircleMember.objects.select_for_update(of=("self",)).filter(person=person, state=rules.IN, wants_digest=True)
    held = list(mine.filter(circle__archived_at=None).select_related("circle").order_by("circle__name", "pk"))
    with translation.override(person.language):
        told = [letters.News(one.circle, tuple(lines)) for one in held if (lines := queries.news(one, now))]
    CircleMember.objects.filter(pk__in=[one.pk for one in held]).update(told_at=now)
    if told:
        letters.digest(person, told)
    return bool(told)


def forget_person(person: Person) -> None:
    """All they were in circles. Texts stay without a name; where they were the last to coordinate, others are asked to name somebody."""
    held = CircleMember.objects.filter(person=person, state=rules.IN, role=rules.COORDINATOR)
    led = list(Circle.objects.filter(pk__in=held.values("circle")).select_related("organisation"))
    CircleMember.objects.filter(person=person).delete()
    MailInvitation.objects.filter(email__in=own_addresses(person)).update(email="", word="", closed_at=timezone.now())
    for circle in led:
        trail.record("circles.coordinator_forgotten", about=circle)
        if not circle.members.filter(state=rules.IN, role=rules.COORDINATOR, person__is_active=True).exists():
            letters.without_coordinator(circle)
