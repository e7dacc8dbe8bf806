"""Every change of pairs: finding them, deciding them, merging two entries and taking that back."""

from allmende.duplicates.actions.deciding import answer_pair, ask_owners, mark_branch, mark_different, reopen_pair
from allmende.duplicates.actions.finding import note_pair, note_pairs, scan_changed, scan_import
from allmende.duplicates.actions.hanging import follows_merges
from allmende.duplicates.actions.merging import merge_organisations
from allmende.duplicates.actions.undoing import undo_merge

__all__ = [
    "answer_pair",
    "ask_owners",
    "follows_merges",
    "mark_branch",
    "mark_different",
    "merge_organisations",
    "note_pair",
    "note_pairs",
    "reopen_pair",
    "scan_changed",
    "scan_import",
    "undo_merge",
]
