"""Groups on the plane: k-means from fixed beginnings, the clearest end and number of groups by silhouette, changed only when it stays."""

from dataclasses import dataclass
from itertools import permutations

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Labels = npt.NDArray[np.intp]
MOST_GROUPS = 5
PEOPLE_PER_GROUP = 12  # Polis looks for one group more for each twelve people
UPDATES = 4  # so often in a row another number of groups must be the best before it is taken
_ROUNDS = 100
_BLOCK = 512  # people whose distances to all are held in memory at once


def candidates(points: Matrix, k: int) -> list[Labels]:
    """What k-means ends in from several fixed beginnings, each once. Groups are numbered by size, the largest 0."""
    distinct = np.unique(points, axis=0)
    ends = [_settle(points, start) for start in _beginnings(points, min(k, len(distinct)))]
    found = {labels.tobytes(): labels for labels in (by_size(end, points) for end in ends)}
    return list(found.values())


def cluster(points: Matrix, k: int) -> tuple[Labels, float]:
    """Each point's group of k and the silhouette: of all ends the one whose groups are told apart best; of equal ones the first."""
    ends = candidates(points, k)
    scores = silhouettes(points, ends)
    best = int(np.argmax(scores))
    return ends[best], float(scores[best])


def _beginnings(points: Matrix, k: int) -> list[Matrix]:
    """First centres: the first distinct points (as Polis does), points far from each other, and slices along both axes."""
    _unique, first = np.unique(points, axis=0, return_index=True)
    starts = [points[np.sort(first)[:k]], _far_apart(points, k)]
    for axis in (0, 1):
        order = np.argsort(points[:, axis], kind="stable")
        starts.append(np.array([part.mean(axis=0) for part in np.array_split(points[order], k)]))
    spin = np.linspace(0, 2 * np.pi, k, endpoint=False)
    spread = points.std(axis=0)
    starts += [points.mean(axis=0) + spread * np.c_[np.cos(spin + turn), np.sin(spin + turn)] for turn in np.linspace(0, np.pi, 8)]
    return starts


def _far_apart(points: Matrix, k: int) -> Matrix:
    """The point farthest from the middle, then always the one farthest from those taken."""
    chosen = [points[np.argmax(_squares(points, points.mean(axis=0)[None])[:, 0])]]
    while len(chosen) < k:
        chosen.append(points[np.argmax(_squares(points, np.array(chosen)).min(axis=1))])
    return np.array(chosen)


def _settle(points: Matrix, centres: Matrix) -> Labels:
    labels: Labels = np.full(len(points), -1)
    for _round in range(_ROUNDS):
        nearest = _squares(points, centres).argmin(axis=1)
        if (nearest == labels).all():
            break
        labels = nearest
        centres = np.array([points[labels == one].mean(axis=0) if (labels == one).any() else centres[one] for one in range(len(centres))])
    return labels


def _squares(points: Matrix, centres: Matrix) -> Matrix:
    found: Matrix = ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    return found


def by_size(labels: Labels, points: Matrix) -> Labels:
    """Numbers by size; of equal ones the one further left on the plane is first."""
    names = np.unique(labels)
    order = sorted(names, key=lambda one: (-(labels == one).sum(), *points[labels == one].mean(axis=0).round(9)))
    new = {old: at for at, old in enumerate(order)}
    return np.array([new[one] for one in labels], dtype=np.intp)


def silhouette(points: Matrix, labels: Labels) -> float:
    """How well points lie in their groups, -1 to 1, the average of all; who is alone in a group counts as 0."""
    return float(silhouettes(points, [labels])[0])


def silhouettes(points: Matrix, groupings: list[Labels]) -> Matrix:
    """The silhouette of each grouping, rounded to nine places. All distances are looked at once, a block of people at a time."""
    members = [labels[:, None] == np.arange(labels.max() + 1) for labels in groupings]
    columns = np.concatenate(members, axis=1).astype(float)
    ends = np.cumsum([0, *(one.shape[1] for one in members)])
    totals = np.zeros(len(groupings))
    for start in range(0, len(points), _BLOCK):
        rows = slice(start, start + _BLOCK)
        sums = np.sqrt(_squares(points[rows], points)) @ columns
        for at, labels in enumerate(groupings):
            totals[at] += _scores(sums[:, ends[at] : ends[at + 1]], labels[rows], members[at].sum(axis=0)).sum()
    return np.round(totals / max(len(points), 1), 9)


def _scores(sums: Matrix, own: Labels, sizes: Labels) -> Matrix:
    """The silhouette of single points, from the sums of their distances to the groups."""
    if len(sizes) < 2:
        return np.zeros(len(own))
    mine = np.arange(len(own))
    inside = sums[mine, own] / np.maximum(sizes[own] - 1, 1)
    means = sums / np.maximum(sizes, 1)
    means[:, sizes == 0] = np.inf
    means[mine, own] = np.inf
    outside = means.min(axis=1)
    larger = np.maximum(inside, outside)
    return np.where((sizes[own] > 1) & (larger > 0), (outside - inside) / np.where(larger > 0, larger, 1.0), 0.0)


@dataclass(frozen=True)
class Smoothing:
    """The number of groups in use, the one that was best the last time, and how often in a row."""

    shown: int
    last: int
    times: int


def smooth(best: int, before: Smoothing | None) -> Smoothing:
    """Another number of groups is taken only when it was the best four times in a row."""
    if before is None:
        return Smoothing(best, best, 1)
    times = before.times + 1 if best == before.last else 1
    return Smoothing(best if times >= UPDATES else before.shown, best, times)


def numbers_to_try(people: int) -> range:
    """From two groups up to five, one more for each twelve people."""
    return range(2, min(MOST_GROUPS, 2 + people // PEOPLE_PER_GROUP) + 1)


def joined(points: Matrix, labels: Labels, least: int) -> Labels:
    """Groups with fewer than `least` people are joined, the smallest first, with the group whose middle is nearest."""
    labels = labels.copy()
    while True:
        names, sizes = np.unique(labels, return_counts=True)
        if len(names) < 2 or sizes.min() >= least:
            return by_size(labels, points)
        small = names[np.argmin(sizes)]
        middles = {one: points[labels == one].mean(axis=0) for one in names}
        others = [one for one in names if one != small]
        labels[labels == small] = min(others, key=lambda one: float(((middles[one] - middles[small]) ** 2).sum()))


def named_like(labels: Labels, points: Matrix, old: Matrix) -> Labels:
    """The groups numbered as those before whose middles are nearest, so that group A stays group A; only where there are as many."""
    names = np.unique(labels)
    if len(names) != len(old):
        return labels
    far = _squares(np.array([points[labels == one].mean(axis=0) for one in names]), old)
    best = min(permutations(range(len(old))), key=lambda order: round(float(sum(far[at, to] for at, to in enumerate(order))), 9))
    return np.array([best[one] for one in labels], dtype=np.intp)
