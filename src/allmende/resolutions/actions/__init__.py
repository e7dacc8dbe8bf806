"""Every change of the register: drafting and entering, carrying out, revoking; under the lock of the cooperative."""

from allmende.resolutions.actions.carrying import (
    Planned,
    add_measure,
    drop_measure,
    finish,
    finish_measure,
    move_measure,
    plan,
    reopen,
    reopen_measure,
    report,
    revoke,
)
from allmende.resolutions.actions.entering import Wording, change_draft, draft_from_ballot, drop, enter, put_text, record, write_draft
from allmende.resolutions.actions.keeping import forget_person, remind

__all__ = [
    "Planned",
    "Wording",
    "add_measure",
    "change_draft",
    "draft_from_ballot",
    "drop",
    "drop_measure",
    "enter",
    "finish",
    "finish_measure",
    "forget_person",
    "move_measure",
    "plan",
    "put_text",
    "record",
    "remind",
    "reopen",
    "reopen_measure",
    "report",
    "revoke",
    "write_draft",
]
