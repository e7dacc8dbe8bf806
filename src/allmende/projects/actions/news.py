"""News of a project, in its own words."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from allmende.ground import trail
from allmende.ground.refusals import require
from allmende.people.models import Person
from allmende.projects import letters, rules
from allmende.projects.actions.writing import taken
from allmende.projects.models import Project, Update


@transaction.atomic
def add_update(project: Project, *, title: str, text: str, by: Person, now: datetime) -> Update:
    """Tell what is new; those who take part hear of it."""
    project = taken(project, by)
    require(not project.is_draft, _("Publish the project first: nobody reads the news of a draft."))
    today = project.updates.filter(at__gte=now - timedelta(days=1)).count()
    require(today < rules.MOST_UPDATES_A_DAY, _("That is enough news for one day. Please go on tomorrow."))
    update = Update.objects.create(project=project, title=title, text=text, by=by)
    project.save(update_fields=["changed_at"])
    trail.record("projects.update_added", by=by, about=project, update=update.pk)
    if project.hidden_at is None:
        letters.update_added(update, by)
    return update


@transaction.atomic
def edit_update(update: Update, *, title: str, text: str, by: Person, now: datetime) -> Update:
    """Correct news within a day; it then says that it was changed."""
    project = taken(update.project, by)
    update = Update.objects.select_for_update().get(pk=update.pk)
    require(rules.may_be_corrected(update.at, now), _("News can be corrected for a day. Write new ones instead."))
    update.title, update.text, update.changed_at = title, text, now
    update.save(update_fields=["title", "text", "changed_at"])
    trail.record("projects.project_changed", by=by, about=project, what="update_corrected", update=update.pk)
    return update
