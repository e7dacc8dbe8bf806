"""Keeping the index true: what the directory shows to guests is what the index holds, nothing else."""

from collections.abc import Iterable

from django.db import connection, transaction

from allmende.atlas import fulltext
from allmende.atlas.indexing import EVERYTHING, Writer, batches, packed, step
from allmende.atlas.models import Entry, Spot, Word
from allmende.directory.access import organisations_visible_to
from allmende.directory.models import Organisation
from allmende.people.queries import GUEST


@transaction.atomic
def index(pks: Iterable[int]) -> int:
    """Bring these organisations up to date in the index; the ones guests may not see leave it. Returns how many are in."""
    asked = sorted(set(pks))
    if not asked:
        return 0
    step(packed(asked))
    writer = Writer()
    shown = sum(writer.bring(batch) for batch in batches(asked))
    writer.count()
    return shown


@transaction.atomic
def rebuild() -> int:
    """Empty the index and build it again from the directory. Readers see the old one until it is done."""
    step(EVERYTHING)
    for model in (Spot, Entry, Word):
        model.objects.all()._raw_delete(using=connection.alias)
    fulltext.clear()
    writer = Writer()
    pks = list(Organisation.objects.order_by("pk").values_list("pk", flat=True))
    shown = sum(writer.bring(batch) for batch in batches(pks))
    writer.count()
    return shown


def verify() -> list[str]:
    """Sentences about what differs between the index and the directory; empty when all is well."""
    source = dict(organisations_visible_to(GUEST).values_list("pk", "changed_at"))
    indexed = dict(Entry.objects.values_list("pk", "changed_at"))
    expected, held = set(source), set(indexed)
    return [
        *(f"missing in the index: {pk}" for pk in sorted(expected - held)),
        *(f"not public any more: {pk}" for pk in sorted(held - expected)),
        *(f"stale: {pk}" for pk in sorted(expected & held) if source[pk] != indexed[pk]),
    ]
