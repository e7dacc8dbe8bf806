"""Every change of what a cooperative gives itself: setting up, statutes, offices, settings. Each locks the cooperative first."""

from allmende.constitution.actions.founding import change_settings, set_up
from allmende.constitution.actions.offices import discharge, end_office, erase_person, give_office, link_account
from allmende.constitution.actions.statutes import (
    add_document,
    adopt_statute,
    begin_statute,
    change_statute,
    discard_statute,
    remove_document,
    sweep,
    withdraw_statute,
)

__all__ = [
    "add_document",
    "adopt_statute",
    "begin_statute",
    "change_settings",
    "change_statute",
    "discard_statute",
    "discharge",
    "end_office",
    "erase_person",
    "give_office",
    "link_account",
    "remove_document",
    "set_up",
    "sweep",
    "withdraw_statute",
]
