"""Projects can be discussed, have files, be followed and be reported."""

from django.utils.translation import gettext_lazy as _

from allmende.people.subjects import Subject, register
from allmende.projects import access, actions
from allmende.projects.models import Project

register(
    Subject(
        Project,
        label=_("Project"),
        visible_to=access.projects_visible_to,
        url=Project.get_absolute_url,
        may_discuss=access.may_discuss,
        may_attach=access.may_change,
        may_moderate=access.may_moderate,
        people=access.keepers_of,
        hide=actions.hide_project,
        unhide=actions.unhide_project,
    )
)
