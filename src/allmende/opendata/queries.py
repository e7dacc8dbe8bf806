"""What the open data needs to know beyond the map's own questions. Everybody is a guest here: there is no other view of open data."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from allmende.atlas import queries as atlas
from allmende.atlas.models import Entry, Tag
from allmende.atlas.rules import Filters
from allmende.directory import export
from allmende.directory import queries as directory
from allmende.directory.models import Organisation, Source, Term
from allmende.people.queries import GUEST

CHUNK = 500


def organisations(filters: Filters, base: str) -> Iterator[dict[str, Any]]:
    """The export of everything that matches, in the order of entry, with memory for one chunk.

    Each chunk is its own short reading: a slow client holds no transaction open, and an entry withdrawn meanwhile is left out.
    """
    matching, last = atlas.matching(filters), 0
    while True:
        pks = list(matching.filter(organisation_id__gt=last).order_by("organisation_id").values_list("organisation_id", flat=True)[:CHUNK])
        for item in directory.organisations(GUEST, pks):
            yield export.organisation(item, base)
        if len(pks) < CHUNK:
            return
        last = pks[-1]


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
    counts = dict(Tag.objects.filter(kind="source").values_list("key").annotate(n=Count("entry_id")))
    fields = ("key", "name", "url", "licence", "attribution", "share_alike", "is_demo")
    rows = [{**row, "count": counts[row["key"]]} for row in Source.objects.filter(key__in=counts).values(*fields)]
    return sorted(rows, key=lambda row: (-row["count"], row["key"]))


def licences() -> list[tuple[str, bool, int]]:
    """(licence, whether share-alike, number of entries), the largest first."""
    rows = Entry.objects.values_list("licence", "share_alike").annotate(n=Count("organisation_id"))
    return sorted(rows, key=lambda row: (-row[2], row[0]))


def totals() -> dict[str, int]:
    """How much there is: all entries, those without share-alike, those with a place."""
    return Entry.objects.aggregate(
        entries=Count("organisation_id"),
        free=Count("organisation_id", filter=Q(share_alike=False)),
        placed=Count("organisation_id", filter=Q(has_place=True)),
    )


def an_entry() -> str:
    """The slug of any public entry, for an example that works; empty if there is none."""
    return Entry.objects.order_by("pk").values_list("slug", flat=True).first() or ""
