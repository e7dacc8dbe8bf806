"""Every change of conversations: writing, ending, guarding against others, and what follows a merge."""

from allmende.enquiries.actions.ending import remind_silent, say_outcome, settle_due, settle_listing, withdraw_enquiry
from allmende.enquiries.actions.following import follow_merge, undo_follow
from allmende.enquiries.actions.guarding import block, hide_contact, hide_message, lift_block, show_contact, unhide_message
from allmende.enquiries.actions.writing import look_at, open_enquiry, require_open_to, why_not_writable, write_message

__all__ = [
    "block",
    "follow_merge",
    "hide_contact",
    "hide_message",
    "lift_block",
    "look_at",
    "open_enquiry",
    "remind_silent",
    "require_open_to",
    "say_outcome",
    "settle_due",
    "settle_listing",
    "show_contact",
    "undo_follow",
    "unhide_message",
    "why_not_writable",
    "withdraw_enquiry",
    "write_message",
]
