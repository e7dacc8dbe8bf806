"""What every page knows: the house's name, its menu, the address in the other language."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes


def house(request: HttpRequest) -> dict[str, Any]:
    """Names of the house and the same address in the other language."""
    return frame(request.path, request.META.get("QUERY_STRING", ""))


def frame(path: str, query: str = "") -> dict[str, Any]:
    """The same for the page at this address, whoever asks for it."""
    english = translation.get_language() == "en"
    # Quoted, and with one slash at the beginning: else /en//elsewhere.example would make a link that leaves the house.
    other = escape_leading_slashes(escape_uri_path((path.removeprefix("/en") or "/") if english else "/en" + path))
    return {
        "site_name": settings.SITE_NAME,
        "site_claim": settings.SITE_CLAIM,
        "operator": settings.OPERATOR,
        "contact": settings.CONTACT,
        "other_language": "de" if english else "en",
        "other_address": other + ("?" + query if query else ""),
    }
