"""Every change of proposals: written, brought in, supported, written together, decided."""

from allmende.proposals.actions.deciding import back_from_ballot, counted, into_decision
from allmende.proposals.actions.stepping import (
    admit_proposal,
    bring_in_proposal,
    hide_proposal,
    reopen_proposal,
    send_back_proposal,
    set_admission,
    set_visibility,
    support_proposal,
    unhide_proposal,
    unsupport_proposal,
    withdraw_proposal,
)
from allmende.proposals.actions.together import answer_invitation, invite_author, leave_proposal, withdraw_invitation
from allmende.proposals.actions.writing import Overtaken, Written, add_version, locked, save_version, start_proposal

__all__ = [
    "Overtaken",
    "Written",
    "add_version",
    "admit_proposal",
    "answer_invitation",
    "back_from_ballot",
    "bring_in_proposal",
    "counted",
    "hide_proposal",
    "into_decision",
    "invite_author",
    "leave_proposal",
    "locked",
    "reopen_proposal",
    "save_version",
    "send_back_proposal",
    "set_admission",
    "set_visibility",
    "start_proposal",
    "support_proposal",
    "unhide_proposal",
    "unsupport_proposal",
    "withdraw_invitation",
    "withdraw_proposal",
]
