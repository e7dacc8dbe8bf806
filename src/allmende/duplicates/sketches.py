"""Entries of the directory as portraits, and portraits as lines of the index."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import blake2b
from itertools import islice
from typing import Any

import orjson
from django.conf import settings
from django.utils.encoding import force_bytes

from allmende.directory.models import Organisation, Visibility
from allmende.directory.queries import rules_in_force
from allmende.directory.rules import hidden
from allmende.duplicates.portraits import Portrait, Site

MOST_SITES = 24  # further ones of a chain say nothing new


def mark(kind: str, value: str) -> str:
    """A short keyed mark of an e-mail address or a phone number: equal for equal values, and worthless without the key of the house."""
    plain = "".join(value.split()).casefold() if kind == "email" else _digits(value)
    if not plain:
        return ""
    return blake2b(f"{kind} {plain}".encode(), key=force_bytes(settings.SECRET_KEY)[:64], digest_size=8).hexdigest()


def _digits(phone: str) -> str:
    """`+49 (0)30 123` and `030 123` alike; fewer than five digits are no number one could recognise."""
    if phone.startswith("tel-"):  # made unreadable by the source, equal for equal numbers all the same
        return phone
    digits = "".join(letter for letter in phone.replace("(0)", "") if letter.isdigit())
    if phone.strip().startswith("+") or digits.startswith("00"):
        digits = digits.removeprefix("00")[2:]
    digits = digits.lstrip("0")
    return digits if len(digits) >= 5 else ""


def portrait_of(organisation: Organisation, *, public: bool = False) -> Portrait:
    """The entry as it is compared; with `public` only what everybody may see of it."""
    portrait = Portrait(
        name=organisation.name,
        legal_name=organisation.legal_name,
        sites=tuple(
            Site(place.street, place.postcode, place.town, place.country, place.lat, place.lon, place.precision)
            for place in islice(organisation.places.all(), MOST_SITES)
        ),
        website=organisation.website,
        email=mark("email", organisation.email),
        phone=mark("phone", organisation.phone),
        register=organisation.register,
        kind=organisation.kind,
        legal_form=organisation.legal_form.key if organisation.legal_form else "",
        founded=organisation.founded,
    )
    return openly(portrait, organisation.visibility, ruled()) if public else portrait


def portrait_said(said: Mapping[str, Any], sites: Iterable[Site]) -> Portrait:
    """What somebody typed about an organisation, as it is compared."""
    return Portrait(
        name=said.get("name", ""),
        legal_name=said.get("legal_name", ""),
        sites=tuple(sites),
        website=said.get("website", ""),
        email=mark("email", said.get("email", "")),
        phone=mark("phone", said.get("phone", "")),
        register=said.get("register", ""),
        kind=said.get("kind", ""),
        legal_form=said.get("legal_form", ""),
        founded=said.get("founded"),
    )


def ruled() -> dict[str, str] | None:
    """What the network's data rules say today about who sees which field."""
    return getattr(rules_in_force(), "defaults", None)


def openly(portrait: Portrait, own: Mapping[str, str], ruled: Mapping[str, str] | None) -> Portrait:
    """The portrait with what everybody may see of the entry; an address that is hidden becomes its town."""
    without = hidden(Visibility.PUBLIC, own, ruled)
    emptied: dict[str, Any] = {name: "" for name in ("website", "email", "phone", "register") if name in without}
    if "register" in without:
        emptied["legal_name"] = ""
    if "founded" in without:
        emptied["founded"] = None
    if "address" in without:
        emptied["sites"] = tuple(Site(town=site.town, country=site.country) for site in portrait.sites)
    return replace(portrait, **emptied)


def pack(portrait: Portrait, visibility: Mapping[str, str]) -> str:
    """A portrait as one line, with what the entry says about who sees which field."""
    sites = [[s.street, s.postcode, s.town, s.country, s.lat, s.lon, s.precision] for s in portrait.sites]
    said: list[Any] = [portrait.name, portrait.legal_name, sites, portrait.website, portrait.email, portrait.phone]
    return orjson.dumps([dict(visibility), *said, portrait.register, portrait.kind, portrait.legal_form, portrait.founded]).decode()


def unpack(line: str) -> tuple[Portrait, dict[str, str]]:
    """The portrait of a line, and what the entry says about who sees which field."""
    visibility, name, legal_name, sites, *rest = orjson.loads(line)
    return Portrait(name, legal_name, tuple(Site(*site) for site in sites), *rest), visibility
