"""Needs and offers paired by reading: how much of it is found (recall at five), and whether the reasons named are in the texts.

`./allmende bench matching` prints it. Only the half for development may be tuned on; the kept half is for measuring.
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from allmende.directory import taxonomy
from allmende.ground.text import fold, root, words
from allmende.matching import portraits, rules
from allmende.matching.reasons import common_words
from allmende.matching.rules import Side
from allmende.matching.words import DATA

Half = Literal["development", "kept"]


@dataclass(frozen=True)
class Quality:
    """How many labelled pairs were among the first five and ten, of how many; how often a trap stood before every fitting offer."""

    needs: int
    offers: int
    pairs: int
    at_five: int
    at_ten: int
    traps: int
    trapped: int
    named: int
    untrue: int

    @property
    def recall(self) -> float:
        """Recall at five over all pairs."""
        return self.at_five / self.pairs


def quality(half: Half) -> Quality:
    """Score every need with every offer of this half as the pages do, network and goals aside, which the set does not know."""
    said = json.loads((DATA / f"labelled_{half}.json").read_text(encoding="utf-8"))
    listings = {one["id"]: one for one in said["listings"]}
    known = {pk: _portrait(one) for pk, one in listings.items()}
    sides = {pk: _side(one) for pk, one in listings.items()}
    pairs: dict[str, set[str]] = defaultdict(set)
    for pair in said["pairs"]:
        pairs[pair["need"]].add(pair["offer"])
    offers = [pk for pk, one in listings.items() if one["direction"] == "offer"]
    ranked = {need: _ranked(need, offers, known, sides) for need in pairs}
    traps = [(trap["need"], trap["offer"]) for trap in said["traps"] if trap["need"] in pairs]
    named = [_named(listings[need], listings[offer]) for need, found in ranked.items() for offer in found[: rules.SHOWN]]
    return Quality(
        needs=len(pairs),
        offers=len(offers),
        pairs=sum(map(len, pairs.values())),
        at_five=sum(len(pairs[need] & set(found[:5])) for need, found in ranked.items()),
        at_ten=sum(len(pairs[need] & set(found[:10])) for need, found in ranked.items()),
        traps=len(traps),
        trapped=sum(all(ranked[need].index(offer) < ranked[need].index(fit) for fit in pairs[need]) for need, offer in traps),
        named=sum(count for count, _wrong in named),
        untrue=sum(wrong for _count, wrong in named),
    )


def _ranked(need: str, offers: list[str], known: dict[str, portraits.Portrait], sides: dict[str, Side]) -> list[str]:
    scored = []
    for offer in offers:
        score = rules.score(sides[need], sides[offer], portraits.likeness(known[need], known[offer]))
        scored.append((-score.total, offer))
    return [offer for _points, offer in sorted(scored)]


def _portrait(one: dict[str, Any]) -> portraits.Portrait:
    term = _categories()[one["category"]]
    return portraits.portrait(one["title"], one["text"], one["tags"], (term["name_de"], term["name_en"], *term["synonyms"]))


def _side(one: dict[str, Any]) -> Side:
    return Side(
        category=list(_categories()).index(one["category"]),
        tags=frozenset(root(word) for tag in one["tags"] for word in words(tag)),
        is_remote=one["is_remote"],
        lat=one.get("lat"),
        lon=one.get("lon"),
        radius=one.get("radius") or 50,
    )


@cache
def _categories() -> dict[str, dict[str, Any]]:
    rows = json.loads(taxonomy.FILE.read_text(encoding="utf-8"))
    return {row["key"]: row for row in rows if row["tree"] == "exchange"}


def _named(need: dict[str, Any], offer: dict[str, Any]) -> tuple[int, int]:
    """How many pairs of words are named as reasons, and how many of them do not stand in both texts."""
    mine, theirs = (" ".join((one["title"], *one["tags"], one["text"])) for one in (need, offer))
    named = common_words(mine, theirs)
    return len(named), sum(fold(one) not in fold(mine) or fold(other) not in fold(theirs) for one, other in named)
