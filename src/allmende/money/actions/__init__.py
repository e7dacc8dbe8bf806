"""Every change of money: under the lock of the cooperative, in one transaction, with a line in the trail."""

from allmende.money.actions.asking import ask_for, ask_for_shares, receive, withdraw_by_hand, withdraw_request
from allmende.money.actions.booking import Line, book, require_booking, reverse_booking, reverse_by_hand
from allmende.money.actions.charging import Charging, charge, to_be_asked
from allmende.money.actions.owing import block, owe, pay_out, take_back_owed
from allmende.money.actions.reminding import due_reminders, remind
from allmende.money.actions.setting import add_account, choose_account, remove_account, set_numbers

__all__ = [
    "Charging", "Line", "add_account", "ask_for", "ask_for_shares", "block", "book", "charge", "choose_account", "due_reminders", "owe",
    "pay_out", "receive", "remind", "remove_account", "require_booking", "reverse_booking", "reverse_by_hand", "set_numbers",
    "take_back_owed", "to_be_asked", "withdraw_by_hand", "withdraw_request",
]  # fmt: skip
