"""What is right in the data cooperative, in plain Python: when rules are adopted, and which field of which entry is handed out."""

from collections.abc import Mapping
from datetime import datetime, timedelta

SHORTEST_VOTE = timedelta(days=7)
LONGEST_VOTE = timedelta(days=90)
TIME_TO_ANSWER = timedelta(days=14)  # participants see a request at least so long before it is decided
LONGEST_USE = timedelta(days=365)

YES, NO, ABSTAIN = "yes", "no", "abstain"
AGREE, OBJECT = "agree", "object"


def is_adopted(votes: Mapping[str, int]) -> bool:
    """Simple majority of the votes cast, as in § 43 (2) GenG: more yes than no; abstentions are not cast; a tie is a no."""
    return votes.get(YES, 0) > votes.get(NO, 0)


def may_close_on(opened_at: datetime, closes_at: datetime) -> bool:
    """A vote is open for a week at least, so that nobody is surprised, and for a quarter at most, so that it ends."""
    return SHORTEST_VOTE <= closes_at - opened_at <= LONGEST_VOTE


def may_decide(requested_at: datetime, now: datetime) -> bool:
    """Participants have two weeks to agree or object before anybody decides about a request for their data."""
    return now - requested_at >= TIME_TO_ANSWER


def is_handed_out(level: str, answer: str | None) -> bool:
    """Whether a field of an entry goes to somebody with an agreement.

    What is public goes along unless those who look after the entry object. What is not public goes only if they agreed.
    """
    return answer == AGREE or (level == "public" and answer != OBJECT)


def together(answer: str | None, other: str | None) -> str | None:
    """The answer of two entries that became one: an objection holds for both, a yes only where both said it."""
    if OBJECT in (answer, other):
        return OBJECT
    return AGREE if answer == other == AGREE else None


def is_included(answer: str | None) -> bool:
    """Whether an entry is part of what is handed out at all: an objection takes it out as a whole."""
    return answer != OBJECT
