"""What is done in the background: the picture, and telling many people. All can run twice."""

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django_tasks import task

from allmende.electorates.access import people_of
from allmende.opinions import computing, letters, queries
from allmende.opinions.models import Answer, Change, Landscape, State
from allmende.people.models import Notice, Person


@task()
def compute(uuid: str) -> int:
    """Make the picture of one landscape anew; how many people answered. Once the last word is computed, those who answered are told."""
    asked = Landscape.objects.select_related("result", "cooperative__organisation").filter(uuid=uuid).first()
    if asked is None or asked.state == State.DRAFT:
        return 0
    result = queries.result_of(asked)
    was_final = result is not None and result.is_final
    made = computing.compute(asked)
    if made.is_final and not was_final:
        tell_of_end.enqueue(str(asked.uuid))
    return made.people


@task()
def tell_of_opening(uuid: str) -> int:
    """All members hear of a question that is put to them; how many were told now."""
    asked = Landscape.objects.select_related("cooperative__organisation").filter(uuid=uuid, state=State.OPEN).first()
    return _tell(list(people_of(asked.cooperative)), asked, "opinions.opened") if asked else 0


@task()
def tell_of_end(uuid: str) -> int:
    """Those who answered hear that the final picture is there; how many were told now."""
    asked = Landscape.objects.select_related("cooperative__organisation").filter(uuid=uuid, state=State.CLOSED).first()
    return _tell(_answerers(asked), asked, "opinions.closed") if asked else 0


@task()
def tell_of_change(pk: int) -> int:
    """Those who answered hear that the end was moved, and why."""
    change = Change.objects.select_related("landscape__cooperative__organisation").filter(pk=pk).first()
    if change is None:
        return 0
    for person in (people := _answerers(change.landscape)):
        letters.moved(person, change)
    return len(people)


def _answerers(asked: Landscape) -> list[Person]:
    answered = Answer.objects.filter(landscape=asked).values("person")
    return list(Person.objects.filter(pk__in=answered, is_active=True).order_by("pk"))


def _tell(people: list[Person], asked: Landscape, kind: str) -> int:
    """Each person once, in whatever language."""
    with translation.override("de"):
        path = reverse("opinions:landscape", args=[asked.cooperative.organisation.slug, asked.uuid])
    told = 0
    for person in people:
        with transaction.atomic():
            if not Notice.objects.filter(person=person, kind=kind, path__endswith=path).exists():
                letters.tell_of(person, asked, kind)
                told += 1
    return told
