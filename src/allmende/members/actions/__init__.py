"""Every change of the register and the share ledger, under the lock of the cooperative: two at once come one after another.

Who may is asked by `by`; rooms that act for the house (imports, due exits) hand in the office holder who started it. Money follows by
reactions to the trail (`money`), in the same transaction.
"""

from allmende.members.actions.base import NAMED, Entering, Named, locked, require_administration
from allmende.members.actions.entering import change_particulars, enter_member, put_in_group
from allmende.members.actions.shares import cancel_shares, end_membership, reverse_entry, subscribe_shares, take_end_back, transfer_shares

__all__ = [
    "NAMED",
    "Entering",
    "Named",
    "cancel_shares",
    "change_particulars",
    "end_membership",
    "enter_member",
    "locked",
    "put_in_group",
    "require_administration",
    "reverse_entry",
    "subscribe_shares",
    "take_end_back",
    "transfer_shares",
]
