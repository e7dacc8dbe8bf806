"""Counts of places for whole cells of the map, at each zoom from 1 to 12: what lies in the world is known without counting it again.

A level holds its populated cells in Morton order: number of places, sums of x and y, and the box around them. Deeper levels are
counted at once from the keys, for their cells hold few.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allmende.atlas.engine.keys import NOWHERE, tile_shift

LEVELS = range(1, 13)
_BOX = [(name, "<u4") for name in ("x0", "y0", "x1", "y1")]
CELL = np.dtype([("cell", "<i8"), ("n", "<i8"), ("sx", "<i8"), ("sy", "<i8"), *_BOX, ("first", "<u4")])
"""`first` is the ordinal of the first place in the cell."""
Cells = NDArray[np.void]


@dataclass
class Pyramid:
    """The cells of each level."""

    levels: dict[int, Cells]

    @classmethod
    def build(cls, keys: NDArray[np.int64], x: NDArray[np.uint32], y: NDArray[np.uint32]) -> "Pyramid":
        """Count sorted keys; each level is put together from the one below it."""
        placed = int(keys.searchsorted(NOWHERE))
        level = max(LEVELS)
        levels = {level: group(keys[:placed] >> tile_shift(level), x[:placed], y[:placed], np.arange(placed, dtype=np.uint32))}
        for upper in reversed(LEVELS[:-1]):
            levels[upper] = _upper(levels[upper + 1])
        return cls(levels)

    def within(self, level: int, low: int, high: int) -> Cells:
        """The populated cells of a level with Morton codes from `low` up to but without `high`."""
        cells = self.levels[level]
        return cells[cells["cell"].searchsorted(low) : cells["cell"].searchsorted(high)]


def group(cell: NDArray[np.int64], x: NDArray[np.uint32], y: NDArray[np.uint32], ordinal: NDArray[np.uint32]) -> Cells:
    """Places, sorted by cell, counted per cell."""
    if not len(cell):
        return np.zeros(0, CELL)
    starts = np.concatenate([[0], np.flatnonzero(cell[1:] != cell[:-1]) + 1])
    found = np.zeros(len(starts), CELL)
    found["cell"], found["first"] = cell[starts], ordinal[starts]
    found["n"] = np.diff(np.concatenate([starts, [len(cell)]]))
    for axis, values in (("x", x), ("y", y)):
        found["s" + axis] = np.add.reduceat(values, starts, dtype=np.int64)
        found[axis + "0"] = np.minimum.reduceat(values, starts)
        found[axis + "1"] = np.maximum.reduceat(values, starts)
    return found


def _upper(cells: Cells) -> Cells:
    """The level above: four cells become one."""
    return joined(cells["cell"] >> 2, cells)


def joined(code: NDArray[np.int64], cells: Cells) -> Cells:
    """Counted cells put together where their new codes, which must be sorted, are the same."""
    if not len(cells):
        return np.zeros(0, CELL)
    starts = np.concatenate([[0], np.flatnonzero(code[1:] != code[:-1]) + 1])
    found = np.zeros(len(starts), CELL)
    found["cell"], found["first"] = code[starts], cells["first"][starts]
    for name in ("n", "sx", "sy"):
        found[name] = np.add.reduceat(cells[name], starts)
    for name in ("x0", "y0"):
        found[name] = np.minimum.reduceat(cells[name], starts)
    for name in ("x1", "y1"):
        found[name] = np.maximum.reduceat(cells[name], starts)
    return found
