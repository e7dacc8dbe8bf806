"""From the papers in the box to the result: the profile for the way of counting, the lot where the rule asks for one, the outcome."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Any

from django.db.models import Count

from allmende.ballots import boxes, rules
from allmende.ballots.boxes import Slip
from allmende.ballots.counting import recount
from allmende.ballots.counting.classes import INVESTING
from allmende.ballots.counting.published import FORMAT
from allmende.ballots.counting.tenth import most_of
from allmende.ballots.counting.ties import lot_order
from allmende.ballots.models import Ballot, Box, Outcome, Visibility


@dataclass(frozen=True)
class Counted:
    """What is kept of a count: everything with its working, the outcome, the hash over the papers."""

    result: dict[str, Any]
    outcome: str
    papers_hash: str


def published(ballot: Ballot, slips: Sequence[Slip]) -> list[dict[str, Any]]:
    """The papers as everybody may count them again, sorted by their own text: never by time, never by name.

    Votes and group stand on secret papers only where at least five papers share them; otherwise on none.
    """
    hidden = hides(ballot, slips)
    rows = [{"choice": one.choice} | ({"code": one.mark} if one.mark else {}) | ({} if hidden else _marks(one)) for one in slips]
    return sorted(rows, key=lambda row: json.dumps([row.get("code", ""), row], sort_keys=True))


def _marks(slip: Slip) -> dict[str, Any]:
    said = {"votes": slip.votes if slip.votes != 1 else None, "class": slip.category, "investing": slip.is_investing}
    return {key: value for key, value in said.items() if value}


def hides(ballot: Ballot, slips: Sequence[Slip]) -> bool:
    """Whether votes and groups are left away from published papers, so that the count with them cannot be made again from the file: in a
    secret box, and where everybody may read them, for the only farm among the members is named by its group."""
    if (ballot.result or {}).get("hidden"):
        return True  # and they are gone from the papers of a secret box
    is_for_others = ballot.box != Box.OPEN or ballot.visibility == Visibility.PUBLIC
    return is_for_others and tells_too_much(slips)


def tells_too_much(slips: Sequence[Slip]) -> bool:
    """Whether fewer than five papers share votes and group."""
    marks = Counter((slip.votes, slip.category, slip.is_investing) for slip in slips)
    return bool(rules.marks_too_few(list(marks), marks))


def hash_of(papers: Sequence[dict[str, Any]]) -> str:
    """SHA-256 over the published papers: JSON without spaces, keys sorted."""
    return sha256(json.dumps(list(papers), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def seed_of(ballot: Ballot, papers_hash: str) -> str:
    """What a lot is drawn by: fixed by the rule before and by all papers after, so nobody could know it when they voted."""
    return sha256(f"{ballot.rule_hash}:{papers_hash}".encode()).hexdigest()


def count(ballot: Ballot) -> Counted:
    """Count all papers of this ballot by its rule."""
    slips = boxes.of(ballot).slips(ballot)
    papers_hash = hash_of(published(ballot, slips))
    options = list(ballot.options.all())
    seed = seed_of(ballot, papers_hash)
    found = _counted(ballot, slips, seed)
    needed = (rules.share(ballot.rule["quorum"]) or Fraction(0)) * ballot.voters_count
    turnout = {"papers": len(slips), "voters": ballot.voters_count, "needed": str(needed), "reached": len(slips) >= needed}
    outcome = str(found["outcome"]) if slips else Outcome.NO_QUORUM
    result: dict[str, Any] = {"counted": found, "turnout": turnout}
    if hides(ballot, slips):
        result["hidden"] = True
    if ballot.rule.get("ties") == "lot":
        result["lot"] = {"seed": seed, "order": list(lot_order(seed, len(options)))}
    return Counted(result, outcome, papers_hash)


def interim(ballot: Ballot) -> dict[str, Any]:
    """The count as it would be now, for rules that show it."""
    return count(ballot).result


def _eligible(ballot: Ballot) -> dict[str, int]:
    """The votes of each class of the roll; one class without name where the rule knows none."""
    found: dict[str, int] = {}
    rows = list(ballot.electorate.voters.order_by().values_list("category", "is_investing", "votes").annotate(n=Count("pk")))
    most = _most_of_all(rows) if ballot.rule.get("tenth") else None
    for category, is_investing, votes, n in rows:
        group = INVESTING if is_investing else category if ballot.rule.get("classes") else ""
        found[group] = found.get(group, 0) + n * min(votes, most or votes)
    return found


def _most_of_all(rows: Sequence[tuple[str, bool, int, int]]) -> int:
    """The tenth if everybody on the roll were there: what all votes together are."""
    votes: Counter[int] = Counter()
    for _category, _is_investing, each, n in rows:
        votes[each] += n
    return most_of(votes)


def rule_for_counting(ballot: Ballot, seed: str) -> dict[str, Any]:
    """The rule as `counting.count` takes it and as it stands in the published file; `seed` is what a lot is drawn by."""
    rule, method = dict(ballot.rule), ballot.rule["method"]
    if not rules.share(rule["quorum"]):
        del rule["quorum"]
    if method == rules.MAJORITY:
        return rule | _classes(ballot)
    if method == rules.CONSENT:
        return rule | {"eligible": ballot.voters_count, "round": ballot.round}
    rule["eligible"] = sum(_eligible(ballot).values())
    if method == rules.BUDGET:
        rule["raise_by"] = max(1, rule["budget"] // (STEPS * max(1, ballot.voters_count)))
    if rule["ties"] == "lot":
        rule["ties"] = "backward-lot" if method in {rules.IRV, rules.STV} else "lot"
        rule |= {"seed": seed}
    return rule


STEPS = 1_000
"""In so many steps at most the money of everybody is raised until the budget is used, so that a count ends in time."""


def _classes(ballot: Ballot) -> dict[str, Any]:
    eligible = _eligible(ballot)
    named = [name for name in sorted(eligible) if name not in {"", INVESTING}]
    needs: list[dict[str, Any]] = [{"name": name, "majority": ballot.rule["threshold"]} for name in named]
    if INVESTING in eligible and len(eligible) > 1:
        needs.append({"name": INVESTING, "guard": True})
    is_shown = ballot.box == Box.OPEN and ballot.visibility == Visibility.MEMBERS
    return {"eligible": eligible, "classes": needs, "small": 0 if is_shown else rules.LEAST_TOGETHER}


def _document(ballot: Ballot, papers: Sequence[dict[str, Any]], seed: str) -> dict[str, Any]:
    rule = rule_for_counting(ballot, seed)
    options = [{"name": one.label} | ({"cost_cents": one.cost_cents} if one.cost_cents else {}) for one in ballot.options.all()]
    eligible = rule.pop("eligible")
    return {"format": FORMAT, "rule": rule, "options": options, "eligible": eligible, "ballots": list(papers)}


def _counted(ballot: Ballot, slips: Sequence[Slip], seed: str) -> dict[str, Any]:
    """Counted as anybody counts the published file, here with the marks of all papers."""
    found = recount(_document(ballot, [{"choice": one.choice, **_marks(one)} for one in slips], seed))
    found.pop("same_as_published")
    found.pop("rule_in_words", None)
    return found


def file_of(ballot: Ballot) -> dict[str, Any]:
    """The published file of a counted ballot, as `./allmende count` reads it (counting/published.py). Costs are in cents.

    Where votes and groups had to be left away, it says so and compares itself with no result: nobody can come to it from these papers.
    """
    slips = boxes.of(ballot).slips(ballot)
    papers = published(ballot, slips)
    hashes = {"rule_hash": ballot.rule_hash, "voters_hash": ballot.electorate.voters_hash, "papers_hash": ballot.papers_hash}
    named = {"title": f"{ballot.number} {ballot.title}", "question": ballot.question, **hashes}
    counted = (ballot.result or {}).get("counted")
    made = _document(ballot, papers, seed_of(ballot, ballot.papers_hash)) | named
    if not hides(ballot, slips):
        return made | {"result": counted}
    made["rule"].pop("classes", None)
    made["rule"].pop("tenth", None)
    eligible = made["eligible"]
    return made | {"hidden": True, "eligible": sum(eligible.values()) if isinstance(eligible, dict) else eligible}
