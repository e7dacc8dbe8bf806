"""Ideas can be discussed, have files and be reported."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from allmende.ideas import access, actions
from allmende.ideas.models import Idea
from allmende.people.subjects import Subject, register

register(
    Subject(
        Idea,
        label=_("Idea"),
        visible_to=access.ideas_visible_to,
        talk_visible_to=access.talk_visible_to,
        url=Idea.get_absolute_url,
        words=lambda idea: f"{idea.title}\n\n{idea.text}",
        organisation=lambda idea: idea.cooperative.organisation,
        may_discuss=access.may_discuss,
        may_attach=access.may_edit,
        may_moderate=access.may_moderate,
        may_answer=access.is_author,
        people=access.concerned,
        hide=partial(actions.hide_idea, is_told=False),
        unhide=partial(actions.unhide_idea, is_told=False),
    )
)
