"""Who may be the same: candidates for one entry, or for many at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from allmende.directory.models import Organisation, State
from allmende.duplicates.models import Sketch
from allmende.duplicates.scoring import Judgement, Portrait, Verdict, compare
from allmende.duplicates.sketches import openly, portrait_of, ruled, unpack

__all__ = ["Candidate", "candidates", "portrait_of", "scan"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may be the same one or a branch, and why."""

    organisation_id: int
    verdict: Verdict


def candidates(portrait: Portrait, *, limit: int = 5, but: int | None = None, public: bool = False) -> list[Candidate]:
    """The entries most likely the same as this portrait or a branch of it, best first; published ones and drafts.

    `but` is the entry itself. With `public` only published entries are found, and only by what everybody may see of them: for guests.
    """
    found = []
    for pk, line, is_public in Sketch.objects.values_list("organisation_id", "said", "is_public"):
        if pk != but and (is_public or not public):
            other, visibility = unpack(line)
            verdict = compare(portrait, openly(other, visibility, ruled()) if public else other)
            if verdict.judgement != Judgement.DIFFERENT:
                found.append(Candidate(pk, verdict))
    return sorted(found, key=lambda one: -one.verdict.score)[:limit]


def scan(pks: Iterable[int]) -> Iterator[tuple[int, Candidate]]:
    """All pairs worth a look among these entries and everybody else: (entry, candidate), each pair once."""
    seen: set[tuple[int, int]] = set()
    asked = list(pks)
    live = Organisation.objects.filter(pk__in=asked, state__in=[State.PUBLISHED, State.DRAFT])
    for organisation in live.select_related("legal_form").prefetch_related("places"):
        for one in candidates(portrait_of(organisation), but=organisation.pk):
            pair = (min(organisation.pk, one.organisation_id), max(organisation.pk, one.organisation_id))
            if pair not in seen:
                seen.add(pair)
                yield organisation.pk, one
