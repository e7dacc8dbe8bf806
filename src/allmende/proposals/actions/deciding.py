"""What ballots do to a proposal: its text is fixed while a decision is open; what was counted accepts, rejects or sends it back."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.ballots.models import Ballot
from allmende.ground import trail
from allmende.ground.refusals import require
from allmende.proposals import rules
from allmende.proposals.actions.stepping import go
from allmende.proposals.actions.writing import locked
from allmende.proposals.models import Proposal, Round, State


def into_decision(proposal: Proposal, ballot: Ballot) -> None:
    """A ballot about it opens. One that says yes or no fixes the text; only one such decision at a time. Others change nothing."""
    proposal = locked(proposal)
    public = proposal.state not in (State.DRAFT, State.COLLECTING, State.WITHDRAWN)
    require(public, _("This proposal is not being deliberated: nothing can be decided about it now."))
    if not rules.says_yes_or_no(ballot.rule):
        return
    require(proposal.state != State.DECISION, _("A decision about this proposal is open already."))
    require(proposal.state == State.DELIBERATION, _("This proposal is decided. Take it up again first."))
    go(proposal, State.DECISION)
    trail.record(
        "proposals.decision_opened", about=proposal, cooperative=proposal.cooperative_id, ballot=ballot.pk, version=proposal.newest
    )


def counted(proposal: Proposal, ballot: Ballot, outcome: str, objections: Sequence[str]) -> None:
    """A ballot about it is counted. A yes or a no decides; objections, a tie or too few voters lead into another round."""
    proposal = locked(proposal)
    if not rules.says_yes_or_no(ballot.rule) or Round.objects.filter(proposal=proposal, ballot=ballot).exists():
        return
    Round.objects.create(
        proposal=proposal, number=proposal.round, ballot=ballot, version=proposal.newest, outcome=outcome, objections=list(objections)
    )
    state = rules.after_count(outcome, proposal.state)
    if state == proposal.state:
        return
    if state == State.DELIBERATION:
        proposal.round += 1
    else:
        proposal.decided_at = timezone.now()
    go(proposal, state)
    about = {"cooperative": proposal.cooperative_id, "ballot": ballot.pk, "round": proposal.round}
    trail.record("proposals.proposal_decided", by=None, about=proposal, outcome=outcome, state=state, **about)


def back_from_ballot(proposal: Proposal, ballot: Ballot) -> None:
    """A decision about it was cancelled: it is deliberated on, in the same round."""
    proposal = locked(proposal)
    if proposal.state != State.DECISION or not rules.says_yes_or_no(ballot.rule):
        return
    go(proposal, State.DELIBERATION)
    trail.record("proposals.decision_cancelled", about=proposal, cooperative=proposal.cooperative_id, ballot=ballot.pk)
