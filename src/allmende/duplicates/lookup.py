"""Who may be the same: candidates for one entry, or for many at once, out of a million in milliseconds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from math import log

from django.db import connection
from django.db.models import Max

from allmende.directory.models import Organisation, State
from allmende.duplicates.blocking import KeyOf, keys
from allmende.duplicates.indexing import LIVE
from allmende.duplicates.models import Sketch
from allmende.duplicates.scoring import Judgement, Portrait, Rarity, Verdict, compare, judge, quick
from allmende.duplicates.sketches import openly, portrait_of, ruled, unpack

__all__ = ["Candidate", "candidates", "portrait_of", "scan"]

MOST_PER_KEY = 300  # a key that more entries have leads nowhere
MOST_COMPARED = 60  # for one entry
MOST_SCANNED = 12  # for one of many
MOST_PAIRS = 5  # of one of many, worth a look
BATCH = 200


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may be the same one or a branch, and why."""

    organisation_id: int
    verdict: Verdict


def candidates(portrait: Portrait, *, limit: int = 5, but: int | None = None, public: bool = False) -> list[Candidate]:
    """The entries most likely the same as this portrait or a branch of it, best first; published ones and drafts.

    `but` is the entry itself. With `public` only published entries are found, and only by what everybody may see of them: for guests.
    """
    found = _Search(public).near(portrait, but, MOST_COMPARED, 2 * limit)
    living = _living((one.organisation_id for one in found), (State.PUBLISHED,) if public else LIVE)
    return [one for one in found if one.organisation_id in living][:limit]


def scan(pks: Iterable[int]) -> Iterator[tuple[int, Candidate]]:
    """All pairs worth a look among these entries and everybody else: (entry, candidate), each pair once."""
    search = _Search(public=False)
    seen: set[tuple[int, int]] = set()
    asked = iter(pks)
    while batch := list(islice(asked, BATCH)):
        pairs = []
        for pk, portrait in search.portraits(batch).items():
            for one in search.near(portrait, pk, MOST_SCANNED, MOST_PAIRS):
                pair = (min(pk, one.organisation_id), max(pk, one.organisation_id))
                if pair not in seen:
                    seen.add(pair)
                    pairs.append((pk, one))
        living = _living(one.organisation_id for _pk, one in pairs)
        yield from (pair for pair in pairs if pair[1].organisation_id in living)


def _living(pks: Iterable[int], states: tuple[State, ...] = LIVE) -> set[int]:
    """Those of these that are still there; the index follows the trail, and not every hand writes one."""
    return set(Organisation.objects.filter(pk__in=set(pks), state__in=states).values_list("pk", flat=True))


@dataclass
class _Search:
    """One search through the index, or many that share what they learned about keys."""

    public: bool
    total: int = field(init=False)
    rules: dict[str, str] | None = field(init=False)
    _holders: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.total = Sketch.objects.aggregate(most=Max("organisation_id"))["most"] or 0  # as good as a count, and at once
        self.rules = ruled() if self.public else None

    def near(self, portrait: Portrait, but: int | None, most: int, wanted: int) -> list[Candidate]:
        """Whoever is the same, a branch or doubtful, best first: `most` are compared, `wanted` at most given back with reasons."""
        held = [(key, self._having(key.number)) for key in keys(portrait)]
        votes: dict[int, float] = defaultdict(float)
        for key, holders in held:
            if len(holders) <= MOST_PER_KEY:
                share = key.worth * (1 - log(len(holders) + 1) / 8)
                for pk in holders:
                    votes[pk] += share
        votes.pop(but or 0, None)
        best = sorted(votes, key=lambda pk: (-votes[pk], pk))[:most]
        return self._judged(portrait, self.portraits(best), self._rarity(held), wanted)

    def portraits(self, pks: list[int]) -> dict[int, Portrait]:
        """The entries as they are compared."""
        rows = Sketch.objects.filter(organisation_id__in=pks)
        if self.public:
            rows = rows.filter(is_public=True)
        found = {}
        for pk, said in rows.values_list("organisation_id", "said"):
            portrait, visibility = unpack(said)
            found[pk] = openly(portrait, visibility, self.rules) if self.public else portrait
        return found

    def _judged(self, portrait: Portrait, others: dict[int, Portrait], rarity: Rarity, wanted: int) -> list[Candidate]:
        likely = []
        for pk, other in others.items():
            same, branch = quick(portrait, other, rarity)
            if judge(same, branch) != Judgement.DIFFERENT:
                likely.append((-same, -branch, pk))
        return [Candidate(pk, compare(portrait, others[pk], rarity)) for _same, _branch, pk in sorted(likely)[:wanted]]

    def _rarity(self, held: list[tuple[KeyOf, list[int]]]) -> Rarity:
        words = {key.text: len(holders) for key, holders in held if key.kind == "word"}
        hosts = {key.text: len(holders) for key, holders in held if key.kind == "host"}
        return Rarity(words, hosts, self.total)

    def _having(self, number: int) -> list[int]:
        """The entries with this key; one more than can be used where there are too many."""
        known = self._holders.get(number)
        if known is None:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT organisation_id FROM duplicates_key WHERE key = %s LIMIT {MOST_PER_KEY + 1}", [number])  # noqa: S608
                known = [pk for (pk,) in cursor.fetchall()]
            if len(self._holders) > 200_000:
                self._holders.clear()
            self._holders[number] = known
        return known
