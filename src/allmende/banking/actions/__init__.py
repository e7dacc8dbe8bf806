"""Every change of this room, under the lock of the cooperative."""

from allmende.banking.actions.accounts import give_mandate, revoke_mandate, set_creditor, set_payout_iban

__all__ = ["give_mandate", "revoke_mandate", "set_creditor", "set_payout_iban"]
