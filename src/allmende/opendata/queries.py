"""What the open data needs to know beyond the map's own questions. Everybody is a guest here: there is no other view of open data."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from allmende.atlas import queries as atlas
from allmende.atlas.models import Entry
from allmende.atlas.rules import Filters
from allmende.directory import export
from allmende.directory import queries as directory
from allmende.directory.models import Organisation, Source, Term
from allmende.directory.rules import is_share_alike
from allmende.people.queries import GUEST

CHUNK = 500
PLACES_IN_LISTS = 20


def organisations(filters: Filters, base: str) -> Iterator[dict[str, Any]]:
    """The export of everything that matches, in the order of entry, with memory for one chunk and a list of numbers.

    Each chunk is its own short reading: a slow client holds no transaction open, and an entry that was withdrawn meanwhile, or matches no
    longer (its licence may be another one now), is left out.
    """
    number, ids = atlas.version()[0], atlas.matching_ids(filters)
    for start in range(0, len(ids), CHUNK):
        pks: list[int] = ids[start : start + CHUNK].tolist()
        if not filters.is_empty and atlas.version()[0] != number:
            still = atlas.matching_among(filters, pks)
            pks = [pk for pk in pks if pk in still]
        yield from exported(pks, base)


def exported(pks: Sequence[int], base: str) -> Iterator[dict[str, Any]]:
    """The exports of these, as far as guests may see them."""
    return (export.organisation(item, base) for item in directory.organisations(GUEST, pks))


def page(pks: list[int], base: str) -> list[dict[str, Any]]:
    """The exports of these for a list: of the places only the first, with their number and where the whole entry is."""
    found = directory.organisations(GUEST, pks, PLACES_IN_LISTS + 1)
    totals = directory.numbers_of_places([item.pk for item in found if len(item.places.all()) > PLACES_IN_LISTS])
    return [_listed(export.organisation(item, base), totals.get(item.pk), base) for item in found]


def _listed(told: dict[str, Any], total: int | None, base: str) -> dict[str, Any]:
    places = told["places"]
    more = {"places_total": total or len(places), "whole": f"{base}/api/v1/organisations/{told['id']}"}
    return {**told, "places": places[:PLACES_IN_LISTS], **more}


def organisation(reference: str, base: str) -> dict[str, Any] | None:
    """One export by UUID or by slug, followed through merges; None if there is none for guests."""
    try:
        slug = Organisation.objects.filter(uuid=UUID(reference)).values_list("slug", flat=True).first() or ""
    except ValueError:
        slug = reference
    found = directory.organisation(GUEST, slug) if slug else None
    return export.organisation(found, base) if found else None


def terms(tree: str = "") -> list[dict[str, Any]]:
    """The words of one tree, or of all, parents before children by their own order."""
    words = Term.objects.select_related("parent").filter(**({"tree": tree} if tree else {}))
    return [
        {
            "tree": term.tree,
            "key": term.key,
            "parent": term.parent.key if term.parent else None,
            "name_de": term.name_de,
            "name_en": term.name_en,
            "note_de": term.note_de,
            "note_en": term.note_en,
            "codes": term.codes,
        }
        for term in words.order_by("tree", "position", "key")
    ]


def sources() -> list[dict[str, Any]]:
    """Sources that back a public entry, with how many they back, the largest first."""
    counts = _counts("source")
    fields = ("key", "name", "url", "licence", "attribution", "share_alike", "is_demo")
    rows = [{**row, "count": counts[row["key"]]} for row in Source.objects.filter(key__in=counts).values(*fields)]
    return sorted(rows, key=lambda row: (-row["count"], row["key"]))


def licences() -> list[tuple[str, bool, int]]:
    """(licence, whether share-alike, number of entries), the largest first; an empty one for entries that state none."""
    counts = _counts("licence")
    counts[""] = atlas.count(Filters()) - counts.total()
    return sorted(((licence, is_share_alike(licence), n) for licence, n in (+counts).items()), key=lambda row: (-row[2], row[0]))


def totals() -> dict[str, int]:
    """How much there is: all entries, those without share-alike, those with a place."""
    entries = atlas.count(Filters())
    return {
        "entries": entries,
        "free": atlas.count(Filters(share_alike=False)),
        "placed": entries - atlas.count(Filters(online=True)),
    }


def _counts(kind: str) -> Counter[str]:
    return atlas.tag_counts(Filters(), (kind,)).get(kind, Counter())


def an_entry() -> str:
    """The slug of any public entry, for an example that works; empty if there is none."""
    return Entry.objects.order_by("pk").values_list("slug", flat=True).first() or ""
