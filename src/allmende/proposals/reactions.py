"""What follows from ballots about a proposal, and what is told of a proposal's own changes."""

from django.utils import translation
from django.utils.translation import gettext as _

from allmende.ballots.models import Ballot
from allmende.ground.models import Entry
from allmende.ground.trail import on
from allmende.proposals import actions, queries, rules
from allmende.proposals.letters import WORDS
from allmende.proposals.models import Proposal
from allmende.proposals.tasks import tell_of
from allmende.resolutions.actions import put_text
from allmende.resolutions.queries import drafted_about

KIND = Proposal._meta.label_lower


def about(entry: Entry) -> tuple[Ballot, Proposal] | None:
    """The ballot of this line and the proposal it is about; None for ballots about something else."""
    ballot = Ballot.objects.filter(pk=int(entry.about)).select_related("cooperative").first()
    if ballot is None or ballot.about_kind != KIND:
        return None
    proposal = Proposal.objects.filter(pk=ballot.about_id or 0, cooperative=ballot.cooperative_id).first()
    return (ballot, proposal) if proposal is not None else None


@on("ballots.ballot_opened")
def opened(entry: Entry) -> None:
    """The text is fixed; Refused where nothing can be decided about the proposal now."""
    if found := about(entry):
        ballot, proposal = found
        actions.into_decision(proposal, ballot)


@on("ballots.ballot_counted")
def counted(entry: Entry) -> None:
    """Accepted, rejected, or back to deliberation with the objections."""
    if found := about(entry):
        ballot, proposal = found
        objections = (ballot.result or {}).get("counted", {}).get("objections") or []
        words = [str(one) for one in objections] if isinstance(objections, list) else []
        actions.counted(proposal, ballot, entry.facts["outcome"], words)


@on("ballots.ballot_cancelled")
def cancelled(entry: Entry) -> None:
    """Deliberated on."""
    if found := about(entry):
        ballot, proposal = found
        actions.back_from_ballot(proposal, ballot)


@on("resolutions.resolution_drafted")
def drafted(entry: Entry) -> None:
    """The register holds what was voted on word for word, not only the question: the text was fixed when voting began."""
    if not (found := drafted_about(entry, Proposal.objects.select_related("cooperative__organisation"))):
        return
    resolution, proposal = found
    version = queries.version_of(proposal)
    with translation.override("de"):  # the register is one for all
        said = _("Proposal %(number)s, version %(n)d:") % {"number": proposal.number, "n": version.number}
    put_text(resolution, f"{said}\n\n{rules.numbered([one.text for one in queries.parts_of(version)])}")


@on(*WORDS)
def tell(entry: Entry) -> None:
    """Authors and supporters are told in the background."""
    tell_of.enqueue(entry.pk)
