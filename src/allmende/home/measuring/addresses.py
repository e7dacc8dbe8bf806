"""What the load generator asks the server, drawn from the same grounds as the questions to the engine."""

import random
from itertools import cycle, islice
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from allmende.atlas.rules import DEEPEST, Box
from allmende.home.measuring.asking import TEXT_ZOOMS, TILE_ZOOMS, ZOOMS
from allmende.home.measuring.grounds import Grounds, Point, draw, window

PEER_ZOOMS = (6, 9, 12)
FILTERED_ZOOMS = (2, 4, 6, 8, 10, 12)
FRESH_ZOOMS = (7, 9, 11, 13)  # other zooms than those of "tile", so that no tile was asked for before
PER_PAGE = 50


def drawn(times: int, seed: int = 2026) -> dict[str, Any]:
    """Addresses by the name of the line, and the windows and words for the peers."""
    grounds, chance = draw(times, seed), random.Random(seed + 1)  # noqa: S311  # repeatable on purpose
    places = grounds.places
    windows = [window(place, zoom, chance) for place, zoom in zip(places, cycle(ZOOMS), strict=False)]
    words = list(islice(_words(grounds, ("rare", "middling", "common")), len(places)))
    worded = [
        (window(_near(grounds, word, n), zoom, chance), word) for n, (word, zoom) in enumerate(zip(words, cycle(TEXT_ZOOMS), strict=False))
    ]
    return {
        "addresses": {
            "empty": ["/healthz"],
            "list": [listed(box) for box in windows],
            "list_word": [listed(box, word) for box, word in worded],
            "whole": [_asked("organisations", box) for box in windows],
            "suggest": [_suggest(word[: 3 + n % 3]) for n, word in enumerate(words)],
            "tile": [tile(place, zoom) for place, zoom in zip(places, cycle(TILE_ZOOMS), strict=False)],
            "tile_fresh": list(dict.fromkeys(tile(place, zoom) for place, zoom in zip(places[::-1], cycle(FRESH_ZOOMS), strict=False))),
            "tile_filter": [tile(place, zoom, q=word) for place, zoom, word in zip(places, cycle(FILTERED_ZOOMS), words, strict=False)],
            "page": [f"{reverse('atlas:map')}?{urlencode({'bbox': _box(box)})}" for box in windows],
            "entry": [reverse("directory:organisation", args=[slug]) for slug in grounds.slugs],
        },
        "peers": list(_for_peers(grounds, chance, times)),
    }


def _words(grounds: Grounds, kinds: tuple[str, ...]) -> Any:
    return (word for some in zip(*(cycle(grounds.words[kind]) for kind in kinds), strict=False) for word in some)


def _near(grounds: Grounds, word: str, number: int) -> Point:
    holders = grounds.holders[word] or grounds.places
    return holders[number % len(holders)]


def _for_peers(grounds: Grounds, chance: random.Random, times: int) -> Any:
    """(name, windows with words); the same windows for everybody."""
    for zoom in PEER_ZOOMS:
        boxes = [window(place, zoom, chance) for place in grounds.places[:times]]
        yield f"window z{zoom}", [(_corners(box), "") for box in boxes]
    for zoom in PEER_ZOOMS:
        words = islice(_words(grounds, ("middling", "common")), times)
        pairs = [(window(_near(grounds, word, n), zoom, chance), word) for n, word in enumerate(words)]
        yield f"window z{zoom} + word", [(_corners(box), word) for box, word in pairs]


def _corners(box: Box) -> tuple[float, float, float, float]:
    return box.west, box.south, box.east, box.north


def _box(box: Box) -> str:
    return ",".join(f"{edge:.5f}" for edge in _corners(box))


def listed(box: Box, word: str = "") -> str:
    """The list of a window as JSON."""
    return _asked("entries", box, word)


def _asked(operation: str, box: Box, word: str = "") -> str:
    said = {"bbox": _box(box), "per_page": PER_PAGE} | ({"q": word} if word else {})
    return f"{reverse(f'opendata-api:{operation}')}?{urlencode(said)}"


def searched(word: str) -> str:
    """The list of all that hold a word as JSON."""
    return f"{reverse('opendata-api:entries')}?{urlencode({'q': word})}"


def _suggest(letters: str) -> str:
    return f"{reverse('opendata-api:suggest')}?{urlencode({'q': letters})}"


def tile(place: Point, zoom: int, **filters: str) -> str:
    """The map tile around a place."""
    x, y = (one >> (DEEPEST - zoom) for one in place)
    return reverse("atlas-api:tile", args=[zoom, x, y]) + (f"?{urlencode(filters)}" if filters else "")
