"""Every change of a ballot: prepared, opened, voted, closed and counted, or stopped."""

from allmende.ballots.actions.casting import cast
from allmende.ballots.actions.closing import close, close_due, count, shuffle_open
from allmende.ballots.actions.preparing import change, discard, next_round, open_ballot, prepare
from allmende.ballots.actions.running import cancel, close_early, count_again, prolong

__all__ = [
    "cancel",
    "cast",
    "change",
    "close",
    "close_due",
    "close_early",
    "count",
    "count_again",
    "discard",
    "next_round",
    "open_ballot",
    "prepare",
    "prolong",
    "shuffle_open",
]
