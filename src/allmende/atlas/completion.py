"""What somebody may mean while typing: words of the taxonomy, organisations by name, towns. Asked with every key that is pressed."""

import time
from bisect import bisect_left
from dataclasses import dataclass, field

from django.db import connection
from django.utils.translation import get_language

from allmende.atlas import fulltext, questions
from allmende.atlas.engine import listing, snapshot
from allmende.directory.models import Term, Tree
from allmende.ground.text import fold, reads_english, words
from allmende.places import queries as places

TERMS_FROM = 3  # letters
MOST_TERMS = MOST_PLACES = 2
FROM_NAMES = 200  # names that hold the words: the best of these are shown
MAX_AGE = 60.0  # seconds until a change of the taxonomy is known
LAST = "\U0010ffff"
Suggestion = dict[str, str]


def suggest(q: str, limit: int = 8) -> list[Suggestion]:
    """What may be meant, each with a label and where it leads: words of the taxonomy first, then organisations, then towns."""
    if not words(q):
        return []
    found = [*_terms(q), *_organisations(q, limit - MOST_PLACES), *_towns(q)]
    return found[:limit]


# PostgreSQL compares by bytes only where told to, and only then its index of names gives them in order.
_BEGINNING = {
    "sqlite": "SELECT organisation_id FROM atlas_entry WHERE sort_name >= %s AND sort_name < %s "
    "ORDER BY sort_name, organisation_id LIMIT %s",
    "postgresql": "SELECT organisation_id FROM atlas_entry WHERE sort_name ~>=~ %s AND sort_name ~<~ %s "
    "ORDER BY sort_name USING ~<~, organisation_id LIMIT %s",
}


def _organisations(q: str, limit: int) -> list[Suggestion]:
    """Names that begin so, by the index of names; then names that hold the words."""
    beginning = fold(q).strip()
    with connection.cursor() as cursor:
        cursor.execute(_BEGINNING[connection.vendor], [beginning, beginning + LAST, limit])
        ids = [row[0] for row in cursor.fetchall()]
        if len(ids) < limit:
            ids = list(dict.fromkeys([*ids, *_holding(q, limit)]))[:limit]
        if not ids:
            return []
        marks = ", ".join(["%s"] * len(ids))
        cursor.execute(f"SELECT organisation_id, name, town, slug FROM atlas_entry WHERE organisation_id IN ({marks})", ids)
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    shown = (rows[one] for one in ids if one in rows)
    return [{"type": "organisation", "label": name, "detail": town, "slug": slug} for name, town, slug in shown]


def _holding(q: str, limit: int) -> list[int]:
    """The first entries by name whose names hold the words, the last one as a beginning."""
    now, keys = snapshot.current(), fulltext.hits(questions.typed(q), names_only=True, limit=FROM_NAMES)
    found = [part.segment.ordinals_at(keys) & part.alive & part.segment.first for part in now.parts]
    return listing.by_name(now, found, limit)


Named = tuple[int, str, str, str, str]
"""Place in the order of the taxonomy, tree, key, German and English name."""


@dataclass
class _Taxonomy:
    """All names and synonyms of sectors and forms of cooperation, folded and sorted, and when they were read."""

    read_at: float = float("-inf")
    names: list[tuple[str, Named]] = field(default_factory=list)


_held = _Taxonomy()


def forget() -> None:
    """Read the taxonomy again at the next question (tests)."""
    global _held  # one copy per process is the purpose
    _held = _Taxonomy()


def _terms(q: str) -> list[Suggestion]:
    beginning = fold(q).strip()
    if len(beginning) < TERMS_FROM:
        return []
    names = _names()
    low, high = (bisect_left(names, edge, key=lambda one: one[0]) for edge in (beginning, beginning + LAST))
    found = sorted({term for _, term in names[low:high]})[:MOST_TERMS]
    english = reads_english()
    return [
        {"type": tree, "label": name_en if english else name_de, "detail": str(Tree(tree).label), "key": key}
        for _, tree, key, name_de, name_en in found
    ]


def _names() -> list[tuple[str, Named]]:
    global _held
    if time.monotonic() - _held.read_at > MAX_AGE:
        _held = _Taxonomy(time.monotonic(), _read())
    return _held.names


def _read() -> list[tuple[str, Named]]:
    terms = Term.objects.filter(tree__in=(Tree.SECTOR, Tree.COOPERATION)).values_list("tree", "key", "name_de", "name_en", "synonyms")
    return sorted(
        (fold(name), (place, tree, key, name_de, name_en))
        for place, (tree, key, name_de, name_en, synonyms) in enumerate(terms)
        for name in (name_de, name_en, *synonyms)
    )


def _towns(q: str) -> list[Suggestion]:
    language = get_language() or "de"
    found = places.suggest_places(q, MOST_PLACES) if len(q.strip()) >= 2 else []
    return [{"type": "place", "label": town.name, "detail": places.country_name(town.country, language)} for town in found]
