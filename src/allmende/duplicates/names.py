"""Reading names: what is the name proper, what only says legal form, place or number; and how two names lie over each other."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler
from rapidfuzz.fuzz import ratio

from allmende.duplicates.data import LEGAL_FORMS, STOP_WORDS
from allmende.duplicates.rarity import Rarity
from allmende.ground.text import words
from allmende.places.gazetteer import countries, states, towns

_SPELLED_UMLAUT = re.compile(r"(?<![aeioqu])([aou])e(?![aeiou])")  # Buero is Büro; in `neue`, `Quelle` it is not
_COOP = re.compile(r"\b(co|ko)[\s\-\u2010-\u2015.]+(op|operativ\w*)\b", re.IGNORECASE)
_APOSTROPHE = re.compile(r"(?<=\w)['\u2018\u2019`´](?=\w)")
_TOKEN = re.compile(r"[^\W_]+")
_ABBREVIATED = {
    "assn": "association", "assoc": "association", "soc": "society", "str": "strasse", "ges": "gesellschaft", "natl": "national",
    "st": "saint", "sankt": "saint", "mens": "men", "comm": "community", "ctr": "center", "centre": "center", "coops": "coop",
    "cooperative": "coop", "cooperatives": "coop", "kooperative": "coop", "schl": "school", "solidarische": "solidarisch",
    "solawi": "solidarischlandwirtschaft", "gwo": "gemeinwohlokonomie",
    "oo": "oberosterreich", "ooe": "oberosterreich", "stmk": "steiermark", "nrw": "nordrheinwestfalen",
}  # fmt: skip
BIG_TOWN = 4_000  # inhabitants; smaller ones are called like everything: Hof, Garten, Linde
PLACE_WEIGHT = 0.3  # the name of a town says where, not who
ALIKE = 0.88  # words that differ by a letter or an ending


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart: `core` are its words without legal form and joining words; `places` and `numbers` among them."""

    text: str
    core: tuple[str, ...]
    form: tuple[str, ...]
    places: frozenset[str]
    joined: str
    whole: str  # all words, also legal form and joining words


@lru_cache(maxsize=65_536)
def read(text: str) -> Name:
    """Take a name apart: `Gemeinwohl-Ökonomie Steiermark e.V.` has the core (gemeinwohl, okonomie, steiermark), the last a place."""
    every = _words(text)
    rest = [word for word in every if word not in LEGAL_FORMS]
    core = [word for word in rest if word not in STOP_WORDS] or rest or every
    core = [_ABBREVIATED.get(word, word) for word in core]
    form = tuple(sorted(word for word in every if word in LEGAL_FORMS))
    return Name(text, tuple(core), form, _places(core), "".join(core), "".join(every))


def _words(text: str) -> list[str]:
    text = _COOP.sub(r"\1\2", _APOSTROPHE.sub("", text))
    found: list[str] = []
    letters = ""
    for word in words(text):
        if len(word) == 1 and word.isalpha():  # e. V., C.I.C.
            letters += word
            continue
        if letters:
            found.append(letters)
            letters = ""
        found.append(_plain(word))
    return [*found, letters] if letters else found


@lru_cache(maxsize=65_536)
def _plain(word: str) -> str:
    return _SPELLED_UMLAUT.sub(r"\1", word) if len(word) > 4 else word


def _places(core: list[str]) -> frozenset[str]:
    """The words that name places, also of two or three words: `hall in tirol` lost its `in` already."""
    found = {word for word in core if is_place(word)}
    for size in (2, 3):
        for at in range(len(core) - size + 1):
            if is_place(" ".join(core[at : at + size])):
                found.update(core[at : at + size])
    return frozenset(found)


@lru_cache(maxsize=65_536)
def is_place(text: str) -> bool:
    """Whether this folded word or pair of words names a town of some size, a state or a country."""
    if len(text) < 3 or text.isdigit():
        return False
    if text in _regions():
        return True
    register = towns()
    return any(register.population[row] >= BIG_TOWN for row in register.named(text))


@lru_cache(maxsize=1)
def _regions() -> frozenset[str]:
    names = {" ".join(words(name)) for pair in states().values() for name in pair}
    names |= {" ".join(words(name)) for pair in countries().names.values() for name in pair}
    names |= {"tirol", "sudtirol", "ruhrgebiet", "allgau", "bodensee", "franken", "pfalz", "baden", "wurttemberg", "osterreich", "england",
              "scotland", "wales", "yorkshire", "cornwall", "kent", "essex", "devon"}  # fmt: skip
    return frozenset({_plain(name) for name in names} | names) - {""}


@dataclass(frozen=True, slots=True)
class Overlay:
    """Two names laid over each other. Weights are sums of what the words say (`Rarity.weight`).

    `shared` words stand in both; `left` and `right` only in one: places, numbers and other words apart.
    """

    shared: tuple[str, ...]
    left: tuple[str, ...]
    right: tuple[str, ...]
    shared_weight: float
    left_weight: float
    right_weight: float
    left_other: float  # weight of what is neither shared nor a place
    right_other: float
    left_places: tuple[str, ...]
    right_places: tuple[str, ...]
    left_numbers: tuple[str, ...]
    right_numbers: tuple[str, ...]
    is_equal: bool
    forms_differ: bool  # one says another legal form, or none
    is_in_order: bool  # equal letter by letter, legal form aside
    spelling: float  # 0..1, the letters alone

    @property
    def overlap(self) -> float:
        """Share of what both say together that they have in common: 0 nothing, 1 everything."""
        both = 2 * self.shared_weight + self.left_weight + self.right_weight
        return 2 * self.shared_weight / both if both else 0.0

    @property
    def family(self) -> float:
        """The same without the places: how alike `Slow Food Berlin` and `Slow Food Köln` are."""
        both = 2 * self.shared_weight + self.left_other + self.right_other
        return 2 * self.shared_weight / both if both else 0.0

    @property
    def contained(self) -> float:
        """The same, of the name that says less."""
        less = self.shared_weight + min(self.left_weight, self.right_weight)
        return self.shared_weight / less if less else 0.0


