"""Ways of deciding: pure functions on whole numbers and fractions. No database, no web: anybody can count again.

>>> from allmende.ballots.counting.profiles import Choices
>>> count("majority", Choices.of(["yes"] * 75 + ["no"] * 25 + ["abstain"] * 40), threshold="3/4")["outcome"]
'accepted'
"""

import json
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from . import committee, words
from .apart import binding
from .approval import approval
from .consent import consent
from .documents import Document
from .dots import dots
from .irv import irv
from .majority import majority
from .places import read_fraction
from .profiles import CountError, Profile, require
from .published import read_published
from .schulze import schulze
from .score import score
from .stv import stv
from .votes import Pool, budget_by, committee_by

__all__ = ["METHODS", "CountError", "count", "count_document", "recount"]

COMMITTEES = tuple(committee.RULES)
BUDGETS = ("mes", "greedy")

METHODS: dict[str, Callable[..., Any]] = {
    "majority": majority,
    "consent": consent,
    "approval": approval,
    "score": score,
    "dots": dots,
    "irv": irv,
    "stv": stv,
    "schulze": schulze,
    "committee": committee_by("seqpav"),
    "budget": budget_by("mes"),
    **{name: committee_by(name) for name in COMMITTEES},
    **{name: budget_by(name) for name in BUDGETS},
}
OWN_QUORUM = {"majority", "consent"}
REMARKS = {"matter", "tenth"}
"""What a stored rule may say that is nothing to count, or was heeded when the file was read."""


def count(method: str, profile: Profile | Pool, **options: Any) -> dict[str, Any]:
    """Count these ballots by this method and give back everything: outcome, stages, exact numbers, ties, the rule in words.

    Options are those of the method; None means not given. For every method: `ties` ("open", "lot", ...) with `lot` (numbers of options in
    the order drawn) or `seed` (words published before, from which the order is computed), and `quorum` with `eligible` (how many of all
    have to take part, "1/4" or a number). Raises CountError with a sentence.
    """
    require(method in METHODS, f"“{method}” is not a method; there are {', '.join(METHODS)}.")
    given = {key: value for key, value in options.items() if value is not None and key not in REMARKS}
    drawn = {key: given.pop(key) for key in ("lot", "seed") if key in given}
    if drawn:
        ties = given.get("ties")
        given["ties"] = {**(ties if isinstance(ties, Mapping) else {"rule": ties}), **drawn}
    quorum = None if method in OWN_QUORUM else _quorum(given, profile)
    try:
        result: dict[str, Any] = METHODS[method](profile, **given).as_json()
    except TypeError as error:
        require("unexpected keyword argument" not in str(error), f"{method} knows no option {str(error).rsplit(' ', 1)[-1]}.")
        raise
    result["method"] = method
    if isinstance(result.get("rule"), list):
        result["rule_in_words"] = words.sentences(result["rule"])
    if quorum is not None:
        result["quorums"] = [quorum]
        result["outcome"] = result["outcome"] if quorum["reached"] else "no_quorum"
    return result


def _quorum(given: dict[str, Any], profile: Profile | Pool) -> dict[str, Any] | None:
    """How many had to take part and did; takes its options away from those of the method."""
    quorum, eligible = given.pop("quorum", None), given.pop("eligible", None)
    given.pop("present", None)
    if quorum is None or not read_fraction(quorum, "The quorum"):
        return None
    all_of_them = sum(eligible.values()) if isinstance(eligible, Mapping) else eligible
    heads = type(quorum) is int
    require(heads or type(all_of_them) is int, "For a quorum the number of all entitled is needed (eligible).")
    needed = Fraction(quorum) if heads else read_fraction(quorum) * all_of_them
    reached = profile.voters >= needed
    of = None if heads else str(all_of_them)
    return {"kind": "people" if heads else "all", "counted": str(profile.voters), "needed": str(needed), "of": of, "reached": reached}


def count_document(document: Document, method: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Count a file that was read. Where it holds ballots of investing members, with and without them (apart.py). Raises CountError."""
    result = count(method, document.profile, **options)
    if document.apart:
        own = {key: value for key, value in options.items() if key != "quorum"}
        result = binding(result, None if document.others is None else count(method, document.others, **own))
    return result if document.cap is None else result | {"cap": document.cap}


def recount(published: Mapping[str, Any]) -> dict[str, Any]:
    """Count the platform's own published ballots again (their form: published.py). `same_as_published` says whether the house counted
    the same; None when the file holds no result. Raises CountError with a sentence."""
    document = read_published(published)
    options = dict(document.rule)
    result = count_document(document, options.pop("method"), options)
    same = None if document.published is None else agrees(result, document.published)
    return {**result, "same_as_published": same}


def agrees(result: Mapping[str, Any], published: Mapping[str, Any]) -> bool:
    """Whether a published result says nothing else than this one. It may leave things out, but not the outcome."""
    ours = json.loads(json.dumps(result))  # as it looks in a file
    shared = set(ours) & set(published)
    return "outcome" in shared and all(ours[key] == published[key] for key in shared)
