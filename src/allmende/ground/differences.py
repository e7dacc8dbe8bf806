"""What changed between two versions of a text, for people: lines, and within changed lines the words.

Long texts are compared by lines only where comparing words would take long; the answer is always whole, only coarser.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, ADDED, REMOVED = "same", "added", "removed"
WORDS_AT_MOST = 250
"""Blocks with more words than this are shown as removed and added, not word by word."""
LINES_AT_MOST = 1_000
"""Longer texts are compared from both ends only: what lies between the first and the last changed line counts as changed."""
AROUND = 2
"""So many unchanged lines stand around a change."""


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stayed, came or went."""

    kind: str
    text: str


@dataclass(frozen=True)
class Line:
    """One line of the difference; `skipped` instead of pieces: so many unchanged lines are left out here."""

    pieces: tuple[Piece, ...] = ()
    skipped: int = 0


def between(old: str, new: str) -> list[Line]:
    """The difference as lines, each in pieces. Empty where nothing changed."""
    before, after = old.split("\n"), new.split("\n")
    if before == after:
        return []
    found: list[Line] = []
    for what, i, j, k, m in _steps(before, after):
        if what == "equal":
            found += _unchanged(before[i:j], is_first=i == 0, is_last=j == len(before) and m == len(after))
        else:
            found += _changed(before[i:j], after[k:m])
    return found


def _steps(before: list[str], after: list[str]) -> list[tuple[str, int, int, int, int]]:
    if max(len(before), len(after)) <= LINES_AT_MOST:
        return [*SequenceMatcher(None, before, after).get_opcodes()]
    shorter = min(len(before), len(after))
    head = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    tail = next((i for i in range(shorter - head) if before[-1 - i] != after[-1 - i]), shorter - head)
    old, new = len(before) - tail, len(after) - tail
    steps = [("equal", 0, head, 0, head), ("replace", head, old, head, new), ("equal", old, len(before), new, len(after))]
    return [step for step in steps if step[1] != step[2] or step[3] != step[4]]


def _unchanged(lines: list[str], *, is_first: bool, is_last: bool) -> Iterator[Line]:
    head, tail = 0 if is_first else AROUND, 0 if is_last else AROUND
    if len(lines) <= head + tail + 1:
        head, tail = len(lines), 0
    yield from (Line((Piece(SAME, line),)) for line in lines[:head])
    if skipped := len(lines) - head - tail:
        yield Line(skipped=skipped)
    yield from (Line((Piece(SAME, line),)) for line in lines[len(lines) - tail :] if tail)


def _changed(before: list[str], after: list[str]) -> Iterator[Line]:
    words = len(" ".join(before).split()), len(" ".join(after).split())
    if before and after and max(words) <= WORDS_AT_MOST:
        yield from _by_words("\n".join(before), "\n".join(after))
        return
    yield from (Line((Piece(REMOVED, line),)) for line in before)
    yield from (Line((Piece(ADDED, line),)) for line in after)


def _by_words(old: str, new: str) -> Iterator[Line]:
    before, after = re.findall(r"\n|[^\S\n]+|[^\s]+", old), re.findall(r"\n|[^\S\n]+|[^\s]+", new)
    pieces: list[Piece] = []
    for what, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece(SAME, "".join(before[i:j])))
            continue
        pieces += [Piece(kind, text) for kind, text in ((REMOVED, "".join(before[i:j])), (ADDED, "".join(after[k:m]))) if text]
    yield from _in_lines(pieces)


def _in_lines(pieces: list[Piece]) -> Iterator[Line]:
    """Pieces over several lines, cut at the ends of lines."""
    line: list[Piece] = []
    for piece in pieces:
        first, *rest = piece.text.split("\n")
        if first:
            line.append(Piece(piece.kind, first))
        for text in rest:
            yield Line(tuple(line))
            line = [Piece(piece.kind, text)] if text else []
    yield Line(tuple(line))
