"""Single values of foreign files: what can be mended is mended, what cannot is None. Plain Python, no database."""

import math
import re
from collections.abc import Iterable
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from django.utils.html import strip_tags

from allmende.ground.text import clean

_PLAIN = re.compile(r"(?:[!-~äöüÄÖÜßéèà](?: (?! ))?)*(?<! )")  # nothing in it that clean() could change
_TAG = re.compile(r"<[a-zA-Z/!][^>]*>")
_BREAK = re.compile(r"<(?:br|/p|/li|/div|/h\d)\b[^>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|[a-z]+\d?);", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+(?:[^\W\d_]{2,24}|xn--[a-z0-9-]{2,59})\.?", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@<>(),:;\"\[\]\\]{1,64}@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,24}")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_DIGIT = re.compile(r"\d")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^\Wa-z\d_])")


def text(value: Any) -> str:
    """A cell as people meant it: no HTML, no control characters, single blanks; numbers as text, everything else empty."""
    if not value and value != 0:
        return ""
    if not isinstance(value, str):
        return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
    if _PLAIN.fullmatch(value) and "<" not in value and "&" not in value:
        return value
    if _TAG.search(value):
        value = strip_tags(_BREAK.sub("\n", value))
    if "&" in value and _ENTITY.search(value):
        value = unescape(value)
    return clean(value)


def has_control(value: Any) -> bool:
    """Whether there are NUL bytes or their like in a cell."""
    return isinstance(value, str) and _CONTROL.search(value) is not None


def has_html(value: Any) -> bool:
    """Whether there are tags in a cell."""
    return isinstance(value, str) and "<" in value and _TAG.search(value) is not None


def address(value: Any) -> str:
    """A street of several lines in one line."""
    whole = text(value)
    if "\n" not in whole:
        return whole.strip(" ,")
    return ", ".join(part.strip(" ,") for part in whole.split("\n") if part.strip(" ,"))


def words(value: Any, separators: str = ";") -> list[str]:
    """The parts of a cell or list, cleaned, each once, in order."""
    if not value:
        return []
    if isinstance(value, str):
        parts: Iterable[Any] = re.split(f"[{re.escape(separators)}]", value)
    else:
        parts = value if isinstance(value, list) else []
    return list(dict.fromkeys(cleaned for part in parts if (cleaned := text(part))))


def storable(value: Any) -> Any:
    """The same row without what no database keeps: NUL, halves of characters, numbers beyond 64 bits (kept as text)."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {str(storable(name)): storable(one) for name, one in value.items()}
    if isinstance(value, list):
        return [storable(one) for one in value]
    return str(value) if isinstance(value, int) and abs(value) >= 1 << 63 else value


def url(value: str) -> str | None:
    """A web address that can be followed: http or https, a host with a dot, at most 500 characters; `www.x.de` gets its scheme."""
    value = re.split(r"[\s;]+", value.strip(), maxsplit=1)[0]
    if "://" not in value:
        value = "http://" + value.removeprefix("//")
    try:
        parts = urlsplit(value)
        port_is_right = parts.port is None or parts.port > 0
    except ValueError:
        return None
    right = parts.scheme.lower() in {"http", "https"} and parts.hostname and _HOST.fullmatch(parts.hostname) and port_is_right
    return value if right and not parts.username and len(value) <= 500 else None


def email(value: str) -> str | None:
    """The first address of a cell in lower-case domain, if it looks like one."""
    first = re.split(r"[;,\s]+", value.strip().removeprefix("mailto:"), maxsplit=1)[0]
    return first if len(first) <= 254 and _EMAIL.fullmatch(first) else None


def phone(value: str) -> str | None:
    """The first number of a cell; a number has at least three digits."""
    first = re.split(r"[;\n]", value, maxsplit=1)[0].strip()
    return first if len(first) <= 60 and len(_DIGIT.findall(first)) >= 3 else None


def year(value: str, latest: int) -> int | None:
    """The year in a date of whatever order, from 1000 to `latest`.

    >>> year("11/8/1863", 2030), year("1976-01-01T00:00:00Z", 2030), year("19760", 2030)
    (1863, 1976, None)
    """
    found = _YEAR.findall(value)
    number = int(found[0]) if len(found) == 1 or (found and value.startswith(found[0])) else 0
    return number if 1000 <= number <= latest else None


def degrees(value: Any) -> float | None:
    """A number of degrees, with decimal point or comma; None where it is none (NaN is none)."""
    try:
        number = float(value.strip().replace(",", ".") if isinstance(value, str) else value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def first_sentence(value: str) -> str:
    """The first sentence of a text of several; the text itself if it has one only."""
    return _SENTENCE.split(value.split("\n", 1)[0], maxsplit=1)[0]


def centre(geometry: Any) -> tuple[float, float] | None:
    """(lat, lon) of a GeoJSON geometry: the point itself, or the middle of the outline's corners. None if there is none."""
    if not isinstance(geometry, dict):
        return None
    if geometry.get("type") == "GeometryCollection":
        return next((found for part in geometry.get("geometries") or [] if (found := centre(part))), None)
    corners = list(_positions(geometry.get("coordinates")))
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()  # a ring ends where it began
    if not corners:
        return None
    return sum(lat for lat, _ in corners) / len(corners), sum(lon for _, lon in corners) / len(corners)


def _positions(coordinates: Any, depth: int = 0) -> Iterable[tuple[float, float]]:
    if not isinstance(coordinates, list) or depth > 4:
        return
    if len(coordinates) >= 2 and all(isinstance(one, int | float) for one in coordinates[:2]):
        yield float(coordinates[1]), float(coordinates[0])
        return
    for part in coordinates:
        yield from _positions(part, depth + 1)
