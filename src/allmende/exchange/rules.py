"""What is right for offers and needs. Plain Python; `today` is passed in."""

from datetime import date, timedelta

OFFER, NEED = "offer", "need"
GIFT, EXCHANGE, PAID, COMMONS = "gift", "exchange", "paid", "commons"
DRAFT, OPEN, AGREED, CLOSED, EXPIRED, HIDDEN = "draft", "open", "agreed", "closed", "expired", "hidden"

LONGEST = timedelta(days=366)  # a listing is looked at again at least once a year
USUAL = timedelta(days=90)
REMIND_BEFORE = timedelta(days=7)
MOST_OPEN = 100  # open listings and drafts of one organisation: more is a shop, and would bury the others
MOST_OF_A_MEMBER = 20  # of one member within one organisation
MOST_A_DAY = 50  # new ones by one person, and of one organisation: accounts and entries are quickly made
MOST_TAGS, LONGEST_TAG = 12, 40
STEPS = {
    DRAFT: {OPEN},
    OPEN: {AGREED, CLOSED, EXPIRED},
    AGREED: {OPEN, CLOSED},
    CLOSED: {OPEN},
    EXPIRED: {OPEN, CLOSED},
    HIDDEN: set(),
}
"""From where a listing may go where; a draft that is not wanted any more is thrown away. Taking a listing off and putting it back is
moderation, not a step of its own organisation."""
WAITING = (DRAFT, OPEN)  # what counts towards the limits
PAST = (AGREED, CLOSED, EXPIRED)
HIDEABLE = (OPEN, *PAST)


def may_go(state: str, to: str) -> bool:
    """Whether a listing in this state may go to that one."""
    return to in STEPS[state]


def is_good_end(until: date, today: date) -> bool:
    """A listing ends today at the earliest and within a year."""
    return today <= until <= today + LONGEST


def has_ended(until: date, today: date) -> bool:
    """The last day is still a day on which it counts."""
    return until < today


def is_to_be_reminded(until: date, reminded_on: date | None, today: date) -> bool:
    """A week before the end, once; extending it forgets the reminder."""
    return reminded_on is None and today <= until <= today + REMIND_BEFORE


def state_when_back(before: str, until: date, today: date) -> str:
    """What a listing that was taken off is when it comes back: what it was, or expired where its time has passed meanwhile."""
    return EXPIRED if before == OPEN and has_ended(until, today) else before


def tags_of(text: str) -> list[str]:
    """Keywords as people type them, with commas or lines between: each once, in their order, a leading # forgiven."""
    found = (" ".join(part.split()).lstrip("#").strip() for part in text.replace("\n", ",").replace(";", ",").split(","))
    return list({one.casefold(): one for one in reversed([one for one in found if one])}.values())[::-1]


def opposite(direction: str) -> str:
    """Needs look for offers and offers for needs."""
    return NEED if direction == OFFER else OFFER
