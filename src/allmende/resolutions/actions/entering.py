"""From a draft to an entry with a number."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from allmende.ballots import wording as ballots_wording
from allmende.ballots.models import Ballot, Outcome
from allmende.constitution.models import Cooperative
from allmende.ground import trail
from allmende.ground.refusals import require
from allmende.people.models import Person
from allmende.resolutions import letters, rules, wording
from allmende.resolutions.actions.base import locked, require_administration, save
from allmende.resolutions.models import Body, Resolution, State, Visibility

ADOPTING = (Outcome.ACCEPTED, Outcome.ELECTED, Outcome.RANKED)


@dataclass(frozen=True)
class Wording:
    """What is written down of a decision."""

    title: str
    wording: str
    decided_on: date
    body: str = Body.MEMBERS
    body_label: str = ""
    rule_words: str = ""
    votes_words: str = ""
    is_adopted: bool = True
    effective_on: date | None = None
    outcome: str = ""
    responsible: str = ""
    person: Person | None = None
    due_on: date | None = None
    review_on: date | None = None
    visibility: str = Visibility.MEMBERS


OF_THE_BALLOT = ("wording", "decided_on", "body", "body_label", "rule_words", "votes_words", "is_adopted")
"""What a draft made by a count keeps as it was counted."""


def _values(said: Wording) -> dict[str, Any]:
    return {one.name: getattr(said, one.name) for one in fields(said)}


def _require_sound(said: Wording) -> None:
    require(said.title.strip() and said.wording.strip(), _("A resolution needs a title and its wording."))
    require(
        rules.may_be_decided_on(said.decided_on, localdate()),
        _("The register holds what was decided already. Choose a day that is not in the future."),
    )


@transaction.atomic
def write_draft(cooperative: Cooperative, said: Wording, *, about_kind: str = "", about_id: int | None = None, by: Person) -> Resolution:
    """Note a decision that was made elsewhere, at an assembly or a meeting. It gets its number when it is entered."""
    require_administration(by, cooperative)
    _require_sound(said)
    made = Resolution.objects.create(cooperative=cooperative, about_kind=about_kind, about_id=about_id, created_by=by, **_values(said))
    trail.record("resolutions.resolution_drafted", by=by, about=made, cooperative=cooperative.pk)
    return made


@transaction.atomic
def change_draft(resolution: Resolution, said: Wording, *, by: Person) -> Resolution:
    """Write a draft differently. What was counted stays as it was counted."""
    found = locked(resolution)
    require_administration(by, found.cooperative)
    require(found.state == State.DRAFT, _("This resolution is entered. Report on it, or revoke it by another one."))
    _require_sound(said)
    values = _values(said)
    if found.ballot_id is not None:
        values = {name: value for name, value in values.items() if name not in OF_THE_BALLOT}
    save(found, **values)
    return found


@transaction.atomic
def drop(resolution: Resolution, *, by: Person) -> None:
    """A draft that should not be entered, such as the vote on an amendment. Nothing of it stays."""
    found = locked(resolution)
    require_administration(by, found.cooperative)
    require(found.state == State.DRAFT, _("This resolution is entered. Report on it, or revoke it by another one."))
    trail.record("resolutions.draft_dropped", by=by, about=found, cooperative=found.cooperative_id, ballot=found.ballot_id)
    found.delete()


@transaction.atomic
def enter(resolution: Resolution, *, is_done: bool = False, by: Person) -> Resolution:
    """Give the next number of its year, without gaps. From now on wording and result stay as they are."""
    Cooperative.objects.select_for_update().get(pk=resolution.cooperative_id)  # two at once get two numbers
    found = locked(resolution)
    require_administration(by, found.cooperative)
    require(found.state == State.DRAFT, _("This resolution is entered already."))
    require(found.outcome.strip(), _("Write down what follows from the decision before you enter it."))
    year = found.decided_on.year
    last = Resolution.objects.filter(cooperative=found.cooperative_id, year=year).aggregate(last=Max("serial"))["last"]
    state = rules.state_when_entered(found.is_adopted, is_done)
    done_on = localdate() if state == State.DONE else None
    save(found, year=year, serial=rules.next_serial(last), state=state, done_on=done_on, entered_at=timezone.now(), entered_by=by)
    trail.record("resolutions.resolution_entered", by=by, about=found, cooperative=found.cooperative_id, state=str(state))
    letters.tell_responsible(found, by)
    return found


@transaction.atomic
def record(cooperative: Cooperative, said: Wording, *, about_kind: str = "", about_id: int | None = None, by: Person) -> Resolution:
    """Draft and enter in one step, for rooms whose decisions are complete when they are made."""
    return enter(write_draft(cooperative, said, about_kind=about_kind, about_id=about_id, by=by), by=by)


@transaction.atomic
def draft_from_ballot(ballot: Ballot) -> Resolution | None:
    """What was counted waits as a draft for its outcome statement; objections lead to a next round and to no resolution."""
    if ballot.outcome in {Outcome.OBJECTIONS, ""} or Resolution.objects.filter(ballot=ballot).exists():
        return None
    with translation.override("de"):  # the register is one for all; people write it in German
        made = Resolution.objects.create(
            cooperative=ballot.cooperative,
            ballot=ballot,
            title=ballot.title,
            wording="\n\n".join(part for part in (ballot.question, ballot.description) if part),
            body=Body.MEMBERS if _kind_of(ballot) not in {"offices", "circle"} else Body.OTHER,
            rule_words=" ".join(ballots_wording.rule_in_words(ballot.rule))[:500],
            votes_words=wording.votes_of(ballot)[:500],
            is_adopted=ballot.outcome in ADOPTING,
            decided_on=localtime(min(ballot.closed_at or ballot.closes_at, ballot.closes_at)).date(),  # not when somebody noticed the end
            visibility=ballot.visibility,
            about_kind=ballot.about_kind,
            about_id=ballot.about_id,
            created_by=ballot.created_by,
        )
    trail.record("resolutions.resolution_drafted", about=made, cooperative=made.cooperative_id, ballot=ballot.pk)
    letters.ask_for_outcome(made)
    return made


@transaction.atomic
def put_text(resolution: Resolution, text: str) -> None:
    """Write what was voted on below the question, for rooms that know it word for word. Only while it is a draft made by a count."""
    found = locked(resolution)
    require(found.state == State.DRAFT and found.ballot_id is not None, _("Only what was counted here and is not entered gets its text."))
    save(found, wording=f"{found.wording}\n\n{text}")


def _kind_of(ballot: Ballot) -> str:
    return str(ballot.electorate.basis.get("kind", "")) if ballot.electorate else ""
