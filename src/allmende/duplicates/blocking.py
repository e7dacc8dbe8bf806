"""What two entries must have in common to be compared at all: keys, as numbers, so that the index stays small.

An entry has about a dozen. Each kind forgives something else: another town, a typing error, another legal form, a new name.
"""

from functools import lru_cache
from itertools import combinations
from typing import NamedTuple
from zlib import adler32, crc32

from allmende.duplicates.names import Name, read
from allmende.duplicates.portraits import Portrait, Site, house_number, own_host, postcode_of, register_number
from allmende.duplicates.rarity import background

FREQUENT = 0.003  # words in more names than that are keys only in pairs
MOST_WORDS = 5
CELLS = 100  # per degree: about a kilometre


class KeyOf(NamedTuple):
    """A key as a number, its kind, how much two entries with it have in common, and the word or host it was made from."""

    number: int
    kind: str
    worth: float
    text: str


def keys(portrait: Portrait) -> list[KeyOf]:
    """All keys of an entry, each once."""
    found: dict[int, KeyOf] = {}
    for text in dict.fromkeys(filter(None, (portrait.name, portrait.legal_name))):
        for kind, worth, value in _of_name(read(text)):
            _put(found, kind, worth, value)
    core = read(portrait.name).core
    for site in portrait.sites[:4]:
        for kind, worth, value in _of_site(site, core):
            _put(found, kind, worth, value)
    for kind, worth, value in (
        ("host", 2.0, own_host(portrait.website)),
        ("phone", 2.0, portrait.phone),
        ("email", 2.0, portrait.email),
        ("register", 3.0, register_number(portrait.register)),
    ):
        if value:
            _put(found, kind, worth, value)
    return list(found.values())


def _put(found: dict[int, KeyOf], kind: str, worth: float, text: str) -> None:
    number = hashed(kind, text)
    found.setdefault(number, KeyOf(number, kind, worth, text))


def hashed(kind: str, text: str) -> int:
    """63 bits from two checksums, four times as fast as a digest; where two texts do meet, one entry is compared in vain."""
    plain = f"{kind} {text}".encode()
    return (crc32(plain) << 31) ^ adler32(plain)


def _of_name(name: Name) -> list[tuple[str, float, str]]:
    shares = background()
    words = sorted(set(name.core), key=lambda word: (shares.get(word, 0.0), word))[:MOST_WORDS]
    found = [("name", 3.0, name.joined), ("sound", 2.0, skeleton(name.joined))]
    found += [("word", 1.0, word) for word in words if word not in name.places and len(word) > 2 and shares.get(word, 0.0) < FREQUENT]
    found += [("pair", 1.5, f"{one} {other}") for one, other in combinations(sorted(words), 2)]
    return found


@lru_cache(maxsize=16_384)
def skeleton(joined: str) -> str:
    """What is left of a name when vowels and doubled letters go: typing errors leave it alone more often than not."""
    plain = joined.translate(_VOWELS)
    kept = "".join(letter for at, letter in enumerate(plain) if at == 0 or letter != plain[at - 1])
    return kept if len(kept) >= 4 else joined


_VOWELS = str.maketrans("", "", "aeiouyh")


def _of_site(site: Site, core: tuple[str, ...]) -> list[tuple[str, float, str]]:
    found = []
    number, code = house_number(site.street), postcode_of(site.postcode)
    if number and (code or site.town):
        found.append(("address", 1.0, f"{code or site.town.casefold()} {number} {_first_letters(site.street)}"))
    where = code or site.town.casefold()
    if site.lat is not None and site.lon is not None:
        where = f"{round(site.lat * CELLS)} {round(site.lon * CELLS)}"
    if where:
        found += [("here", 1.0, f"{where} {word[:4]}") for word in core[:3]]
    return found


def _first_letters(street: str) -> str:
    return "".join(letter for letter in street.casefold() if letter.isalpha())[:4]
