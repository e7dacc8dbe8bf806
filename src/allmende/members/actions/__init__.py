"""Every change of the register and the share ledger, under the lock of the cooperative: two at once come one after another.

Who may is asked by `by`; rooms that act for the house (imports, due exits) hand in the office holder who started it. Money follows by
reactions to the trail (`money`), in the same transaction.
"""

from allmende.members.actions.base import NAMED, Entering, Named, locked, require_administration
from allmende.members.actions.changing import accept_change, ask_change, differences, named_of, refuse_change, wanted, withdraw_change
from allmende.members.actions.entering import change_particulars, enter_member, put_in_group
from allmende.members.actions.groups import make_usual_groups, remove_group, write_group
from allmende.members.actions.keeping import erase_expired, forget_looks, forget_person
from allmende.members.actions.leading import require_member_in_office
from allmende.members.actions.linking import (
    accept_link,
    end_roles,
    follow_days,
    give_role,
    invite_account,
    invited_by,
    link_organisation,
    token_of,
    unlink_account,
)
from allmende.members.actions.looking import begin_inspection, note_look, note_member_look, note_page
from allmende.members.actions.shares import cancel_shares, end_membership, reverse_entry, subscribe_shares, take_end_back, transfer_shares

__all__ = [
    "NAMED",
    "Entering",
    "Named",
    "accept_change",
    "accept_link",
    "ask_change",
    "begin_inspection",
    "cancel_shares",
    "change_particulars",
    "differences",
    "end_membership",
    "end_roles",
    "enter_member",
    "erase_expired",
    "follow_days",
    "forget_looks",
    "forget_person",
    "give_role",
    "invite_account",
    "invited_by",
    "link_organisation",
    "locked",
    "make_usual_groups",
    "named_of",
    "note_look",
    "note_member_look",
    "note_page",
    "put_in_group",
    "refuse_change",
    "remove_group",
    "require_administration",
    "require_member_in_office",
    "reverse_entry",
    "subscribe_shares",
    "take_end_back",
    "token_of",
    "transfer_shares",
    "unlink_account",
    "wanted",
    "withdraw_change",
    "write_group",
]
