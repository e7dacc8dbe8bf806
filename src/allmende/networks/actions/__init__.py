"""Every change between networks and their members, under the lock of the network."""

from allmende.networks.actions.belonging import answer, bond_by_application, follow_link, keep_in_step, require_no_circle, sync_all
from allmende.networks.actions.fees import charge_year, declare_size, drop_scheme, save_scheme, take_back_fee
from allmende.networks.actions.representing import (
    confirm_representative,
    end_representative,
    end_with_membership,
    forget_names,
    forget_person,
    name_representative,
)

__all__ = [
    "answer",
    "bond_by_application",
    "charge_year",
    "confirm_representative",
    "declare_size",
    "drop_scheme",
    "end_representative",
    "end_with_membership",
    "follow_link",
    "forget_person",
    "forget_names",
    "keep_in_step",
    "name_representative",
    "require_no_circle",
    "save_scheme",
    "sync_all",
    "take_back_fee",
]
