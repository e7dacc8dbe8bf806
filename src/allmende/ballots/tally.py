"""From the papers in the box to the result: the profile for the way of counting, the lot where the rule asks for one, the outcome."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Any

from django.db.models import Sum

from allmende.ballots import boxes, rules
from allmende.ballots.boxes import Slip
from allmende.ballots.counting import approval, budget, committee, consent, dots, irv, majority, schulze, score, stv
from allmende.ballots.counting.profiles import Approvals, Choices, Grades, Positions, Rankings
from allmende.ballots.counting.ties import lot_order
from allmende.ballots.models import Ballot, Box, Outcome, Visibility

INVESTING = "_investing"
"""The class of investing members: guarded, so that they neither outvote the others nor block (§ 8 II GenG)."""


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
    rows = [_row(slip) for slip in slips]
    if ballot.box != Box.OPEN and _tells_too_much(slips):
        rows = [{key: row[key] for key in ("choice", "mark")} for row in rows]
    return sorted(rows, key=lambda row: json.dumps([row.get("mark", ""), row], sort_keys=True))


def _row(slip: Slip) -> dict[str, Any]:
    row: dict[str, Any] = {"choice": slip.choice}
    if slip.votes != 1:
        row["votes"] = slip.votes
    if slip.category:
        row["group"] = slip.category
    if slip.is_investing:
        row["investing"] = True
    return row | ({"mark": slip.mark} if slip.mark else {})


def _tells_too_much(slips: Sequence[Slip]) -> bool:
    marks = [(slip.votes, slip.category, slip.is_investing) for slip in slips]
    return bool(rules.marks_too_few(list(set(marks)), {one: marks.count(one) for one in set(marks)}))


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
    found = _counted(ballot, slips, [one.label for one in options], [one.cost_cents or 0 for one in options], seed)
    needed = (rules.share(ballot.rule["quorum"]) or Fraction(0)) * ballot.voters_count
    turnout = {"papers": len(slips), "voters": ballot.voters_count, "needed": str(needed), "reached": len(slips) >= needed}
    outcome = str(found["outcome"])
    if not slips or (ballot.rule["method"] != rules.MAJORITY and len(slips) < needed and outcome != Outcome.OBJECTIONS):
        outcome = Outcome.NO_QUORUM
    result = {"counted": found, "turnout": turnout}
    if ballot.rule.get("ties") == "lot":
        result["lot"] = {"seed": seed, "order": list(lot_order(seed, len(options)))}
    return Counted(result, outcome, papers_hash)


def interim(ballot: Ballot) -> dict[str, Any]:
    """The count as it would be now, for rules that show it."""
    return count(ballot).result


def _counted(ballot: Ballot, slips: Sequence[Slip], labels: list[str], costs: list[int], seed: str) -> dict[str, Any]:
    method, rule = ballot.rule["method"], ballot.rule
    if method == rules.CONSENT:
        return _consent(ballot, slips)
    if method == rules.MAJORITY:
        return _majority(ballot, slips)
    if method in rules.NAMING:
        return _named(rule, slips, labels, costs, seed)
    ties: dict[str, Any] = {"rule": "open"} if rule["ties"] == "open" else {"rule": "lot", "seed": seed}
    if method in rules.GRADING:
        rows = [tuple(slip.choice["grades"]) for slip in slips for _vote in range(slip.votes)]
        grades = Grades.of(labels, rows)
        if method == rules.SCORE:
            return score.score(grades, rule["seats"], rule["scale"], ties=ties).as_json()
        return dots.dots(grades, rule["dots"], rule["seats"], rule["most"], ties).as_json()
    if rule["ties"] == "lot":
        ties["rule"] = "backward-lot" if method != rules.SCHULZE else "lot"
    ranked = Rankings.of(labels, [slip.choice["ranking"] for slip in slips for _vote in range(slip.votes)])
    if method == rules.IRV:
        return irv.irv(ranked, ties).as_json()
    return (stv.stv(ranked, rule["seats"], ties=ties) if method == rules.STV else schulze.schulze(ranked, 1, ties)).as_json()


def _consent(ballot: Ballot, slips: Sequence[Slip]) -> dict[str, Any]:
    positions = Positions.of((slip.choice["answer"], slip.choice.get("reason", "")) for slip in slips)
    quorum = ballot.rule["quorum"] if rules.share(ballot.rule["quorum"]) else None
    return consent.consent(positions, quorum, ballot.voters_count, round=ballot.round).as_json()


def _group(category: str, is_investing: bool, has_classes: bool) -> str:
    return INVESTING if is_investing else category if has_classes else ""


def _majority(ballot: Ballot, slips: Sequence[Slip]) -> dict[str, Any]:
    rule = ballot.rule
    eligible: dict[str, int] = {}
    rows = ballot.electorate.voters.order_by().values_list("category", "is_investing").annotate(n=Sum("votes"))
    for category, is_investing, votes in rows:
        group = _group(category, is_investing, rule["classes"])
        eligible[group] = eligible.get(group, 0) + votes
    answers = [(s.choice["answer"], s.votes, _group(s.category, s.is_investing, rule["classes"])) for s in slips]
    needs = [{"name": name, "majority": rule["threshold"]} for name in sorted(eligible) if rule["classes"] and name not in {"", INVESTING}]
    if INVESTING in eligible and len(eligible) > 1:
        needs.append({"name": INVESTING, "guard": True})
    is_shown_to_all = ballot.box == Box.OPEN and ballot.visibility == Visibility.MEMBERS
    found = majority.majority(
        Choices.of(answers),
        eligible,
        threshold=rule["threshold"],
        base=rule["base"],
        quorum=rule["quorum"] if rules.share(rule["quorum"]) else None,
        classes=needs,
        small=0 if is_shown_to_all else rules.LEAST_TOGETHER,
    )
    return found.as_json()


def _named(rule: dict[str, Any], slips: Sequence[Slip], labels: list[str], costs: list[int], seed: str) -> dict[str, Any]:
    named = [slip.choice["approved"] for slip in slips for _vote in range(slip.votes)]
    lot = lot_order(seed, len(labels)) if rule["ties"] == "lot" else None
    if rule["method"] == rules.APPROVAL:
        ties = {"rule": "lot", "seed": seed} if lot else {"rule": "open"}
        return approval.approval(Approvals.of(labels, named), rule["seats"], rule.get("threshold"), ties=ties).as_json()
    if rule["method"] == rules.COMMITTEE:
        profile = Approvals.of(labels, named)
        return committee.count(WAYS[rule["way"]], labels, profile.ballots, rule["seats"], lot=lot).as_json()
    return _budget(rule, Approvals.of(labels, named, costs), lot)


WAYS = {"pav": "seqpav", "mes": "equal-shares"}


def _budget(rule: dict[str, Any], profile: Approvals, lot: Sequence[int] | None) -> dict[str, Any]:
    projects = [budget.Project(str(at), cost, label) for at, (cost, label) in enumerate(zip(profile.costs, profile.options, strict=True))]
    ballots = [(dict.fromkeys(approved, 1), times) for approved, times in profile.ballots]
    return budget.equal_shares(projects, ballots, rule["budget"], lot=lot).as_json()
