"""Consent: a proposal passes a round when nobody has a serious objection.

Each person consents, names a concern (heard and written down, it does not stop the proposal), objects (with a reason: why the proposal
would harm what was agreed), or stands aside. An objection stops the round; it is not outvoted but worked into the next proposal. Where a
reason is asked for, an objection without one is counted as a concern and shown as such.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .places import exact, read_fraction
from .profiles import CONSENT_ANSWERS, Positions, require


@dataclass(frozen=True, slots=True)
class ConsentResult:
    """How the round ended, with every objection and concern in words."""

    outcome: str
    voters: int
    answers: dict[str, int]
    objections: tuple[str, ...]
    concerns: tuple[str, ...]
    without_reason: int
    quorum: Fraction | int | None
    eligible: int | None
    needed: Fraction
    round: int

    def as_json(self) -> dict[str, Any]:
        """Everything, to be published."""
        words: list[dict[str, Any]] = [{"key": "consent", "round": self.round}]
        if self.quorum is not None:
            kind = "people" if isinstance(self.quorum, int) else "all"
            words.append({"key": f"majority.quorum.{kind}", "quorum": exact(self.quorum)})
        return {
            "method": "consent",
            "outcome": self.outcome,
            "round": self.round,
            "rule": words,
            "voters": self.voters,
            "eligible": self.eligible,
            "answers": dict(self.answers),
            "objections": list(self.objections),
            "concerns": list(self.concerns),
            "objections_without_reason": self.without_reason,
            "quorum": {"counted": str(self.voters), "needed": exact(self.needed), "reached": self.voters >= self.needed},
        }


def _reasons(profile: Positions, answers: Iterable[str]) -> tuple[str, ...]:
    """Reasons in the order of the alphabet, so that nothing says who wrote when."""
    return tuple(sorted(reason for answer, reason, times in profile.ballots for _ in range(times) if answer in answers and reason))


def consent(
    profile: Positions, quorum: Any = None, eligible: int | None = None, reasons: bool = True, round: int = 1, ties: Any = None
) -> ConsentResult:
    """The outcome of a round: accepted, objections, or no_quorum.

    An objection stops the proposal even when too few took part, so it is looked at first. `reasons` says whether an objection needs its
    reason. `ties` is there because every method may be called with it; a round of consent knows none. Raises CountError.
    """
    require(isinstance(profile, Positions), "A round of consent is counted from positions: " + ", ".join(CONSENT_ANSWERS) + ".")
    share = quorum if quorum is None or type(quorum) is int else read_fraction(quorum, "The quorum")
    require(share is None or type(share) is int or eligible is not None, "For a quorum the number of all people is needed (eligible).")
    needed = Fraction(0) if share is None else Fraction(share) if isinstance(share, int) else share * (eligible or 0)
    answers: Counter[str] = Counter()
    unfounded = 0
    for answer, reason, times in profile.ballots:
        answers[answer] += times
        unfounded += times if reasons and answer == "objection" and not reason.strip() else 0
    voters = answers.total()
    require(eligible is None or voters <= eligible, "More people answered than there are.")
    outcome = "accepted"
    if answers["objection"] > unfounded:
        outcome = "objections"
    elif voters < needed or not voters:
        outcome = "no_quorum"
    return ConsentResult(
        outcome,
        voters,
        {answer: answers[answer] for answer in CONSENT_ANSWERS},
        _reasons(profile, {"objection"}),
        _reasons(profile, {"concern"}),
        unfounded,
        share,
        eligible,
        needed,
        round,
    )
