"""Who may be the same: candidates for one entry, or for many at once, out of a million in milliseconds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import nsmallest
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
MOST_COMPARED = 40  # for one entry
MOST_SCANNED = 12  # for one of many
MOST_PAIRS = 5  # of one of many, worth a look
LITTLE = 0.6  # less in common than one word that forty entries have: not worth a comparison
BATCH = 200
CHUNK = 500  # ids in one question


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may be the same one or a branch, and why."""

    organisation_id: int
    verdict: Verdict


def candidates(portrait: Portrait, *, limit: int = 5, but: int | None = None, public: bool = False) -> list[Candidate]:
    """The entries most likely the same as this portrait or a branch of it, best first; published ones and drafts.

    `but` is the entry itself. With `public` only published entries are found, and only by what everybody may see of them: for guests.
    """
    search = _Search(public)
    near = search.near(portrait, but, MOST_COMPARED)
    found = search.judged(near, search.portraits(near.pks), 2 * limit)
    living = _living((one.organisation_id for one in found), (State.PUBLISHED,) if public else LIVE)
    return [one for one in found if one.organisation_id in living][:limit]


def scan(pks: Iterable[int]) -> Iterator[tuple[int, Candidate]]:
    """All pairs worth a look among these entries and everybody else: (entry, candidate), each pair once."""
    search = _Search(public=False)
    seen: set[tuple[int, int]] = set()
    asked = iter(pks)
    while batch := list(islice(asked, BATCH)):
        near = {pk: search.near(portrait, pk, MOST_SCANNED) for pk, portrait in search.portraits(batch).items()}
        others = search.portraits({pk for one in near.values() for pk in one.pks})
        pairs = []
        for pk, neighbours in near.items():
            for one in search.judged(neighbours, others, MOST_PAIRS):
                pair = (min(pk, one.organisation_id), max(pk, one.organisation_id))
                if pair not in seen:
                    seen.add(pair)
                    pairs.append((pk, one))
        living = _living(one.organisation_id for _pk, one in pairs)
        yield from (pair for pair in pairs if pair[1].organisation_id in living)


def _living(pks: Iterable[int], states: tuple[State, ...] = LIVE) -> set[int]:
    """Those of these that are still there; the index follows the trail, and not every hand writes one."""
    return set(Organisation.objects.filter(pk__in=set(pks), state__in=states).values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class _Neighbours:
    """Who has most in common with a portrait, most first, and how rare its words and its website are in this house."""

    portrait: Portrait
    pks: list[int]
    rarity: Rarity


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

    def near(self, portrait: Portrait, but: int | None, most: int) -> _Neighbours:
        """At most so many entries that share keys, the rarer the better."""
        held = [(key, self._having(key.number)) for key in keys(portrait)]
        votes: dict[int, float] = defaultdict(float)
        for key, holders in held:
            if len(holders) <= MOST_PER_KEY:
                share = key.worth * (1 - log(len(holders) + 1) / 8)
                for pk in holders:
                    votes[pk] += share
        votes.pop(but or 0, None)
        best = nsmallest(most, ((-vote, pk) for pk, vote in votes.items() if vote >= LITTLE))
        return _Neighbours(portrait, [pk for _vote, pk in best], self._rarity(held))

    def portraits(self, pks: Iterable[int]) -> dict[int, Portrait]:
        """The entries as they are compared."""
        wanted, found = iter(sorted(pks)), {}
        while part := list(islice(wanted, CHUNK)):
            rows = Sketch.objects.filter(organisation_id__in=part)
            if self.public:
                rows = rows.filter(is_public=True)
            for pk, said in rows.values_list("organisation_id", "said"):
                portrait, visibility = unpack(said)
                found[pk] = openly(portrait, visibility, self.rules) if self.public else portrait
        return found

    def judged(self, near: _Neighbours, others: Mapping[int, Portrait], wanted: int) -> list[Candidate]:
        """Whoever of them is the same, a branch or doubtful: the best with reasons."""
        likely = []
        for pk in near.pks:
            if pk in others:
                same, branch = quick(near.portrait, others[pk], near.rarity)
                if judge(same, branch) != Judgement.DIFFERENT:
                    likely.append((-same, -branch, pk))
        return [Candidate(pk, compare(near.portrait, others[pk], near.rarity)) for _same, _branch, pk in sorted(likely)[:wanted]]

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