def overlay(a: Name, b: Name, rarity: Rarity) -> Overlay:
    """Find the words of one name in the other: equal ones, misspelt ones, and those written as one word or as two."""
    left, right = (_glued(a.core, b.core), _glued(b.core, a.core)) if a.whole != b.whole else ([*a.core], [*a.core])
    places = a.places | b.places

    def weigh(word: str) -> float:
        return min(PLACE_WEIGHT, rarity.weight(word)) if word in places else rarity.weight(word)

    shared, left_rest, right_rest, weight = _match(left, right, weigh)
    left_places, right_places = (tuple(word for word in rest if word in places) for rest in (left_rest, right_rest))
    left_numbers, right_numbers = (tuple(word for word in rest if word.isdigit()) for rest in (left_rest, right_rest))
    left_other, right_other = (sum(weigh(word) for word in rest if word not in places) for rest in (left_rest, right_rest))
    return Overlay(
        shared=tuple(shared),
        left=tuple(left_rest),
        right=tuple(right_rest),
        shared_weight=weight,
        left_weight=left_other + sum(map(weigh, left_places)),
        right_weight=right_other + sum(map(weigh, right_places)),
        left_other=left_other,
        right_other=right_other,
        left_places=left_places,
        right_places=right_places,
        left_numbers=left_numbers,
        right_numbers=right_numbers,
        is_equal=a.joined == b.joined or a.whole == b.whole or sorted(left) == sorted(right),
        forms_differ=a.form != b.form,
        is_in_order=a.joined == b.joined or a.whole == b.whole,
        spelling=max(ratio(a.joined, b.joined), ratio(a.whole, b.whole) - 10) / 100 if a.whole != b.whole else 1.0,
    )


def _glued(these: tuple[str, ...], those: tuple[str, ...]) -> list[str]:
    """These words, neighbours joined where the other name writes them as one: (bees, coop) beside (beescoop)."""
    wanted = set(those)
    found: list[str] = []
    for word in these:
        if found and found[-1] + word in wanted and found[-1] not in wanted:
            found[-1] += word
        else:
            found.append(word)
    return found


def _match(left: list[str], right: list[str], weigh: Callable[[str], float]) -> tuple[list[str], list[str], list[str], float]:
    """(shared words, rest of left, rest of right, weight of the shared)."""
    left_rest, right_rest, shared, weight = [], list(dict.fromkeys(right)), [], 0.0
    for word in dict.fromkeys(left):
        if word in right_rest:
            right_rest.remove(word)
            shared.append(word)
            weight += weigh(word)
        else:
            left_rest.append(word)
    for word in list(left_rest):
        twin = _alike(word, right_rest) or _same_place(word, right_rest)
        if twin:
            left_rest.remove(word)
            right_rest.remove(twin)
            shared.append(min(word, twin))
            weight += 0.8 * min(weigh(word), weigh(twin))
    return shared, left_rest, right_rest, weight


def _alike(word: str, others: list[str]) -> str:
    """The word of these that is meant by this one, misspelt or inflected; numbers and places must be exact."""
    if len(word) < 3 or word.isdigit() or is_place(word):
        return ""
    best, twin = 0.0, ""
    for other in others:
        if len(other) >= 3 and not is_place(other):
            likeness = ratio(word, other) / 100
            if likeness < ALIKE and (word.startswith(other) or other.startswith(word)) and abs(len(word) - len(other)) <= 2:
                likeness = JaroWinkler.similarity(word, other)
            if likeness < ALIKE and _abbreviates(word, other):
                likeness = ALIKE
            if likeness >= ALIKE and likeness > best:
                best, twin = likeness, other
    return twin


def _same_place(word: str, others: list[str]) -> str:
    """The other name of the same place: Wien and Vienna, Österreich and Austria."""
    meant = _meant_by(word) if is_place(word) else ""
    return next((other for other in others if meant and is_place(other) and _meant_by(other) == meant), "")


@lru_cache(maxsize=16_384)
def _meant_by(word: str) -> str:
    if country := countries().codes.get(word):
        return country
    register = towns()
    row = max(register.named(word), key=lambda one: register.population[one], default=None)
    return "" if row is None else str(row)


def _abbreviates(word: str, other: str) -> bool:
    """`deli` beside `delicatessen`; a beginning of four letters that is much shorter, or the ending would be an inflection."""
    short, long = sorted((word, other), key=len)
    return len(short) >= 4 and len(long) >= len(short) + 3 and long.startswith(short) and len(short) * 3 >= len(long)


def as_written(these: tuple[str, ...], *texts: str) -> str:
    """Folded words as they stand in one of the texts: `koln` becomes `Köln`; what was joined or shortened stays as it is."""
    written: dict[str, str] = {}
    for text in texts:
        for token in _TOKEN.findall(text):
            found = read(token).core
            if len(found) == 1:
                written.setdefault(found[0], token)
    return " ".join(written.get(word, word) for word in these)
