"""What happens by itself, and what goes with an account."""

from datetime import date

from django.db import transaction
from django.db.models import F, Q

from allmende.people.models import Person
from allmende.resolutions import letters, rules
from allmende.resolutions.actions.base import save
from allmende.resolutions.models import Measure, MeasureState, Report, Resolution, State

IN_FORCE = (State.IN_WORK, State.DONE)
DUE = {"resolution__state": State.IN_WORK, "state": MeasureState.OPEN}


def remind(today: date) -> int:
    """Tell those responsible a week before something is due, once for each date, and the administration of reviews. Says how many."""
    soon = today + rules.REMIND_BEFORE
    fresh = Q(reminded_on=None) | ~Q(reminded_on=F("due_on"))
    measures = Measure.objects.filter(fresh, **DUE, due_on__lte=soon)
    due = Resolution.objects.filter(fresh, state=State.IN_WORK, due_on__lte=soon)
    again = Resolution.objects.filter(Q(reviewed_on=None) | ~Q(reviewed_on=F("review_on")), state__in=IN_FORCE, review_on__lte=today)
    told = sum(_remind_measure(pk) for pk in measures.values_list("pk", flat=True))
    told += sum(_remind_resolution(pk, today) for pk in due.values_list("pk", flat=True))
    return told + sum(_remind_review(pk, today) for pk in again.values_list("pk", flat=True))


@transaction.atomic
def _remind_measure(pk: int) -> int:
    one = Measure.objects.select_for_update(of=("self",)).select_related("resolution__cooperative__organisation", "person").get(pk=pk)
    if one.state != MeasureState.OPEN or one.reminded_on == one.due_on:
        return 0
    save(one, reminded_on=one.due_on)
    letters.remind_measure(one)
    return 1


@transaction.atomic
def _remind_resolution(pk: int, today: date) -> int:
    one = _locked(pk)
    if one.state != State.IN_WORK or not rules.is_to_remind(one.due_on, one.reminded_on, today):
        return 0
    save(one, reminded_on=one.due_on)
    letters.remind_resolution(one)
    return 1


@transaction.atomic
def _remind_review(pk: int, today: date) -> int:
    one = _locked(pk)
    if one.state not in IN_FORCE or not rules.is_to_review(one.review_on, one.reviewed_on, today):
        return 0
    save(one, reviewed_on=one.review_on)
    letters.remind_review(one)
    return 1


def _locked(pk: int) -> Resolution:
    found = Resolution.objects.select_for_update(of=("self",)).select_related("cooperative__organisation")
    return found.get(pk=pk)


@transaction.atomic
def forget_person(person: Person) -> None:
    """An account is erased: what it wrote stays without a name; who was responsible as a person is nobody now."""
    for table in (Resolution, Measure):
        mine = table.objects.filter(person=person)
        mine.filter(responsible=str(person)).update(responsible="")
        mine.update(person=None)
    Report.objects.filter(by=person).update(by=None)
