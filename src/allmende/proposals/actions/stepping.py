"""How a proposal moves on: brought in, supported, admitted, sent back, withdrawn, taken up again; who reads it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, require
from allmende.ground.text import clean
from allmende.people.models import Person
from allmende.proposals import access, queries, rules
from allmende.proposals.actions.writing import locked
from allmende.proposals.models import Admission, Author, Proposal, State, Support, Visibility


@transaction.atomic
def bring_in_proposal(proposal: Proposal, *, by: Person) -> Proposal:
    """The draft is shown to the members: to be supported where the cooperative asks for it, otherwise at once to be deliberated."""
    proposal = _written(proposal, by)
    require(proposal.state == State.DRAFT, _("This proposal is brought in already."))
    rule = queries.admission_of(proposal.cooperative)
    proposal.supporters_needed, proposal.needs_office = rule.supporters_needed, rule.needs_office
    now = timezone.now()
    proposal.brought_in_at, proposal.last_word = now, ""
    writing = Author.objects.filter(proposal=proposal).exclude(accepted_at=None)
    Support.objects.bulk_create((Support(proposal=proposal, person_id=one.person_id) for one in writing), ignore_conflicts=True)
    go(proposal, rules.first_step(rule.supporters_needed, rule.needs_office))
    trail.record("proposals.proposal_brought_in", by=by, about=proposal, cooperative=proposal.cooperative_id, state=proposal.state)
    _admit_when_enough(proposal)
    return proposal


@transaction.atomic
def support_proposal(proposal: Proposal, *, by: Person) -> Proposal:
    """Support it; with the last supporter it needs it is admitted, unless an office does that. A second time changes nothing."""
    proposal = locked(proposal)
    require(access.may_support(by, proposal), _("Only those who take part in this cooperative can support proposals."), NotAllowed)
    require(proposal.state in access.SUPPORTABLE, _("This proposal cannot be supported any more."))
    require(queries.is_open(proposal, "support"), _("In this phase nothing is supported. The phases say when it is open again."))
    _row, is_new = Support.objects.get_or_create(proposal=proposal, person=by)
    if is_new:
        trail.record("proposals.proposal_supported", by=by, about=proposal, cooperative=proposal.cooperative_id)
        _admit_when_enough(proposal)
    return proposal


@transaction.atomic
def unsupport_proposal(proposal: Proposal, *, by: Person) -> Proposal:
    """Take one's support back, until it is decided. What was admitted stays admitted."""
    proposal = locked(proposal)
    require(proposal.state in access.SUPPORTABLE, _("This proposal is not collecting support any more."))
    gone, _rows = Support.objects.filter(proposal=proposal, person=by).delete()
    if gone:
        trail.record("proposals.support_withdrawn", by=by, about=proposal, cooperative=proposal.cooperative_id)
    return proposal


@transaction.atomic
def admit_proposal(proposal: Proposal, *, by: Person) -> Proposal:
    """Board or administration admit it to deliberation, also before enough support it."""
    proposal = _administered(proposal, by)
    require(proposal.state == State.COLLECTING, _("This proposal does not wait to be admitted."))
    go(proposal, State.DELIBERATION)
    trail.record("proposals.proposal_admitted", by=by, about=proposal, cooperative=proposal.cooperative_id)
    return proposal


@transaction.atomic
def send_back_proposal(proposal: Proposal, reason: str, *, by: Person) -> Proposal:
    """Board or administration give it back to its authors, with a reason; they can bring it in again."""
    proposal = _administered(proposal, by)
    require(proposal.state == State.COLLECTING, _("Only proposals that wait for admission can be sent back."))
    proposal.last_word = _reason(reason)
    go(proposal, State.DRAFT)
    trail.record("proposals.proposal_sent_back", by=by, about=proposal, cooperative=proposal.cooperative_id)
    return proposal


@transaction.atomic
def withdraw_proposal(proposal: Proposal, reason: str, *, by: Person) -> Proposal:
    """Its authors take it back; not while it is being decided. Rooms above may refuse."""
    proposal = _written(proposal, by)
    require(rules.can_go(proposal.state, State.WITHDRAWN), _("While it is decided or after that, a proposal cannot be withdrawn."))
    is_draft = proposal.brought_in_at is None
    proposal.last_word = clean(reason)[:1_000] if is_draft else _reason(reason)
    go(proposal, State.WITHDRAWN)
    trail.record("proposals.proposal_withdrawn", by=by, about=proposal, cooperative=proposal.cooperative_id, was_draft=is_draft)
    return proposal


