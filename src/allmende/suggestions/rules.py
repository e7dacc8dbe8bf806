"""What is right about suggestions, proposals and reports, in plain Python: who decides when, what comes out, how long what is kept.

The law: notices of illegal content, Art. 16 of Regulation (EU) 2022/2065; statement of reasons, Art. 17; complaints for at least six
months, Art. 20 (micro and small enterprises are excepted by Art. 19; we do it anyway).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

STEWARDS_FIRST = timedelta(days=14)
"""So long a suggestion waits for those who look after the entry; afterwards its caretakers may decide as well."""
EXPIRES_AFTER = timedelta(days=365)
"""A suggestion that nobody decided on in a year says nothing reliable any more."""
KEPT_AFTER = timedelta(days=365)
"""How long after the decision a suggestion, and the words of a report, are remembered."""
APPEAL_WITHIN = timedelta(days=184)
"""Six months, counted generously: no six months in a row have more days."""
FASTEST = timedelta(seconds=3)
"""Nobody reads and fills in a form faster than this."""
FORM_LIVES = timedelta(days=1)
A_DAY_PER_ENTRY = 20
"""So many suggestions for one entry a day are help; more are noise."""
A_DAY_PER_THING = 20
"""So many reports of rudeness about one thing a day; then caretakers know. Notices of illegal content are always taken."""

CHANGE, PROBLEM, MISSING = "change", "problem", "missing"
OPEN, ACCEPTED, PARTLY, DECLINED, WITHDRAWN, EXPIRED = "open", "accepted", "partly", "declined", "withdrawn", "expired"
WRONG, GONE, FOREIGN = "wrong", "gone", "foreign"
NOTIFIER, STEWARD = "notifier", "steward"
NONE, FIELDS, ARCHIVED, HIDDEN = "none", "fields", "archived", "hidden"
LAW, CONDUCT = "law", "conduct"

SEAT = ("street", "postcode", "town", "country")
"""The parts of an address are decided on together: a street of one town with the postcode of another is nowhere."""
ORDER = (
    "name", "summary", "summary_en", "description", "description_en", "website", "email", "phone", *SEAT, "sector", "legal_form",
    "founded", "ended",
)  # fmt: skip
"""As the form has them. What a database keeps as JSON may come back in another order."""


def units(fields: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is decided on one by one: each field for itself, the address as a whole.

    >>> units({"name": "Neu eG", "town": "Ulm", "street": "Weg 1"})
    {'name': ['name'], 'seat': ['street', 'postcode', 'town', 'country']}
    """
    found: dict[str, list[str]] = {}
    for name in sorted(fields, key=ORDER.index):
        found.setdefault("seat" if name in SEAT else name, list(SEAT) if name in SEAT else [name])
    return found


def outcome(accepted: int, of: int) -> str:
    """The state after a decision on `of` units."""
    if accepted == 0:
        return DECLINED
    return ACCEPTED if accepted == of else PARTLY


def is_for_caretakers(problem: str) -> bool:
    """Whether an entry belongs here at all is not for those to decide whose entry it is."""
    return problem == FOREIGN


def caretakers_may_decide(problem: str, has_stewards: bool, opened_at: datetime, now: datetime) -> bool:
    """At once where nobody looks after the entry, otherwise after a fortnight without a decision."""
    return is_for_caretakers(problem) or not has_stewards or now - opened_at >= STEWARDS_FIRST


def is_too_fast(made_at: datetime, now: datetime) -> bool:
    """Whether a form came back faster than people write."""
    return now - made_at < FASTEST


def may_appeal(decided_at: datetime | None, now: datetime, sides: Iterable[str], side: str) -> bool:
    """Each side once, within six months of the decision."""
    return decided_at is not None and now - decided_at <= APPEAL_WITHIN and side not in set(sides)


def is_settled(decided_at: datetime | None, appealed: bool, last_decided_at: datetime | None, now: datetime) -> bool:
    """Whether nothing can follow a report any more, so that its names and addresses may go.

    `appealed`: an appeal waits for its decision. `last_decided_at`: when the last one got it.
    """
    if decided_at is None or appealed:
        return False
    return now - max(decided_at, last_decided_at or decided_at) > APPEAL_WITHIN


def difference(shown: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that somebody filled in otherwise than they were shown. What was hidden was shown empty: it never counts as equal."""
    return {name: value for name, value in said.items() if value != shown.get(name)}


def median_days(spans: Iterable[timedelta]) -> int | None:
    """The middle waiting time in whole days, rounded up; None without any."""
    ordered = sorted(spans)
    return -(-ordered[(len(ordered) - 1) // 2] // timedelta(days=1)) if ordered else None
