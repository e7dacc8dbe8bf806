"""An entry for address books: vCard 4.0 (RFC 6350). Reads the public export, so it can say nothing that is not public."""

import re
from typing import Any

from allmende import __version__
from allmende.ground.text import clean

WIDTH = 75  # octets of a line, without its end (RFC 6350, 3.2)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.IGNORECASE)


def organisation(data: dict[str, Any]) -> str:
    """The vCard of `export.organisation`'s dict, lines ended by CRLF."""
    lines = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        f"PRODID:-//Allmende//{__version__}//DE",
        f"UID:urn:uuid:{data['id']}",
        "KIND:org",
        _line("FN", data["name"]),
        _line("ORG", data["legal_name"] or data["name"]),
        *(_address(place, number) for number, place in enumerate(data["places"], 1)),
        *(f"GEO:{_geo(place)}" for place in data["places"][:1] if _geo(place)),
        _link("URL", data["website"]),
        _line("EMAIL", data["email"]),
        _line("TEL;VALUE=text", data["phone"]),
        *(f"LANG;PREF={number}:{code}" for number, code in enumerate(data["languages"], 1) if _LANGUAGE.fullmatch(code) and number <= 100),
        _list("CATEGORIES", data["keywords"]),
        _line("NOTE", _note(data)),
        f"REV:{data['changed_at'][:19].replace('-', '').replace(':', '')}Z",
        _link("SOURCE", data["url"]),
        "END:VCARD",
    ]
    return "".join(f"{fold(line)}\r\n" for line in lines if line)


def escape(text: str) -> str:
    """A text value: backslash, comma, semicolon and line ends are escaped, control characters left out (RFC 6350, 3.4)."""
    return re.sub(r"([\\,;])", r"\\\1", clean(text)).replace("\n", r"\n").replace("\t", " ")


def fold(line: str) -> str:
    """A long line in pieces of at most 75 octets that never cut a letter; each further piece begins with a blank."""
    pieces: list[str] = []
    piece, size = "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > WIDTH:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + letter, size + octets
    return "\r\n".join([*pieces, piece])


def _line(name: str, text: str) -> str:
    return f"{name}:{escape(text)}" if text else ""


def _link(name: str, address: str) -> str:
    """An address is a URI, not a text: nothing in it is escaped, but a line end could begin a new property."""
    return f"{name}:{address}" if address and not re.search(r"[\s\x00-\x1f\x7f]", address) else ""


def _list(name: str, words: list[str]) -> str:
    return f"{name}:{','.join(escape(word) for word in words)}" if words else ""


def _address(place: dict[str, Any], number: int) -> str:
    """Post box and flat stay empty as the RFC advises; the point goes along where it is exact."""
    parts = ["", "", *(escape(place[key]) for key in ("street", "town", "region", "postcode", "country"))]
    if not any(parts):
        return ""
    exact = f';GEO="{_geo(place)}"' if _geo(place) else ""
    return f"ADR;TYPE=work;PREF={min(number, 100)}{exact}:{';'.join(parts)}"


def _geo(place: dict[str, Any]) -> str:
    """A `geo:` address (RFC 5870), only for exact points: an address book cannot say that one is merely the town's centre."""
    return f"geo:{place['lat']},{place['lon']}" if place["precision"] == "exact" else ""


def _note(data: dict[str, Any]) -> str:
    rights = [f"{one['attribution'] or one['name']} ({one['licence']})" for one in data["sources"]]
    return "\n".join(part for part in (data["summary"], "; ".join(dict.fromkeys(rights)) or data["licence"]) if part)
