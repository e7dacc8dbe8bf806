"""Every change of this room, under the lock of the cooperative."""

from allmende.banking.actions.accounts import give_mandate, note_look, revoke_mandate, set_creditor, set_payout_iban
from allmende.banking.actions.forgetting import end_expired, erase_mandates
from allmende.banking.actions.importing import discard_upload, forget_uploads, import_table, take_file
from allmende.banking.actions.lines import (
    book_certain,
    book_line,
    heed_line,
    ignore_line,
    owe_rest,
    settle_by_item,
    settle_by_run,
    undo_line,
)
from allmende.banking.actions.making import ask_for_account, make_debits, make_payouts
from allmende.banking.actions.runs import cancel_run, execute_run, file_of, return_item

__all__ = [
    "ask_for_account", "book_certain", "book_line", "cancel_run", "discard_upload", "end_expired", "erase_mandates",
    "execute_run", "file_of", "forget_uploads",
    "give_mandate", "heed_line", "ignore_line", "import_table", "make_debits", "make_payouts",
    "note_look", "owe_rest", "return_item", "revoke_mandate",
    "set_creditor", "set_payout_iban", "settle_by_item", "settle_by_run", "take_file", "undo_line",
]  # fmt: skip
