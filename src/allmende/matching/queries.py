"""Questions about matches. Each begins with what the viewer may see; what is found is told with its reasons."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Q, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone

from allmende.atlas import queries as atlas
from allmende.atlas.models import Entry
from allmende.atlas.rules import Filters, Near
from allmende.directory.audience import Audience
from allmende.directory.models import Organisation, Term
from allmende.exchange import access as exchange
from allmende.exchange.models import Listing
from allmende.exchange.rules import opposite
from allmende.matching import access, index, rules
from allmende.matching.models import Misfit, Portrait, Recommendation
from allmende.matching.portraits import likeness, portrait
from allmende.matching.reasons import Reason, Shared, common_words, reasons, telling_words
from allmende.matching.rules import Score, Side
from allmende.people.queries import Viewer

ROUGHLY = 12.0  # points by which the score of the index may be below the exact one
LOOKED_AT_TO_TELL = 15
MOST_ELSEWHERE = 3


@dataclass
class Match:
    """Another listing that may fit `mine`, with its score and why."""

    mine: Listing
    listing: Listing
    score: Score
    shared: Shared = field(default_factory=Shared)

    @cached_property
    def reasons(self) -> list[Reason]:
        """The five parts in words."""
        return reasons(self.mine, self.listing, self.score, self.shared)

    @property
    def points(self) -> int:
        """The score as it is shown."""
        return round(self.score.total)


@dataclass(frozen=True)
class Found:
    """What fits a listing: `good` by score, `maybe` what says the same under another category and so has fewer points."""

    good: list[Match]
    maybe: list[Match]


def matches(mine: Listing, viewer: Viewer, *, count: int = rules.SHOWN, today: date | None = None) -> Found:
    """The best offers for a need, the best needs for an offer, as far as this viewer may see them and both sides may see each other."""
    own = Portrait.objects.filter(pk=mine.pk).first()
    if own is None:
        return Found([], [])
    today = today or timezone.localdate()
    found = _scored(mine, own, _candidates(mine, own, today), viewer, today)
    good = [match for match in found if match.score.total >= rules.SHOWN_FROM][:count]
    shown = {match.listing.pk for match in good}
    elsewhere = [one for one in found if not one.score.category and one.score.likeness >= rules.CLEAR_WORDS and one.listing.pk not in shown]
    maybe = sorted(elsewhere, key=lambda one: -one.score.likeness)[:MOST_ELSEWHERE]
    _name_shared(good + maybe)
    return Found(good, maybe)


def good_matches(mine: Listing, *, today: date) -> list[Match]:
    """What both sides are told of: see `rules.Score.is_good`. Asked by nobody in particular, so both sides' own eyes decide."""
    own = Portrait.objects.filter(pk=mine.pk, is_open=True).first()
    if own is None:
        return []
    pks = _candidates(mine, own, today, least=rules.GOOD_ELSEWHERE - ROUGHLY)[:LOOKED_AT_TO_TELL]
    return [match for match in _scored(mine, own, pks, None, today) if match.score.is_good][: rules.SHOWN]


def _candidates(mine: Listing, own: Portrait, today: date, least: float = 0.0) -> list[int]:
    return index.current().candidates(side(own), weights(own), opposite(mine.direction), today.toordinal(), least)


def _scored(mine: Listing, own: Portrait, pks: Sequence[int], viewer: Viewer | None, today: date) -> list[Match]:
    """The candidates with their exact score, the best first, then the newer one."""
    others = _others(mine, own, pks, viewer, today)
    recommended = _recommended(mine, [other.pk for other in others])
    me, my_words = side(own), weights(own)
    found = []
    for other in others:
        alike = likeness(my_words, weights(other.portrait))
        score = rules.score(me, side(other.portrait), alike, other.pk in recommended)
        if score.is_candidate:
            found.append(Match(mine, other, score, Shared(recommended_by=recommended.get(other.pk, ()))))
    return sorted(found, key=_order)


def _order(match: Match) -> tuple[float, float, int]:
    opened = match.listing.opened_at
    return -round(match.score.total, 6), -(opened.timestamp() if opened else 0.0), -match.listing.pk


def _others(mine: Listing, own: Portrait, pks: Sequence[int], viewer: Viewer | None, today: date) -> list[Listing]:
    """The candidates as they are now, without those of the same organisation and those that were said not to fit."""
    seen = Listing.objects.all() if viewer is None else exchange.listings_visible_to(viewer)
    asked = seen.filter(pk__in=pks, state="open", until__gte=today, portrait__is_open=True).exclude(organisation=mine.organisation_id)
    asked = asked.exclude(pk__in=_misfits(mine)).select_related("organisation", "category", "portrait")
    mine.portrait, others = own, list(asked)
    prefetch_related_objects([other for other in others if other.audience == Audience.CHOSEN], "chosen")
    return [other for other in others if access.may_meet(mine, other)]


def _misfits(mine: Listing) -> set[int]:
    pairs = Misfit.objects.filter(Q(need=mine) | Q(offer=mine)).values_list("need", "offer")
    return {pk for pair in pairs for pk in pair} - {mine.pk}


