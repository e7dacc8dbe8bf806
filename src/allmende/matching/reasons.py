"""Why an offer fits a need, in plain words that can be checked: five parts, each with its points and what it rests on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from allmende.directory.models import Organisation, Term
from allmende.exchange.models import Listing
from allmende.ground.text import fold, root
from allmende.matching import rules
from allmende.matching.portraits import MOST_WORDS, roots
from allmende.matching.rules import Score
from allmende.matching.words import lexicon, related

_WORD = re.compile(r"[^\W_]+")
YES, PARTLY, NO, OPEN = "ja", "teil", "nein", "offen"  # classes of the design
WORDS = 3
TELLING = 0.08  # weaker ties of two words are not worth a sentence


@dataclass(frozen=True)
class Reason:
    """One part of the score: its sentence, how far it is met, and its points of how many."""

    met: str
    sentence: str
    points: float
    of: float


def reasons(mine: Listing, other: Listing, score: Score, shared: "Shared") -> list[Reason]:
    """The five parts in the order of the rule."""
    return [
        _category(mine, other, score),
        _words(mine, other, score),
        _nearness(mine, other, score),
        _goals(score, shared.goals),
        _network(score, shared),
    ]


@dataclass(frozen=True)
class Shared:
    """What two listings have in common beside their words, with its names."""

    goals: Sequence[Term] = ()
    networks: Sequence[Organisation] = ()
    recommended_by: Sequence[Organisation] = ()


def _category(mine: Listing, other: Listing, score: Score) -> Reason:
    if score.category:
        return Reason(YES, _("Category: both “%(name)s”") % {"name": mine.category.name}, score.category, rules.CATEGORY)
    names = {"one": mine.category.name, "other": other.category.name}
    return Reason(NO, _("Category: “%(one)s” and “%(other)s”") % names, 0.0, rules.CATEGORY)


def _words(mine: Listing, other: Listing, score: Score) -> Reason:
    found = common_words(_said(mine), _said(other))
    if not found:
        return Reason(NO if not score.text else PARTLY, _("Words: none in common that say much"), score.text, rules.TEXT)
    named = ", ".join(quoted(one) if one == two else f"{quoted(one)} ≈ {quoted(two)}" for one, two in found)
    met = YES if score.text >= rules.TEXT / 2 else PARTLY
    return Reason(met, _("Words: %(words)s") % {"words": named}, score.text, rules.TEXT)


def quoted(word: str) -> str:
    """A word of a text in the quotation marks of the reader's language."""
    return _("“%(word)s”") % {"word": word}


def _nearness(mine: Listing, other: Listing, score: Score) -> Reason:
    if mine.is_remote or other.is_remote:
        return Reason(YES, _("Place: works from a distance"), score.nearness, rules.NEARNESS)
    if score.km is None:
        return Reason(OPEN, _("Place: not known on both sides"), score.nearness, rules.NEARNESS)
    values = {"km": number_format(round(score.km), use_l10n=True), "radius": number_format(max(mine.radius, other.radius), use_l10n=True)}
    if mine.town and mine.town == other.town:
        return Reason(YES, _("Place: both in %(town)s") % {"town": mine.town}, score.nearness, rules.NEARNESS)
    if not score.nearness:
        return Reason(NO, _("Place: %(km)s km apart, more than %(radius)s km") % values, 0.0, rules.NEARNESS)
    met = YES if score.nearness >= rules.NEARNESS / 2 else PARTLY
    return Reason(met, _("Place: %(km)s km apart, at most %(radius)s km") % values, score.nearness, rules.NEARNESS)


def _goals(score: Score, shared: Sequence[Term]) -> Reason:
    if not shared:
        return Reason(OPEN, _("Goals: none named by both"), 0.0, rules.GOALS)
    named = ", ".join(f"{term.key} {term.name}" for term in shared[:WORDS])
    met = YES if score.goals >= rules.GOALS / 2 else PARTLY
    return Reason(met, _("Goals: %(names)s") % {"names": named}, score.goals, rules.GOALS)


def _network(score: Score, shared: Shared) -> Reason:
    if shared.recommended_by:
        named = ", ".join(organisation.name for organisation in shared.recommended_by[:WORDS])
        return Reason(YES, _("Recommended by %(names)s") % {"names": named}, score.network, rules.NETWORK)
    if shared.networks:
        named = ", ".join(organisation.name for organisation in shared.networks[:WORDS])
        return Reason(YES, _("Network: both in %(names)s") % {"names": named}, score.network, rules.NETWORK)
    return Reason(NO, _("Network: none in common"), 0.0, rules.NETWORK)


def _said(listing: Listing) -> str:
    return " ".join((listing.title, *listing.tags, listing.text))


def common_words(one: str, other: str, limit: int = WORDS) -> list[tuple[str, str]]:
    """Words of both texts that are the same or mean nearly the same, as they stand there, the most telling first."""
    mine, yours = _by_root(one), _by_root(other)
    found: dict[tuple[str, str], float] = {}
    for stem, (word, weight) in mine.items():
        if stem in yours:
            found[word, yours[stem][0]] = weight * yours[stem][1]
        for near, nearness in related(stem):
            if near in yours and near not in mine:
                found.setdefault((word, yours[near][0]), weight * yours[near][1] * nearness * nearness)
    taken: set[str] = set()
    chosen = []
    for (word, theirs), strength in sorted(found.items(), key=lambda item: (-item[1], item[0])):
        if strength >= TELLING and not {word, theirs} & taken:
            chosen.append((word, word if fold(word) == fold(theirs) else theirs))
            taken |= {word, theirs}
    return chosen[:limit]


def _by_root(text: str) -> dict[str, tuple[str, float]]:
    """Root to the word that brought it and how telling it is; whole words before parts of compounds."""
    found: dict[str, tuple[str, float]] = {}
    for written in _WORD.findall(text)[:MOST_WORDS]:
        folded = fold(written)
        for stem, share in roots(folded):
            weight = share * lexicon().rarity(stem) ** 2
            if stem == root(folded) or stem not in found:
                found[stem] = (written, weight)
    return found


def telling_words(text: str, limit: int) -> list[str]:
    """The words of a text that say most about its matter, as they stand there."""
    strongest: dict[str, float] = {}
    for word, weight in _by_root(text).values():
        strongest[word] = max(weight, strongest.get(word, 0.0))
    return sorted(strongest, key=lambda word: (-strongest[word], word))[:limit]