@transaction.atomic
def reopen_proposal(proposal: Proposal, *, by: Person) -> Proposal:
    """Withdrawn becomes a draft again; rejected goes into another round of deliberation."""
    proposal = _written(proposal, by)
    require(proposal.state in (State.WITHDRAWN, State.REJECTED), _("This proposal is open."))
    if proposal.state == State.REJECTED:
        proposal.round += 1
    go(proposal, State.DRAFT if proposal.state == State.WITHDRAWN else State.DELIBERATION)
    facts = {"cooperative": proposal.cooperative_id, "state": proposal.state, "round": proposal.round}
    trail.record("proposals.proposal_reopened", by=by, about=proposal, **facts)
    return proposal


@transaction.atomic
def set_visibility(proposal: Proposal, visibility: str, *, by: Person) -> Proposal:
    """Board or administration let everybody read it, or the members only."""
    proposal = _administered(proposal, by)
    require(visibility in Visibility.values, _("Please choose who may read it."), BadInput)
    proposal.visibility = visibility
    proposal.save(update_fields=["visibility"])
    trail.record("proposals.visibility_set", by=by, about=proposal, cooperative=proposal.cooperative_id, visibility=visibility)
    return proposal


@transaction.atomic
def set_admission(cooperative: Cooperative, *, supporters_needed: int, needs_office: bool, by: Person) -> Admission:
    """The board decides what a proposal needs; it holds for those that are brought in from now on."""
    Cooperative.objects.select_for_update().get(pk=cooperative.pk)
    require(access.may_set_admission(by, cooperative), _("Only the board decides how proposals are admitted."), NotAllowed)
    require(0 <= supporters_needed <= rules.MOST_SUPPORTERS, _("This number of supporters is not possible."), BadInput)
    rule, _is_new = Admission.objects.update_or_create(
        cooperative=cooperative, defaults={"supporters_needed": supporters_needed, "needs_office": needs_office}
    )
    facts = {"supporters_needed": supporters_needed, "needs_office": needs_office}
    trail.record("proposals.admission_set", by=by, about=cooperative, **facts)
    return rule


@transaction.atomic
def hide_proposal(proposal: Proposal, *, by: Person | None = None, reason: str = "") -> Proposal:
    """Take it off all pages after a report."""
    Proposal.objects.filter(pk=proposal.pk, hidden_at=None).update(hidden_at=timezone.now())
    trail.record("proposals.proposal_hidden", by=by, about=proposal, cooperative=proposal.cooperative_id)
    proposal.refresh_from_db()
    return proposal


@transaction.atomic
def unhide_proposal(proposal: Proposal, *, by: Person | None = None, reason: str = "") -> Proposal:
    """Put it back, after an appeal."""
    Proposal.objects.filter(pk=proposal.pk).update(hidden_at=None)
    trail.record("proposals.proposal_shown_again", by=by, about=proposal, cooperative=proposal.cooperative_id)
    proposal.refresh_from_db()
    return proposal


def _admit_when_enough(proposal: Proposal) -> None:
    if proposal.state != State.COLLECTING or proposal.needs_office:
        return
    if rules.has_enough(queries.supporters(proposal), proposal.supporters_needed):
        go(proposal, State.DELIBERATION)
        trail.record("proposals.proposal_admitted", about=proposal, cooperative=proposal.cooperative_id)


def _written(proposal: Proposal, by: Person) -> Proposal:
    proposal = locked(proposal)
    require(access.may_write(by, proposal), _("Only the authors of a proposal can do this."), NotAllowed)
    return proposal


def _administered(proposal: Proposal, by: Person) -> Proposal:
    proposal = locked(proposal)
    require(access.may_administer(by, proposal), _("Only board and administration can do this."), NotAllowed)
    return proposal


def _reason(reason: str) -> str:
    reason = clean(reason)
    require(reason, _("Please say why."), BadInput)
    require(len(reason) <= 1_000, _("This text is too long: at most %d characters.") % 1_000, BadInput)
    return reason


def go(proposal: Proposal, state: str) -> None:
    """One step, if there is such a step. The caller has locked the proposal and writes the line of the trail."""
    require(rules.can_go(proposal.state, state), _("This step is not possible any more. Please load the page again."))
    proposal.state, proposal.changed_at = state, timezone.now()
    if state not in (State.REJECTED, State.ACCEPTED):
        proposal.decided_at = None
    proposal.save()
