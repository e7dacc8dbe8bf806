"""What the answers of this room go by."""

from django.utils import timezone
from django.utils.translation import get_language

from allmende.atlas import queries as atlas
from allmende.web.answers import tag


def stamp(*parts: object) -> str:
    """An ETag that changes with the index of the map, with the language, and with the day (freshness ages)."""
    number, changed_at = atlas.version()
    seed = (number, changed_at, timezone.localdate(), get_language(), *parts)
    return tag(repr(seed).encode())
