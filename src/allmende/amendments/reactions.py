"""Amendments follow their proposal's text, and what ballots about them bring."""

from collections.abc import Callable

from allmende.amendments import actions
from allmende.amendments.letters import TOLD
from allmende.amendments.models import Amendment
from allmende.amendments.tasks import tell_of
from allmende.ballots.models import Ballot
from allmende.ground.models import Entry
from allmende.ground.trail import on
from allmende.proposals.models import Proposal

KIND = Amendment._meta.label_lower


def _with_amendment(entry: Entry, do: Callable[[Amendment, Ballot], None]) -> None:
    ballot = Ballot.objects.filter(pk=int(entry.about), about_kind=KIND).first()
    if ballot is None:
        return
    known = Amendment.objects.filter(pk=ballot.about_id or 0, proposal__cooperative=ballot.cooperative_id)
    amendment = known.select_related("proposal__cooperative__organisation").first()
    if amendment is not None:
        do(amendment, ballot)


@on("ballots.ballot_opened")
def opened(entry: Entry) -> None:
    """Its paragraphs stay as they are; Refused where it cannot be voted on now."""
    _with_amendment(entry, actions.into_vote)


@on("ballots.ballot_counted")
def counted(entry: Entry) -> None:
    """Adopted by the members, or not."""
    _with_amendment(entry, lambda amendment, ballot: actions.counted(amendment, ballot, entry.facts["outcome"]))


@on("ballots.ballot_cancelled")
def cancelled(entry: Entry) -> None:
    """Open again."""
    _with_amendment(entry, actions.back_from_ballot)


@on("proposals.version_saved")
def follow(entry: Entry) -> None:
    """Which amendments still fit the text."""
    actions.follow_text(Proposal.objects.select_related("cooperative__organisation").get(pk=int(entry.about)))


@on("proposals.decision_opened")
def settled(entry: Entry) -> None:
    """No decision about a text that amendments may still change."""
    actions.require_settled(Proposal.objects.get(pk=int(entry.about)))


@on("proposals.proposal_withdrawn")
def withdrawn(entry: Entry) -> None:
    """Not while members vote on a part of it."""
    actions.require_no_vote(Proposal.objects.get(pk=int(entry.about)))


@on(*TOLD)
def tell(entry: Entry) -> None:
    """Those whom it concerns are told in the background."""
    tell_of.enqueue(entry.pk)
