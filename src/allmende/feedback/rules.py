"""What is right for peer feedback: when a round takes answers, what an answer must hold, when somebody is reminded. `now` is passed in."""

from collections.abc import Sequence
from datetime import datetime, timedelta

OPEN, CLOSED = "open", "closed"
DRAFT, GIVEN = "draft", "given"
TAKEN_UP, LATER, NO = "taken_up", "later", "no"
ASKER, INVITED, EVERYBODY = "asker", "invited", "everybody"

QUESTIONS, SUGGESTIONS = 3, 5
QUESTION_LENGTH, SUGGESTION_LENGTH, BECAUSE_LENGTH, TEXT_LENGTH = 200, 600, 600, 4_000
INVITATIONS = 60
"""As many as one round may ask: whoever asks everybody asks nobody."""

ROUNDS_A_DAY = 5
"""Of one project, and of one organisation over all its projects: each round writes to up to sixty."""

REMIND_BEFORE = timedelta(days=3)
SHORTEST, LONGEST = timedelta(hours=24), timedelta(days=180)
REOPEN_WITHIN = timedelta(days=30)
NEWS_EVERY = timedelta(days=1)


def is_good_deadline(deadline: datetime, now: datetime) -> bool:
    """People need a day at least; a round that lasts longer than half a year is no round."""
    return now + SHORTEST <= deadline <= now + LONGEST


def is_taking(state: str, deadline: datetime, now: datetime) -> bool:
    """Whether a round takes answers: the deadline closes it, even before the job that writes so has run."""
    return state == OPEN and now < deadline


def can_reopen(state: str, closed_at: datetime | None, now: datetime) -> bool:
    """A closed round can be opened again for a month; after that a new one is clearer for all."""
    return state == CLOSED and closed_at is not None and now <= closed_at + REOPEN_WITHIN


def can_write(is_round_taking: bool, state: str, is_answered: bool) -> bool:
    """Feedback may be changed until the round is over or the asker has begun to answer it."""
    return is_round_taking and (state == DRAFT or not is_answered)


def says_something(strengths: str, open_questions: str, suggestions: Sequence[str], answers: Sequence[str]) -> bool:
    """An empty sheet is no feedback."""
    return any(text.strip() for text in (strengths, open_questions, *suggestions, *answers))


def in_order(texts: Sequence[str], number: int) -> list[str]:
    """The texts that say something first, filled up with empty ones: nobody must fill in the second field before the third."""
    said = [text.strip() for text in texts if text.strip()]
    return (said + [""] * number)[:number]


def needs_reason(verdict: str) -> bool:
    """Whoever takes something up later or not at all says why."""
    return verdict in {LATER, NO}


def is_reminder_due(deadline: datetime, opened_at: datetime, now: datetime) -> bool:
    """Three days before the deadline; in a round so short that this lies at its beginning, nobody is reminded of what is new."""
    return deadline - REMIND_BEFORE <= now < deadline and now - opened_at >= timedelta(days=1)


def is_news_due(told_at: datetime | None, now: datetime) -> bool:
    """Those who asked get one letter a day at most, however many answers come in."""
    return told_at is None or told_at + NEWS_EVERY <= now