def _recommended(mine: Listing, others: Collection[int]) -> dict[int, tuple[Organisation, ...]]:
    """Who recommends which of these, by their number."""
    pairs = Q(need=mine, offer__in=others) | Q(offer=mine, need__in=others)
    found: dict[int, tuple[Organisation, ...]] = {}
    for made in Recommendation.objects.filter(pairs, organisation__state="published").select_related("organisation"):
        other = made.offer_id if made.need_id == mine.pk else made.need_id
        found[other] = (*found.get(other, ()), made.organisation)
    return found


def _name_shared(found: Iterable[Match]) -> None:
    """Give the networks and goals that two have in common their names."""
    found = list(found)
    both = {match.listing.pk: _both(match) for match in found}
    networks = Organisation.objects.in_bulk({pk for here, _goals in both.values() for pk in here})
    goals = Term.objects.in_bulk({pk for _networks, here in both.values() for pk in here})
    for match in found:
        here, wanted = both[match.listing.pk]
        match.shared = Shared(
            goals=[goals[pk] for pk in sorted(wanted) if pk in goals],
            networks=[networks[pk] for pk in sorted(here) if pk in networks],
            recommended_by=match.shared.recommended_by,
        )


def _both(match: Match) -> tuple[frozenset[int], frozenset[int]]:
    one, other = side(match.mine.portrait), side(match.listing.portrait)
    return frozenset(one.networks & other.networks), frozenset(one.goals & other.goals)


def side(own: Portrait) -> Side:
    """What of a listing counts beside its text."""
    facts = own.facts
    return Side(
        category=facts["category"],
        tags=frozenset(facts["tags"]),
        is_remote=facts["is_remote"],
        lat=facts["lat"],
        lon=facts["lon"],
        radius=facts["radius"],
        goals=frozenset(facts["goals"]),
        networks=frozenset(facts["networks"]),
    )


def weights(own: Portrait) -> dict[str, float]:
    """What it is about: roots with weights."""
    _numbers, halves = index.unpack(bytes(own.words))
    return dict(zip(own.roots.split(" ") if own.roots else (), halves.tolist(), strict=True))


# ---------------------------------------------------------------------------------------------------------- organisations


@dataclass(frozen=True)
class Fitting:
    """An organisation whose entry speaks of what a need is about, and which words of it."""

    entry: Entry
    words: list[tuple[str, str]]


ASKED_WORDS = 4
LOOKED_AT = 40
LEAST = 0.08


def organisations(mine: Listing, *, count: int = rules.SHOWN) -> list[Fitting]:
    """Organisations of the public map that may help with a need, though they have put up no offer: by the words of their entries.

    The map is asked for each of the most telling words; what comes back is compared as listings are.
    """
    known = portrait(mine.title, mine.text, mine.tags)
    near = Near(mine.lat, mine.lon, float(mine.radius)) if mine.lat is not None and mine.lon is not None and not mine.is_remote else None
    said = " ".join((mine.title, *mine.tags, mine.text))
    found = []
    for entry in _entries(telling_words(said, ASKED_WORDS), near, mine.organisation_id):
        text = " ".join((entry.name, entry.summary))
        alike = likeness(known, portrait(entry.name, entry.summary, ()))
        shared = common_words(said, text)
        if alike >= LEAST and shared:
            found.append((alike, Fitting(entry, shared)))
    found.sort(key=lambda one: (-one[0], one[1].entry.pk))
    return [fitting for _alike, fitting in found[:count]]


def _entries(asked: Iterable[str], near: Near | None, but: int) -> list[Entry]:
    """What the map finds for each of these words."""
    ids: dict[int, None] = {}
    for word in asked:
        ids.update(dict.fromkeys(atlas.listed(Filters(q=word, near=near), per_page=LOOKED_AT // ASKED_WORDS).ids))
    return atlas.entries([pk for pk in ids if pk != but])


# -------------------------------------------------------------------------------------------------------------- overviews


@dataclass(frozen=True)
class Overview:
    """One of one's own listings and what fits it."""

    item: Listing
    found: Found


MOST_OWN = 30


def overview(viewer: Viewer) -> list[Overview]:
    """One's own open listings, the newest first, each with its three best matches."""
    mine = exchange.listings_of(viewer).filter(state="open").select_related("organisation", "category").prefetch_related("chosen")
    return [Overview(item, matches(item, viewer, count=3)) for item in mine.order_by("-opened_at", "-pk")[:MOST_OWN]]


def overview_path() -> str:
    """Where one's own matches stand together."""
    return reverse("matching:overview")


def other_sides(item: Listing, rows: Iterable[Misfit]) -> list[tuple[Misfit, Listing]]:
    """Each with the listing that is not `item`."""
    return [(row, row.offer if row.need_id == item.pk else row.need) for row in rows]


def own_recommendations(viewer: Viewer, one: Listing, other: Listing) -> list[Recommendation]:
    """What the organisations of this viewer have recommended of these two."""
    pair = Q(need=one, offer=other) | Q(need=other, offer=one)
    return list(access.recommendations_of(viewer).filter(pair).select_related("organisation"))
