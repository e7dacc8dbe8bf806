"""Every change of an exit or a transfer, under the lock of the cooperative: two at once come one after another, nothing is half done."""

from allmende.leaving.actions.exits import Entered, confirm_exit, enter_exit, take_exit_back
from allmende.leaving.actions.keeping import forget_contacts, forget_person, remind_of_settlements
from allmende.leaving.actions.notices import give_notice, require_wanted, withdraw_notice
from allmende.leaving.actions.settling import lift_blocks, settle
from allmende.leaving.actions.transfers import (
    Giving,
    acceptance,
    agree_to_transfer,
    declaration,
    enter_transfer,
    record_taker,
    stop_transfer,
    take_shares,
    want_transfer,
)
from allmende.leaving.actions.undoing import undo_exits

__all__ = [
    "Entered",
    "Giving",
    "acceptance",
    "agree_to_transfer",
    "confirm_exit",
    "declaration",
    "enter_exit",
    "enter_transfer",
    "forget_contacts",
    "forget_person",
    "give_notice",
    "lift_blocks",
    "record_taker",
    "remind_of_settlements",
    "require_wanted",
    "settle",
    "stop_transfer",
    "take_exit_back",
    "take_shares",
    "undo_exits",
    "want_transfer",
    "withdraw_notice",
]
