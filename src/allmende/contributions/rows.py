"""Lines of the ledger as lists show them: amount and state in words, and what this viewer may do with them."""

from collections.abc import Iterable
from dataclasses import dataclass

from allmende.contributions import queries, rules
from allmende.contributions.models import Contribution, Source
from allmende.people.queries import Viewer, is_person

STATES = {"waiting": "now", "confirmed": "ok", "refused": "stop", "reversed": "part", "reversal": "part"}


@dataclass(frozen=True)
class Row:
    """One line; `css` is the class of its state, `is_ours` whether this viewer entered or contributed it, so that others decide."""

    line: Contribution
    kind: str
    amount: str
    state: str
    state_name: str
    css: str
    reason: str
    is_ours: bool
    can_undo: bool


def rows(lines: Iterable[Contribution], viewer: Viewer) -> list[Row]:
    """Rows of lines that were asked for `queries.with_state`."""
    return [_row(one, viewer) for one in lines]


def _row(line: Contribution, viewer: Viewer) -> Row:
    state = queries.state_of(line)
    is_own = is_person(viewer) and line.membership.person_id == viewer.pk and line.source == Source.SELF
    return Row(
        line=line,
        kind=queries.type_name(line.type),
        amount=queries.amount_of(line.type, line.amount),
        state=state,
        state_name=queries.state_name(state),
        css=STATES[state],
        reason=line.confirmation.reason if state == "refused" else "",
        is_ours=not (is_person(viewer) and rules.may_be_second(viewer.pk, line.entered_by_id, line.membership.person_id)),
        can_undo=state == "waiting" and is_own,
    )
