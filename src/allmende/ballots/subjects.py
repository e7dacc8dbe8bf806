"""Ballots can have files, and other rooms can hang on them."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from allmende.ballots import access
from allmende.ballots.models import Ballot, State
from allmende.people.queries import Viewer
from allmende.people.subjects import Subject, register


def may_attach(viewer: Viewer, ballot: Ballot) -> bool:
    """Who prepares it, until it is opened: afterwards nothing joins what was put to the vote."""
    return ballot.state == State.DRAFT and access.may_prepare(viewer, ballot.cooperative)


register(
    Subject(
        Ballot,
        label=_("Ballot"),
        visible_to=access.ballots_visible_to,
        url=lambda ballot: reverse("ballots:ballot", args=[ballot.slug, ballot.uuid]),
        words=lambda ballot: f"{ballot.question}\n\n{ballot.description}",
        organisation=lambda ballot: ballot.cooperative.organisation,
        may_attach=may_attach,
    )
)
