"""Proposals can be argued about and reported."""

from django.utils.translation import gettext_lazy as _

from allmende.people.queries import Viewer
from allmende.people.subjects import Subject, register
from allmende.proposals import access, actions, queries
from allmende.proposals.models import Proposal


def words(proposal: Proposal) -> str:
    """What it says now: summary and paragraphs."""
    version = queries.version_of(proposal)
    return "\n\n".join(part for part in (version.summary, queries.text_of(version), version.rationale) if part)


def may_discuss(viewer: Viewer, proposal: Proposal) -> bool:
    """Who takes part, until it is decided, where the phase of its process opens this door."""
    return proposal.state in queries.OPEN and access.may_discuss(viewer, proposal) and queries.is_open(proposal, "arguments")


register(
    Subject(
        Proposal,
        label=_("Proposal"),
        visible_to=access.proposals_visible_to,
        talk_visible_to=access.talk_visible_to,
        url=Proposal.get_absolute_url,
        words=words,
        organisation=lambda proposal: proposal.cooperative.organisation,
        may_discuss=may_discuss,
        may_answer=access.may_write,
        may_attach=access.may_write,
        may_moderate=access.may_administer,
        people=access.audience,
        hide=actions.hide_proposal,
        unhide=actions.unhide_proposal,
    )
)
