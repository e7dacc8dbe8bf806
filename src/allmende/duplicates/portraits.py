"""What is compared of an entry: one Portrait each, made of plain values, whatever they came from (tables, index, a form, a file)."""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from allmende.duplicates.data import PLATFORM_HOSTS
from allmende.ground.text import fold, words

EXACT, POSTCODE, TOWN, COUNTRY = "exact", "postcode", "town", "country"
_STREET = re.compile(r"(?:strasse|straat|street|str)\b\.?")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Site:
    """Where an organisation is found. Coordinates are only as good as `precision` says; empty precision means not known."""

    street: str = ""
    postcode: str = ""
    town: str = ""
    country: str = ""
    lat: float | None = None
    lon: float | None = None
    precision: str = ""


@dataclass(frozen=True, slots=True)
class Portrait:
    """One entry as it is compared.

    `email` and `phone` are marks: any text that is equal for equal values (see `lookup.mark`), never shown to anybody.
    `register` is a number in a public register, `sites` all places of the entry, the seat first.
    """

    name: str
    legal_name: str = ""
    sites: tuple[Site, ...] = ()
    website: str = ""
    email: str = ""
    phone: str = ""
    register: str = ""
    kind: str = ""
    legal_form: str = ""
    founded: int | None = None


@lru_cache(maxsize=16_384)
def host(website: str) -> str:
    """`https://www.Beispiel.de/kontakt` becomes `beispiel.de`; empty for what is no address."""
    address = website.strip().strip("\u200e\u200f ")
    if not address:
        return ""
    try:
        name = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    name = name.rstrip(".").removeprefix("www.")
    return name if "." in name else ""


@lru_cache(maxsize=16_384)
def page(website: str) -> str:
    """The path of a website without what says nothing: `/index.php`, a last slash."""
    address = website.strip().strip("\u200e\u200f ")
    try:
        path = urlsplit(address if "//" in address else f"//{address}").path
    except ValueError:
        return ""
    return re.sub(r"/(?:index|home|start|default)\.\w+$|/(?:sites|de|en|at)(?=/|$)", "", path).strip("/").casefold()


_SECOND_LEVEL = frozenset("co.uk org.uk ac.uk gov.uk co.at or.at ac.at gv.at com.au org.au co.nz coop.uk me.uk ltd.uk".split())


@lru_cache(maxsize=16_384)
def domain(name: str) -> str:
    """The registrable part of a host: `dresden.contigo.de` becomes `contigo.de`."""
    parts = name.split(".")
    keep = 3 if ".".join(parts[-2:]) in _SECOND_LEVEL else 2
    return ".".join(parts[-keep:])


def is_platform(name: str) -> bool:
    """Whether many strangers live under this host: a social network, a blog provider, a shop system."""
    return name in PLATFORM_HOSTS or domain(name) in PLATFORM_HOSTS


def own_host(website: str) -> str:
    """The host of a website unless it is a platform's; there a name of its own in front is kept (`wir.wordpress.com`)."""
    name = host(website)
    if name in PLATFORM_HOSTS:
        return ""
    return name


@lru_cache(maxsize=65_536)
def street_words(street: str) -> tuple[str, ...]:
    """A street with its number as folded words, `Straße` and `Str.` alike: `Kaiser-Franz-Josef Straße 29`."""
    found = words(_STREET.sub("str ", fold(street)).replace("str str", "str"))
    joined = " ".join(found).replace(" str", "str")
    return tuple(joined.split())


@lru_cache(maxsize=65_536)
def house_number(street: str) -> str:
    """The first number in a street line, `8` for `Brecherspitzstraße 8a`; empty without one."""
    found = _NUMBER.search(street)
    return found[0].lstrip("0") if found else ""


def postcode_of(text: str) -> str:
    """A postcode without blanks and case: `EC3N 1DY` becomes `ec3n1dy`."""
    return "".join(words(text))


@lru_cache(maxsize=65_536)
def register_number(text: str) -> str:
    """A register number to compare: case, blanks, dots and leading zeros do not count (`0525 R` is `525r`)."""
    plain = "".join(words(text))
    if not any(letter.isdigit() for letter in plain):
        return ""
    return re.sub(r"^([a-z]*)0+(?=\d)", r"\1", plain)
