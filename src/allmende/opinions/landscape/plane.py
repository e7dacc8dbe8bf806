"""People on a plane: two principal components of the answers, and where somebody stands on them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
LEAST_ANSWERS = 7  # as in Polis: who answered fewer is not grouped, unless there are fewer statements
FEWEST_PEOPLE = 15  # below that those with the most answers are taken along, as in Polis
_SMALL = 1e-9


@dataclass(frozen=True)
class Plane:
    """Where the middle of all answers lies, and two axes of length one (zeros where there is nothing to tell apart)."""

    centre: Matrix
    axes: Matrix


def counted_in(answers: Matrix, fewest: int = FEWEST_PEOPLE) -> npt.NDArray[np.intp]:
    """The rows of those who are grouped: at least seven answers, or all statements; filled up to `fewest` by those with the most."""
    many = (~np.isnan(answers)).sum(axis=1)
    enough = many >= min(LEAST_ANSWERS, answers.shape[1])
    missing = min(fewest, int((many > 0).sum())) - int(enough.sum())
    if missing > 0:
        order = np.argsort(-many, kind="stable")
        enough[order[~enough[order]][:missing]] = True
    return np.flatnonzero(enough)


def hushed(answers: Matrix, hidden: frozenset[int]) -> Matrix:
    """Hidden statements count as if everybody had passed, as in Polis: they tell nobody apart."""
    quiet = answers.copy()
    quiet[:, sorted(hidden)] = 0.0
    return quiet


def filled(answers: Matrix) -> Matrix:
    """Missing answers replaced by the average of their statement; zero where nobody answered."""
    known = ~np.isnan(answers)
    sums = np.where(known, answers, 0.0).sum(axis=0)
    means = sums / np.maximum(known.sum(axis=0), 1)
    return np.where(known, answers, means)


def plane(answers: Matrix) -> Plane:
    """The plane on which the answers differ most. The sign of an axis is fixed: its largest weight is positive."""
    people, statements = answers.shape
    if not people or not statements:
        return Plane(np.zeros(statements), np.zeros((2, statements)))
    whole = filled(answers)
    centre = whole.mean(axis=0)
    return Plane(centre, _axes(whole - centre))


def _axes(centred: Matrix) -> Matrix:
    """The two strongest directions, by the smaller of the two products: people by people, or statements by statements."""
    people, statements = centred.shape
    wide = people < statements
    values, vectors = np.linalg.eigh(centred @ centred.T if wide else centred.T @ centred)
    axes = np.zeros((2, statements))
    for at, column in enumerate(np.argsort(-values, kind="stable")[:2]):
        if values[column] > _SMALL:
            axis = centred.T @ vectors[:, column] if wide else vectors[:, column]
            axes[at] = _turned(axis / np.linalg.norm(axis))
    return axes


def _turned(axis: Matrix) -> Matrix:
    """With its largest weight positive; of equal ones the first decides, rounding apart."""
    largest = int(np.argmax(np.round(np.abs(axis), 9)))
    return axis if axis[largest] >= 0 else -axis


def like(new: Plane, old: Plane) -> Plane:
    """The new plane turned so that left stays left and above above, where the old one knew the same statements."""
    known = min(new.axes.shape[1], old.axes.shape[1])
    signs = np.where((new.axes[:, :known] * old.axes[:, :known]).sum(axis=1) < 0, -1.0, 1.0)
    return Plane(new.centre, new.axes * signs[:, None])


def place(answers: Matrix, on: Plane) -> Matrix:
    """Where people stand: only their own answers count, few of them are pushed outwards by sqrt(statements / answers)."""
    known = ~np.isnan(answers)
    off = np.where(known, answers - on.centre, 0.0)
    scale = np.sqrt(answers.shape[1] / np.maximum(known.sum(axis=1), 1))
    found: Matrix = (off @ on.axes.T) * scale[:, None]
    return found
