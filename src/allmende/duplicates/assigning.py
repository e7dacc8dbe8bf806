"""Two editions of one register laid over each other: each entry of one has at most one successor in the other."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from os.path import commonprefix
from typing import NamedTuple

from allmende.duplicates.evidence import gather
from allmende.duplicates.names import read
from allmende.duplicates.portraits import Portrait, Site, postcode_of, register_number, street_words
from allmende.duplicates.rarity import NOTHING_COUNTED, Rarity

SURE = 0.5
_YEAR = re.compile(r"\b(?:1[89]|20)[0-9]{2}\b")
MOST = 60  # a key shared by more entries than that leads nowhere


class Link(NamedTuple):
    """An entry of the first edition, its successor, and how sure that is (0 to 1)."""

    before: str
    after: str
    sure: float


def assign(before: Mapping[str, Portrait], after: Mapping[str, Portrait], rarity: Rarity = NOTHING_COUNTED) -> list[Link]:
    """The likeliest successors, each used once, the surest first."""
    found = sorted(_likely(before, after, rarity), key=lambda one: (-one.sure, one.before, one.after))
    taken_before: set[str] = set()
    taken_after: set[str] = set()
    links = []
    for link in found:
        if link.before not in taken_before and link.after not in taken_after:
            taken_before.add(link.before)
            taken_after.add(link.after)
            links.append(link)
    return links


def _likely(before: Mapping[str, Portrait], after: Mapping[str, Portrait], rarity: Rarity) -> Iterator[Link]:
    holders: dict[str, list[str]] = defaultdict(list)
    for number, portrait in after.items():
        for key in keys(portrait):
            holders[key].append(number)
    kept = _kept_kinds(before, after)
    neighbours = [Counter(_address(one) for one in edition.values()) for edition in (before, after)]
    for number, portrait in before.items():
        near = {other for key in keys(portrait) if len(holders.get(key, ())) <= MOST for other in holders.get(key, ())}
        must_have_number = kind_of_number(portrait.register) in kept
        for other in near:
            if must_have_number and not after[other].register:
                continue
            alone = all(there[_address(portrait)] == 1 for there in neighbours)
            sure = succession(portrait, after[other], rarity, alone=alone)
            if sure >= SURE:
                yield Link(number, other, sure)


def _kept_kinds(before: Mapping[str, Portrait], after: Mapping[str, Portrait]) -> set[str]:
    """The kinds of numbers that the second edition gives as well: whoever had one and has none now is somebody else."""
    then, now = (Counter(kind_of_number(one.register) for one in edition.values() if one.register) for edition in (before, after))
    return {kind for kind, number in then.items() if now[kind] >= 0.1 * number}


def kind_of_number(register: str) -> str:
    """The letters of a register number with `#` for its digits: `SC481029` is of the kind `SC#`."""
    return re.sub(r"[0-9]+", "#", register_number(register)) if register else ""


def keys(portrait: Portrait) -> set[str]:
    """What two editions of one entry may have in common."""
    found = {f"r{register_number(portrait.register)}"} if register_number(portrait.register) else set()
    for site in portrait.sites[:3]:
        if site.postcode:
            code = postcode_of(site.postcode)
            found |= {f"p{code}", f"a{code[:-1]}"}
    for text in {portrait.name, portrait.legal_name} - {""}:
        name = read(text)
        core = sorted(set(name.core))
        found |= {f"j{name.joined}", *(f"w{word}" for word in core)}
        found |= {f"b{one} {other}" for at, one in enumerate(core) for other in core[at + 1 :]}
    return found


def succession(a: Portrait, b: Portrait, rarity: Rarity = NOTHING_COUNTED, *, alone: bool = False) -> float:
    """How sure it is that `b` is what became of `a`: by number; by name, wherever it moved; by address, however it is called now.

    `alone`: nobody else has this address in either edition. A new year in the name (`Club 2019`) is a new foundation, not a new name.
    """
    evidence = gather(a, b, rarity)
    facts = evidence.facts
    if facts.get("register_same"):
        return 1.0
    if facts.get("register_differs") or _years(b) - _years(a):
        return 0.0
    close = facts.get("name_close", 0.0)
    if facts.get("name_equal"):
        return 0.95 if facts.get("here") else 0.85 if evidence.name.is_in_order else 0.0
    if _kept_its_address(a, b):
        return 0.5 + 0.4 * close if alone or close >= 0.25 else 0.0
    return 0.6 * close if close >= 0.95 and _kept_its_area(a, b) else 0.0


def _years(portrait: Portrait) -> set[str]:
    return set(_YEAR.findall(portrait.legal_name or portrait.name))


def _kept_its_address(a: Portrait, b: Portrait) -> bool:
    """To the letter, as nobody writes it a second time: the street line was carried over, perhaps without the old name in it."""
    if not a.sites or not b.sites or postcode_of(a.sites[0].postcode) != postcode_of(b.sites[0].postcode):
        return False
    one, other = street_words(a.sites[0].street), street_words(b.sites[0].street)
    if not one or not other:
        return False
    return one == other or _without_names(one, a, b) == _without_names(other, a, b) != []


def _without_names(line: tuple[str, ...], a: Portrait, b: Portrait) -> list[str]:
    named = {word for portrait in (a, b) for word in street_words(f"the and {portrait.name} {portrait.legal_name}")}
    return [word for word in line if word not in named]


def _address(portrait: Portrait) -> tuple[tuple[str, ...], str]:
    site = portrait.sites[0] if portrait.sites else Site()
    return street_words(site.street), postcode_of(site.postcode)


def _kept_its_area(a: Portrait, b: Portrait) -> bool:
    """Postcodes that begin alike."""
    one, other = (postcode_of(x.sites[0].postcode) if x.sites else "" for x in (a, b))
    return bool(one) and len(commonprefix([one, other])) >= 0.6 * max(len(one), len(other))
