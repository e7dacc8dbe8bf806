"""Amendments follow their proposal's text, and what ballots about them bring."""

from collections.abc import Callable

from django.utils import translation
from django.utils.translation import gettext as _

from allmende.amendments import actions
from allmende.amendments.letters import TOLD
from allmende.amendments.models import Amendment, Change, Kind
from allmende.amendments.tasks import tell_of
from allmende.ballots.models import Ballot
from allmende.ground.models import Entry
from allmende.ground.trail import on
from allmende.proposals.models import Proposal
from allmende.resolutions.actions import put_text
from allmende.resolutions.queries import drafted_about

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


@on("resolutions.resolution_drafted")
def drafted(entry: Entry) -> None:
    """The register holds what was voted on word for word. Without numbers of paragraphs: an adopted change moves them."""
    if not (found := drafted_about(entry, Amendment.objects.select_related("proposal__cooperative__organisation"))):
        return
    resolution, amendment = found
    with translation.override("de"):  # the register is one for all
        said = _("Amendment %(number)s to proposal %(proposal)s:") % {"number": amendment.number, "proposal": amendment.proposal.number}
        changes = [_in_words(one) for one in Change.objects.filter(amendment=amendment).order_by("position")]
    put_text(resolution, "\n\n".join([said, *changes]))


def _in_words(change: Change) -> str:
    if change.kind == Kind.INSERT:
        return f"{_('A new paragraph:')}\n\n{_quoted(change.text)}"
    if change.kind == Kind.DELETE:
        return f"{_('Struck:')}\n\n{_quoted(change.before)}"
    return f"{_('Instead of:')}\n\n{_quoted(change.before)}\n\n{_('it shall say:')}\n\n{_quoted(change.text)}"


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.splitlines())


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
