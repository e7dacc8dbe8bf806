"""Keeping the index true: what the directory shows to guests is what the index holds, nothing else."""

from collections.abc import Iterable

from django.db import transaction

from allmende.atlas.indexing import Writer, batches, packed, step
from allmende.atlas.rebuilding import rebuild
from allmende.atlas.verifying import verify

__all__ = ["index", "rebuild", "verify"]


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
