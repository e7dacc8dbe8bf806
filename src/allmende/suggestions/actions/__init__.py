"""Every change of this room: pointing something out, deciding on it, reporting illegal content, and what happens by itself."""

from allmende.suggestions.actions.deciding import accept_proposal, decide_suggestion, decline_proposal
from allmende.suggestions.actions.following import follow_merge, follow_unmerge, forget_old, raise_waiting
from allmende.suggestions.actions.judging import appeal_decision, decide_appeal, decide_report
from allmende.suggestions.actions.pointing import (
    propose_organisation,
    report_illegal,
    report_problem,
    report_thing,
    report_twin,
    suggest_change,
    withdraw_suggestion,
)

__all__ = [
    "accept_proposal",
    "appeal_decision",
    "decide_appeal",
    "decide_report",
    "decide_suggestion",
    "decline_proposal",
    "follow_merge",
    "follow_unmerge",
    "forget_old",
    "propose_organisation",
    "raise_waiting",
    "report_illegal",
    "report_problem",
    "report_thing",
    "report_twin",
    "suggest_change",
    "withdraw_suggestion",
]
