"""From the tables to the picture: answers read, groups found, what may be shown written down. Done in the background."""

from typing import Any

import numpy as np
from django.utils import timezone

from allmende.opinions import rules
from allmende.opinions.landscape import Before, Landscape, Smoothing, landscape
from allmende.opinions.landscape.plane import Matrix
from allmende.opinions.landscape.report import report
from allmende.opinions.models import Answer, Result, State, Statement
from allmende.opinions.models import Landscape as Asked
from allmende.opinions.queries import people_since, plane_of, result_of


def compute(asked: Asked) -> Result:
    """Make the picture of all answers as of now and put it in the place of the last one.

    What was final, was opened again and closed with fewer than five people more keeps its picture: the difference would tell of them.
    """
    now, is_final, last = timezone.now(), asked.state == State.CLOSED, result_of(asked)
    if last is not None and is_final and last.was_final and people_since([asked])[asked.pk] < rules.LEAST_NEW:
        last.is_final = True
        last.save(update_fields=["is_final"])
        return last
    statements = list(Statement.objects.filter(landscape=asked).order_by("number").values_list("pk", "number", "hidden_at"))
    numbers = [number for _pk, number, _at in statements]
    hidden = frozenset(at for at, (_pk, _number, hidden_at) in enumerate(statements) if hidden_at)
    answers = matrix(asked, [pk for pk, _number, _at in statements])
    found = landscape(answers, hidden=hidden, least=rules.LEAST_GROUP, before=before(last.kept if last else {}))
    shown = report(found, answers, numbers, hidden=hidden, least=rules.LEAST_GROUP, least_people=rules.LEAST_PEOPLE)
    made = {
        "computed_at": now,
        "is_final": is_final,
        "was_final": is_final,
        "people": shown["people"],
        "shown": shown,
        "kept": kept(found, numbers, hidden),
    }
    return Result.objects.update_or_create(landscape=asked, defaults=made)[0]


def matrix(asked: Asked, statements: list[int]) -> Matrix:
    """Answers of people (rows, in no order that tells anything) to statements (columns)."""
    rows = np.array(list(Answer.objects.filter(landscape=asked).values_list("person", "statement", "value")), dtype=np.int64)
    if not len(rows):
        return np.full((0, len(statements)), np.nan)
    people, row = np.unique(rows[:, 0], return_inverse=True)
    columns = np.searchsorted(np.array(statements), rows[:, 1])
    found = np.full((len(people), len(statements)), np.nan)
    found[row, columns] = rows[:, 2]
    return found


def kept(found: Landscape, numbers: list[int], hidden: frozenset[int]) -> dict[str, Any]:
    """What the next update and the own place need."""
    smoothing = found.smoothing
    return {
        "numbers": numbers,
        "hidden": [numbers[at] for at in sorted(hidden)],
        "centre": [round(float(one), 9) for one in found.plane.centre],
        "axes": [[round(float(one), 9) for one in axis] for axis in found.plane.axes],
        "middles": [[round(float(one), 9) for one in middle] for middle in found.middles],
        "smoothing": [smoothing.shown, smoothing.last, smoothing.times] if smoothing else None,
    }


def before(last: dict[str, Any]) -> Before:
    """What the last update found."""
    if not last:
        return Before()
    smoothing = Smoothing(*last["smoothing"]) if last["smoothing"] else None
    return Before(smoothing, plane_of(last), np.array(last["middles"], dtype=float).reshape(-1, 2))
