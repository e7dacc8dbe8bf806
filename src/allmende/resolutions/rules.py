"""What is right in a register of resolutions: states, numbers, what is overdue, when to remind. Plain values."""

from collections.abc import Iterable
from datetime import date, timedelta

REMIND_BEFORE = timedelta(days=7)
OVERDUE = "overdue"
DRAFT, IN_WORK, DONE, REJECTED, REVOKED = "draft", "in_work", "done", "rejected", "revoked"
SHOWN = (DONE, IN_WORK, OVERDUE, REVOKED, REJECTED)
"""What a resolution counts as in the register, in the order of the bar."""
REVIEW = "review"
"""No standing of its own: what holds and is to be looked at again by now."""
EARLIEST = date(1850, 1, 1)
MOST_MEASURES = 100


def next_serial(last: int | None) -> int:
    """The number after the last one of a year: no gaps, whoever enters has locked the cooperative."""
    return (last or 0) + 1


def standing(state: str, due_on: date | None, open_until: Iterable[date | None], today: date) -> str:
    """As what a resolution is shown: its state, or overdue when it or an open measure should be done by now."""
    if state != IN_WORK:
        return state
    days = [day for day in (due_on, *open_until) if day is not None]
    return OVERDUE if any(day < today for day in days) else IN_WORK


def state_when_entered(is_adopted: bool, is_done: bool) -> str:
    """What was not adopted leads to nothing; what is carried out already needs no work."""
    if not is_adopted:
        return REJECTED
    return DONE if is_done else IN_WORK


def may_be_decided_on(day: date, today: date) -> bool:
    """A register holds what was decided, not what will be."""
    return EARLIEST <= day <= today


def is_to_remind(due_on: date | None, reminded_on: date | None, today: date) -> bool:
    """Once for each due date, a week before."""
    return due_on is not None and due_on - REMIND_BEFORE <= today and reminded_on != due_on


def is_to_review(review_on: date | None, reviewed_on: date | None, today: date) -> bool:
    """Once for each review date, on the day."""
    return review_on is not None and review_on <= today and reviewed_on != review_on


def parts(counts: dict[str, int]) -> list[tuple[str, int, float, float]]:
    """The bar of the register: what, how many, where it begins and how wide it is, in percent, with a small gap between."""
    total = sum(counts.values())
    found: list[tuple[str, int, float, float]] = []
    before = 0
    for what in SHOWN:
        number = counts.get(what, 0)
        if number:
            width = max(number * 100 / total - 0.35, 0.35)
            found.append((what, number, round(before * 100 / total, 2), round(width, 2)))
        before += number
    return found
