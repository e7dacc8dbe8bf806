"""From answers to groups in one call."""

from dataclasses import dataclass

import numpy as np

from allmende.opinions.landscape.groups import Labels, Smoothing, cluster, joined, named_like, numbers_to_try, smooth
from allmende.opinions.landscape.plane import Matrix, Plane, counted_in, hushed, like, place, plane


@dataclass(frozen=True)
class Landscape:
    """Who is grouped (rows of the answers), where they stand, which group each is in, and how well each number of groups fits."""

    plane: Plane
    rows: Labels
    points: Matrix
    labels: Labels
    smoothing: Smoothing | None
    silhouettes: dict[int, float]

    @property
    def groups(self) -> int:
        return int(self.labels.max()) + 1 if len(self.labels) else 0

    @property
    def middles(self) -> Matrix:
        return np.array([self.points[self.labels == one].mean(axis=0) for one in range(self.groups)]).reshape(-1, 2)


@dataclass(frozen=True)
class Before:
    """What the last update found, so that a picture does not jump: the number of groups, the axes, the middles of the groups."""

    smoothing: Smoothing | None = None
    plane: Plane | None = None
    middles: Matrix | None = None


def landscape(answers: Matrix, *, hidden: frozenset[int] = frozenset(), least: int = 1, before: Before | None = None) -> Landscape:
    """Groups of opinion. Statements that are `hidden` tell nobody apart; groups of fewer than `least` people join the nearest."""
    before = before or Before()
    rows, answers = counted_in(answers), hushed(answers, hidden)
    found = plane(answers)
    found = like(found, before.plane) if before.plane else found
    points = place(answers[rows], found)
    if len(np.unique(points.round(9), axis=0)) < 2:
        return Landscape(found, rows, points, np.zeros(len(rows), dtype=np.intp), None, {})
    clusterings = {k: cluster(points, k) for k in numbers_to_try(len(rows))}
    scores = {k: score for k, (_labels, score) in clusterings.items()}
    smoothing = smooth(max(scores, key=lambda k: (scores[k], -k)), before.smoothing)
    labels = joined(points, clusterings[min(smoothing.shown, max(clusterings))][0], least)
    if before.middles is not None:
        labels = named_like(labels, points, before.middles)
    return Landscape(found, rows, points, labels, smoothing, scores)
