"""A landscape can be discussed and reported, a statement reported."""

from django.utils.translation import gettext_lazy as _

from allmende.opinions import access, actions
from allmende.opinions.models import Landscape, Statement
from allmende.people.queries import Viewer
from allmende.people.subjects import Subject, register


def _runs(viewer: Viewer, landscape: Landscape) -> bool:
    return access.may_run(viewer, landscape.cooperative)


register(
    Subject(
        Landscape,
        label=_("Opinion landscape"),
        visible_to=access.landscapes_visible_to,
        talk_visible_to=access.talk_visible_to,
        url=Landscape.get_absolute_url,
        words=lambda landscape: landscape.question,
        organisation=lambda landscape: landscape.cooperative.organisation,
        may_discuss=access.may_answer,
        may_moderate=_runs,
    )
)
register(
    Subject(
        Statement,
        label=_("Statement of an opinion landscape"),
        visible_to=access.statements_visible_to,
        url=lambda statement: statement.landscape.get_absolute_url(),
        organisation=lambda statement: statement.landscape.cooperative.organisation,
        may_moderate=access.may_moderate,
        hide=actions.hide_statement,
        unhide=actions.unhide_statement,
    )
)
