"""Questions about opinion landscapes: what one sees, what is asked next, where one stands, what is nearly the same."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Count, QuerySet
from django.http import Http404

from allmende.constitution.models import Cooperative
from allmende.opinions import access, rules
from allmende.opinions.landscape import Plane, place
from allmende.opinions.models import Answer, Landscape, Result, State, Statement
from allmende.people import subjects
from allmende.people.models import Person
from allmende.people.queries import Viewer
from allmende.processes.queries import is_open


def landscape_at(viewer: Viewer, cooperative: Cooperative, uuid: UUID) -> Landscape:
    """The landscape with this address; Http404 where the viewer sees none."""
    found = access.landscapes_visible_to(viewer).filter(cooperative=cooperative, uuid=uuid).select_related("result").first()
    if found is None:
        raise Http404
    return found


def run_by(viewer: Viewer, cooperative: Cooperative, uuid: UUID) -> Landscape:
    """The same for pages of those who run it; Http404 for everybody else."""
    if not access.may_run(viewer, cooperative):
        raise Http404
    return landscape_at(viewer, cooperative, uuid)


def landscapes_of(viewer: Viewer, cooperative: Cooperative) -> QuerySet[Landscape]:
    """All of a cooperative that the viewer sees, open ones first, then the newest."""
    found = access.landscapes_visible_to(viewer).filter(cooperative=cooperative)
    return found.select_related("result").order_by("-state", "-created_at", "-pk")  # open, draft, closed


def about(landscape: Landscape) -> Any | None:
    """The thing a landscape belongs to."""
    return subjects.as_it_is(landscape.about_kind, landscape.about_id) if landscape.about_kind and landscape.about_id else None


def is_answering_open(landscape: Landscape, now: datetime) -> bool:
    """Whether answers are taken: by its own dates and by the phases of its process or of the thing it belongs to."""
    if not rules.is_answerable(landscape.state, landscape.starts_at, landscape.ends_at, now):
        return False
    thing = about(landscape)
    return is_open(landscape, "opinions", now) and (thing is None or is_open(thing, "opinions", now))


# ----------------------------------------------------------------------------------------------------- asking and answering


def asked(landscape: Landscape) -> QuerySet[Statement]:
    """The statements people are asked about."""
    return Statement.objects.filter(landscape=landscape, hidden_at=None)


def next_statement(landscape: Landscape, person: Person) -> Statement | None:
    """The one to answer next; None when there is none left."""
    waiting = asked(landscape).exclude(answers__person=person)
    number = rules.next_of(list(waiting.values_list("number", flat=True)), person.pk)
    return asked(landscape).filter(number=number).first() if number is not None else None


def progress(landscape: Landscape, person: Person) -> tuple[int, int]:
    """How many statements this person has answered, and how many there are."""
    return asked(landscape).filter(answers__person=person).count(), asked(landscape).count()


def last_answer(landscape: Landscape, person: Person) -> Answer | None:
    """What this person answered last, to change it."""
    mine = access.answers_of(person).filter(landscape=landscape, statement__hidden_at=None)
    return mine.select_related("statement").order_by("-answered_at", "-pk").first()


def own_answers(landscape: Landscape, viewer: Viewer) -> dict[int, int]:
    """One's own answers by the number of the statement."""
    mine = access.answers_of(viewer).filter(landscape=landscape)
    return dict(mine.values_list("statement__number", "value"))


def alike(landscape: Landscape, text: str) -> list[Statement]:
    """Statements that say nearly the same."""
    texts = dict(asked(landscape).values_list("number", "text"))
    found = rules.alike(text, texts)
    by_number = {one.number: one for one in asked(landscape).filter(number__in=found)}
    return [by_number[number] for number in found]


# -------------------------------------------------------------------------------------------------------------- the picture


def result_of(landscape: Landscape) -> Result | None:
    """The last picture."""
    found: Result | None = getattr(landscape, "result", None)
    return found


def own_place(landscape: Landscape, viewer: Viewer) -> tuple[float, float, int] | None:
    """Where the viewer stands in the picture and in which group, computed from the own answers alone; None with too few answers.

    It is nowhere written down.
    """
    result = result_of(landscape)
    if result is None or not result.shown.get("groups") or not result.kept:
        return None
    numbers, mine = result.kept["numbers"], own_answers(landscape, viewer)
    hidden = set(result.kept["hidden"])
    given = [number for number in numbers if number in mine]
    if len(given) < min(7, len(numbers)):
        return None
    row = np.array([[0.0 if number in hidden else float(mine.get(number, np.nan)) for number in numbers]])
    point = place(row, plane_of(result.kept))[0]
    far = [(point[0] - group["x"]) ** 2 + (point[1] - group["y"]) ** 2 for group in result.shown["groups"]]
    return float(point[0]), float(point[1]), int(np.argmin(far))


def plane_of(kept: dict[str, Any]) -> Plane:
    """The plane of the last picture."""
    return Plane(np.array(kept["centre"], dtype=float), np.array(kept["axes"], dtype=float))


def people_since(landscapes: Sequence[Landscape]) -> dict[int, int]:
    """How many people answered since the last picture, by the number of the landscape."""
    found = {}
    for one in landscapes:
        answers = Answer.objects.filter(landscape=one)
        if result := result_of(one):
            answers = answers.filter(answered_at__gt=result.computed_at)
        found[one.pk] = answers.aggregate(people=Count("person", distinct=True))["people"]
    return found


def due() -> list[Landscape]:
    """Landscapes whose picture is to be computed anew."""
    running = Landscape.objects.exclude(state=State.DRAFT).exclude(state=State.CLOSED, result__is_final=True).select_related("result")
    found = list(running)
    since = people_since([one for one in found if one.state == State.OPEN])
    return [
        one
        for one in found
        if rules.is_due(
            one.state,
            since.get(one.pk, 0),
            has_picture=(result := result_of(one)) is not None and bool(result.shown.get("is_enough")),
            is_final=result is not None and result.is_final,
        )
    ]


def open_for(person: Person) -> QuerySet[Landscape]:
    """Open landscapes this person may answer, the one that ends first on top."""
    found = access.landscapes_visible_to(person).filter(state=State.OPEN)
    return found.order_by("ends_at", "pk")
