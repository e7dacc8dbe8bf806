"""For which requests money came in: what speaks for it, how much goes where, and what is certain. Plain values, no database.

Certain is only the exact code of a request, with no more money than is asked for; everything else is proposed and decided by people.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from allmende.ground.text import fold

CODE, CODE_TYPO, ACCOUNT, NUMBER, NAME, AMOUNT = "code", "code_typo", "account", "number", "name", "amount"
_POINTS = {CODE: 100, CODE_TYPO: 60, ACCOUNT: 45, NUMBER: 40, NAME: 20, AMOUNT: 10}
MOST = 3
_NOT_CODE = re.compile(r"[^A-Z0-9]")
_TOKEN = re.compile(r"(?=M(\d{4,9}))")
_WORDS = re.compile(r"[a-z0-9]+")
_NUMBER = re.compile(r"\b(?:mitglied(?:s?nummer|s?nr|er)?|mitgl|mnr|m|nr|nummer|member)[\s.:#-]*(?:nr|no|nummer)?[\s.:#-]*0*(\d{1,9})\b")


@dataclass(frozen=True)
class Open:
    """A request that is not paid: what a line can be for."""

    pk: int
    code: str
    number: int
    membership: int
    left: int
    due_on: date
    name: str = ""


@dataclass(frozen=True)
class Paid:
    """What a line of the bank says."""

    cents: int
    text: str
    party: str = ""
    accounts: frozenset[int] = frozenset()  # memberships whose account it came from, as far as known


@dataclass(frozen=True)
class Suggestion:
    """So much for each of these requests, and why. `rest` is what no request takes."""

    parts: tuple[tuple[Open, int], ...]
    reasons: tuple[str, ...]
    is_certain: bool
    rest: int = 0


def plain_code(text: str) -> str:
    """Capitals and digits only: banks break texts in the middle, people leave out dashes."""
    return _NOT_CODE.sub("", text.upper())


def code_tokens(text: str) -> tuple[set[int], set[str]]:
    """What to look for in the tables: member numbers that codes in the text may begin with, and how codes may end.

    The second is for codes whose number has a typing error: five characters that stand where a code would end.
    """
    plain = plain_code(text)
    numbers = {int(found[1][:length]) for found in _TOKEN.finditer(plain) for length in range(4, len(found[1]) + 1)}
    ends = {found[1] for found in re.finditer(r"(?=M[0-9A-Z]{3,6}?([A-Z2-9]{5}))", plain)}
    near = {plain[at : at + 5] for found in re.finditer("M", plain) for at in range(found.start() + 4, found.start() + 8)}
    return numbers, {end for end in ends | near if len(end) == 5 and any(letter.isalpha() for letter in end)}


def code_distance(code: str, text: str) -> int | None:
    """0 where the code stands in the text, 1 with one letter wrong, missing or too many; None otherwise. Two swapped count as one."""
    from rapidfuzz.distance import OSA

    wanted, plain = plain_code(code), plain_code(text)
    if wanted in plain:
        return 0
    for length in (len(wanted), len(wanted) - 1, len(wanted) + 1):
        for at in range(max(0, len(plain) - length + 1)):
            if OSA.distance(wanted, plain[at : at + length], score_cutoff=1) <= 1:
                return 1
    return None


def member_numbers(text: str) -> set[int]:
    """Numbers that are called member numbers in the text: `Mitglied 148`, `Mitgliedsnr. 0148`, `M 148`."""
    return {int(found[1]) for found in _NUMBER.finditer(fold(text))}


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same, whatever their order: `MUSTER, ANNA` and `Anna Muster`. At least two words, or all of one."""
    first, second = set(_WORDS.findall(_spelled(one))), set(_WORDS.findall(_spelled(other)))
    if not first or not second:
        return False
    shared = first & second
    return first == second or (len(shared) >= 2 and shared in (first, second))


def _spelled(name: str) -> str:
    """Umlauts as two letters: banks often write Mueller."""
    spelled = name.casefold().translate({ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"})
    return fold(spelled)


def suggest(paid: Paid, candidates: Collection[Open]) -> list[Suggestion]:
    """What this line may be for, best first; at most three. Nothing for money that went out."""
    if paid.cents <= 0:
        return []
    found = {one: reasons for one in candidates if one.left > 0 and (reasons := _reasons(paid, one))}
    named = [one for one in found if CODE in found[one]]
    if named:
        return [_by_code(paid, sorted(named, key=_place_in(paid.text)), found)]
    by_member: dict[int, list[Open]] = {}
    for one in found:
        by_member.setdefault(one.membership, []).append(one)
    ranked = sorted(by_member.values(), key=lambda group: (-max(_points(found[one]) for one in group), group[0].number))
    return [_by_member(paid, group, found) for group in ranked[:MOST]]


def _place_in(text: str) -> Callable[[Open], int]:
    plain = plain_code(text)
    return lambda one: plain.find(plain_code(one.code))


def _reasons(paid: Paid, one: Open) -> tuple[str, ...]:
    distance = code_distance(one.code, paid.text)
    reasons = [CODE] if distance == 0 else [CODE_TYPO] if distance == 1 else []
    if one.membership in paid.accounts:
        reasons.append(ACCOUNT)
    if distance is None and one.number in member_numbers(paid.text):
        reasons.append(NUMBER)
    is_exact = one.left == paid.cents
    if same_name(paid.party, one.name) and (is_exact or reasons):
        reasons.append(NAME)
    return (*reasons, AMOUNT) if reasons and is_exact else tuple(reasons)


def _points(reasons: Sequence[str]) -> int:
    return sum(_POINTS[reason] for reason in reasons)


def _by_code(paid: Paid, named: list[Open], found: dict[Open, tuple[str, ...]]) -> Suggestion:
    parts, rest = fill(paid.cents, named)
    whole = sum(one.left for one in named)
    is_certain = rest == 0 and (len(named) == 1 or whole == paid.cents)
    return Suggestion(parts, _together(found[one] for one, _cents in parts), is_certain, rest)


def _by_member(paid: Paid, group: list[Open], found: dict[Open, tuple[str, ...]]) -> Suggestion:
    """The request with a nearly right code first, then the one of exactly this sum, then the oldest."""
    ordered = sorted(group, key=lambda one: (CODE_TYPO not in found[one], one.left != paid.cents, one.due_on, one.pk))
    parts, rest = fill(paid.cents, ordered)
    return Suggestion(parts, _together(found[one] for one, _cents in parts), False, rest)


def _together(reasons: object) -> tuple[str, ...]:
    said = {reason for some in reasons for reason in some}  # type: ignore[attr-defined]
    return tuple(reason for reason in _POINTS if reason in said)


def fill(cents: int, requests: Sequence[Open]) -> tuple[tuple[tuple[Open, int], ...], int]:
    """So much for each in this order, never more than is left of it; and what remains."""
    parts = []
    for one in requests:
        part = min(cents, one.left)
        if part > 0:
            parts.append((one, part))
            cents -= part
    return tuple(parts), cents
