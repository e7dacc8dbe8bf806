"""Amendments can be argued about, voted on and reported."""

from django.utils.translation import gettext_lazy as _

from allmende.amendments import access, actions
from allmende.amendments.models import Amendment
from allmende.people.subjects import Subject, register


def words(amendment: Amendment) -> str:
    """What it wants: title, reason, every changed paragraph."""
    return "\n\n".join(part for part in (amendment.title, amendment.reason, *(one.text for one in amendment.changes.all())) if part)


register(
    Subject(
        Amendment,
        label=_("Amendment"),
        visible_to=access.amendments_visible_to,
        talk_visible_to=access.talk_visible_to,
        url=Amendment.get_absolute_url,
        words=words,
        organisation=lambda amendment: amendment.proposal.cooperative.organisation,
        may_discuss=access.may_discuss,
        may_answer=access.may_change,
        may_moderate=access.may_moderate,
        people=access.author_of,
        hide=actions.hide_amendment,
        unhide=actions.unhide_amendment,
    )
)
