"""The decision panel: what a page has to know to show one ballot to one person, on its own page and beside what it is about."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from allmende.ballots import access, boxes, queries, rules, wording
from allmende.ballots.models import Ballot, Box, Option, State
from allmende.ballots.slips import Slip, slip_for
from allmende.electorates.models import Voter
from allmende.people.queries import Viewer


@dataclass
class Voice:
    """One voice of the viewer: whether it was used, and the paper to fill in."""

    voter: Voter
    has_voted: bool
    slip: Slip
    code: str = ""


@dataclass
class Papers:
    """One ballot and the papers of one person, as the booth shows them (booth.py)."""

    ballot: Ballot
    options: list[Option]
    voices: list[Voice]

    @property
    def is_detached(self) -> bool:
        """Whether receipts are handed out."""
        return self.ballot.box == Box.DETACHED

    @property
    def method(self) -> str:
        """The way of deciding in words."""
        return str(wording.METHODS[self.ballot.rule["method"]])

    @property
    def rule(self) -> list[str]:
        """The rule in sentences."""
        return wording.rule_in_words(self.ballot.rule, self.ballot.box)


@dataclass
class Panel(Papers):
    """The same with how it stands, for this viewer now."""

    is_open: bool
    taken: int
    needed: int
    needed_percent: str
    taken_percent: str

    @property
    def missing(self) -> int:
        """How many of the viewer's voices were not used yet."""
        return sum(1 for one in self.voices if not one.has_voted)


def panel_for(ballot: Ballot, viewer: Viewer, now: datetime) -> Panel:
    """The panel of this ballot for this viewer."""
    options = list(ballot.options.all())
    voters = queries.voices_in(ballot, viewer)
    is_open = queries.is_open(ballot, now)
    taken = queries.participation(ballot) if ballot.state != State.DRAFT else 0
    needed = -(-ballot.voters_count * _quorum(ballot).numerator // _quorum(ballot).denominator)
    voices = voices_for(ballot, voters, options) if is_open else []
    share = taken * 100 / ballot.voters_count if ballot.voters_count else 0
    return Panel(
        ballot,
        options,
        voices,
        is_open,
        taken,
        needed,
        f"{needed * 100 / ballot.voters_count:.2f}%" if ballot.voters_count else "0%",
        f"{share:.2f}%",
    )


def _quorum(ballot: Ballot) -> Fraction:
    return rules.share(ballot.rule["quorum"]) or Fraction(0)


def voices_for(ballot: Ballot, voters: list[Voter], options: list[Option]) -> list[Voice]:
    """One paper for each voice: empty, or as it lies in an open box; the first one of a detached box has its receipt code with it."""
    took_part, known = boxes.of(ballot).took_part(ballot, voters), queries.own_choices(ballot, voters)
    return [voice_for(ballot, one, options, one.pk in took_part, known.get(one.pk)) for one in voters]


def voice_for(ballot: Ballot, voter: Voter, options: list[Option], has_voted: bool, choice: dict[str, Any] | None = None) -> Voice:
    """The paper of this voice."""
    slip = slip_for(ballot, options, known=choice, prefix=f"v{voter.pk}")
    is_new = ballot.box == Box.DETACHED and not has_voted
    return Voice(voter, has_voted, slip, boxes.new_code() if is_new else "")


def may_see(viewer: Viewer, ballot: Ballot) -> bool:
    """Whether this viewer may see the ballot at all."""
    return access.ballots_visible_to(viewer).filter(pk=ballot.pk).exists()
