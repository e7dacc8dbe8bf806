"""Whether all is still true: when we ask, how often, until when a letter's link answers, and what a silent website means.

Moments come in, nothing is looked up. Nothing here hides or deletes an entry: age is shown, and somebody is asked.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from allmende.directory.rules import MONTH

ASK_AFTER = 12 * MONTH
AGAIN_AFTER = timedelta(weeks=7)
CARE_AFTER = timedelta(weeks=4)
"""First letter after twelve months of silence, second seven weeks later; four weeks after that it is a matter for caretakers."""

SETTLING_IN = timedelta(weeks=4)
"""Who has just taken over an entry is not asked in the first weeks, unless the others cannot be reached."""

LETTERS_A_DAY = 5
"""To one person. Somebody with thirty entries gets them over six days instead of thirty letters in one morning."""

LINK_LASTS = timedelta(days=90)
"""Longer than the seven weeks between two letters, so that there is always one that works."""

CHECK_EVERY = timedelta(days=7)
GONE_AFTER_CHECKS = 3
GONE_AFTER = timedelta(days=14)
MOVED_AFTER_CHECKS = 3
"""A website counts as gone after three checks in a row that failed, over at least two weeks; as moved after three alike answers."""

# Answers of a website that lives, but does not want to be read by machines, or not now.
SHY = frozenset({401, 403, 405, 406, 407, 415, 421, 423, 425, 426, 428, 429, 451, 503, 999})


# Answers after which a question is done with (models.Reply); an edit is none, it can still be confirmed.
FINAL = frozenset({"confirmed", "gone", "optout"})


class Standing(StrEnum):
    """How the link of a letter stands when somebody follows it."""

    OPEN = "open"
    ANSWERED = "answered"
    OVERTAKEN = "overtaken"
    EXPIRED = "expired"
    NOT_YOURS = "not_yours"
    OFF_THE_MAP = "off_the_map"


# ------------------------------------------------------------------------------------------------------------ asking


def quiet_since(confirmed_at: datetime | None, edited_at: datetime | None, kept_since: datetime | None) -> datetime | None:
    """The last sign of life: the newest confirmation or, before the first, the day somebody began to look after the entry.

    An edit by those who look after it, or a caretaker's look, counts as a sign too. None: nobody is there to be asked.
    """
    begun = confirmed_at or kept_since
    return max(begun, edited_at) if begun and edited_at else begun


def is_due(quiet_since: datetime, now: datetime) -> bool:
    """Whether twelve months have passed without a sign of life."""
    return now - quiet_since >= ASK_AFTER


def next_letter(
    quiet_since: datetime,
    first_at: datetime | None,
    second_at: datetime | None,
    joined_at: datetime,
    now: datetime,
    *,
    instead: bool = False,
) -> int:
    """Which letter this person gets now: 1, 2 or 0 for none.

    `first_at`, `second_at`: the letters of the newest round to this person, if they came after the last sign of life. `instead`: a
    letter to somebody else came back, so newcomers are asked at once. A round that nobody answered begins again after a year.
    """
    if not is_due(quiet_since, now):
        return 0
    if first_at is None:
        return 1 if instead or now - joined_at >= SETTLING_IN else 0
    if second_at is None:
        return 2 if now - first_at >= AGAIN_AFTER else 0
    return 1 if now - second_at >= ASK_AFTER else 0


def round_on(quiet_since: datetime, asked_at: datetime | None) -> date:
    """The day that names a round of letters: two runs of the job on the same facts name the same one."""
    return max(quiet_since, asked_at or quiet_since).date()


def is_for_caretakers(quiet_since: datetime, asked_at: Iterable[tuple[int, datetime]], now: datetime) -> bool:
    """Whether caretakers should look: no letter is in time to be answered, or nobody could be asked for as long as both letters take.

    `asked_at`: number and moment of the letters since the last sign of life that are unanswered and did not come back. A first letter is
    in time until its second is due and four weeks beyond, a second one for four weeks.
    """
    letters = list(asked_at)
    if any(now - at < CARE_AFTER + (AGAIN_AFTER if number == 1 else timedelta(0)) for number, at in letters):
        return False
    return is_due(quiet_since, now) if letters else now - quiet_since >= ASK_AFTER + AGAIN_AFTER + CARE_AFTER


# --------------------------------------------------------------------------------------------------------- answering


def link_ends(asked_at: datetime) -> datetime:
    """Until when the link of a letter answers."""
    return asked_at + LINK_LASTS


def standing(
    answer: str, asked_at: datetime, confirmed_at: datetime | None, now: datetime, *, is_theirs: bool, is_published: bool
) -> Standing:
    """How a link stands. `is_theirs`: the person still looks after the entry and has the address the letter went to."""
    if not is_theirs:
        return Standing.NOT_YOURS
    if answer in FINAL:
        return Standing.ANSWERED
    if not is_published:
        return Standing.OFF_THE_MAP
    if now >= link_ends(asked_at):
        return Standing.EXPIRED
    return Standing.OVERTAKEN if confirmed_at and confirmed_at > asked_at else Standing.OPEN


# ---------------------------------------------------------------------------------------------------------- websites


class Result(StrEnum):
    """What a look at a website found. All but `ok` and `shy` are failures."""

    OK = "ok"
    SHY = "shy"
    MISSING = "missing"
    FAULT = "fault"
    NO_HOST = "no_host"
    NO_ANSWER = "no_answer"
    CERTIFICATE = "certificate"
    CIRCLE = "circle"
    PRIVATE = "private"


ANSWERING = frozenset({Result.OK, Result.SHY})
OUR_NET = frozenset({Result.NO_HOST, Result.NO_ANSWER})
"""What we would find of every website if our own way into the net were broken."""


def result_of(status: int) -> Result:
    """What a final HTTP status means (after redirects)."""
    if status in SHY:
        return Result.SHY
    if status < 400:
        return Result.OK
    return Result.MISSING if status < 500 else Result.FAULT


def is_gone(failures: int, first_failed_at: datetime | None, checked_at: datetime | None) -> bool:
    """Three failed checks in a row over at least two weeks: time for a question, never for a deletion."""
    if first_failed_at is None or checked_at is None:
        return False
    return failures >= GONE_AFTER_CHECKS and checked_at - first_failed_at >= GONE_AFTER


def is_moved(times: int) -> bool:
    """The same permanent redirect to another host, three times in a row."""
    return times >= MOVED_AFTER_CHECKS


def is_our_own_net(results: Iterable[Result]) -> bool:
    """Whether so many websites failed at once, none answering, that it is more likely our own line: ten or more, all unreachable."""
    found = list(results)
    return len(found) >= 10 and all(one in OUR_NET for one in found)


def plain_host(host: str) -> str:
    """A host without `www.`, in small letters: moving between these two is no move."""
    return host.lower().removeprefix("www.")
