"""Every change of money: under the lock of the cooperative, in one transaction, with a line in the trail."""

from allmende.money.actions.asking import ask_for, ask_for_shares, receive, withdraw_by_hand, withdraw_request
from allmende.money.actions.booking import Line, book, require_booking, reverse_booking, reverse_by_hand
from allmende.money.actions.owing import block, owe, pay_out, take_back_owed

__all__ = [
    "Line", "ask_for", "ask_for_shares", "block", "book", "owe", "pay_out", "receive", "require_booking", "reverse_booking",
    "reverse_by_hand", "take_back_owed", "withdraw_by_hand", "withdraw_request",
]  # fmt: skip
