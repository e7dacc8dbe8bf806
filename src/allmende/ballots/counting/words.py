"""The rules in words. Results name a rule by keys with their facts, so every house can say them in its own language; here is English."""

from collections.abc import Iterable, Mapping
from typing import Any

RULES = {
    "consent": "Round {round}: the proposal passes when nobody objects with a reason.",
    "majority.more_than": "Accepted with more than {threshold} of the base.",
    "majority.at_least": "Accepted with at least {threshold} of the base.",
    "majority.base.cast": "Base: the votes cast.",
    "majority.base.present": "Base: all votes present.",
    "majority.base.all": "Base: all votes of those entitled.",
    "majority.abstentions.out": "Abstentions are not cast.",
    "majority.abstentions.in": "Abstentions count as cast.",
    "majority.quorum.people": "At least {quorum} people have to take part.",
    "majority.quorum.all": "At least {quorum} of all entitled have to take part.",
    "majority.quorum.present": "At least {quorum} of those present have to take part.",
    "majority.quorum.approval": "At least {quorum} of all entitled have to say yes.",
    "class.majority": "{class}: a majority of its own is needed, {threshold}.",
    "class.cap": "{class}: counts as at most {cap} of all counted votes.",
    "class.share": "{class}: counts as {share} of the whole.",
    "class.guard": "{class}: may neither outvote the others nor block their majority; where it differs, the others decide.",
    "approval": "Everybody approves any number of options; most approvals win. Seats: {seats}.",
    "approval.more_than": "An option needs more than {threshold} of all ballots.",
    "approval.at_least": "An option needs at least {threshold} of all ballots.",
    "score.sum": "Grades from {low} to {high}; the highest sum wins. Seats: {seats}.",
    "score.average": "Grades from {low} to {high}; the highest average wins, given by at least {least}. Seats: {seats}.",
    "dots": "Everybody has {dots} dots; most dots win. Seats: {seats}.",
    "dots.most": "At most {most} dots for one option.",
    "irv": "Instant run-off: the weakest goes out until one has more than half of the ballots that still count.",
    "stv.scottish": "Single transferable vote, Scottish rule, five decimals. Seats: {seats}.",
    "stv.wigm-prf": "Single transferable vote, WIGM reference rule, four decimals. Seats: {seats}.",
    "schulze": "Schulze: comparisons of two, circles decided by the strongest chains, winning votes. Seats: {seats}.",
    "ties.open": "Equal numbers stay open.",
    "ties.lot": "Equal numbers: the recorded lot decides.",
    "ties.backward": "Equal numbers: the most recent stage at which they differed decides, otherwise they stay open.",
    "ties.backward-lot": "Equal numbers: the most recent stage at which they differed decides, then the recorded lot.",
}


def sentences(rule: Iterable[Mapping[str, Any]]) -> list[str]:
    """The rule of a result, in English."""
    return [RULES[word["key"]].format(**{"class": "", **word}) for word in rule]
