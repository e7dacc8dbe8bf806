"""Lists are entered in the background: no page waits for a thousand members."""

from django.utils import translation
from django_tasks import task

from allmende.intake.models import Intake


@task()
def enter(pk: int) -> str:
    """Enter the list as a whole; may run twice and enters once."""
    from allmende.intake import actions  # it queues this task

    intake = Intake.objects.select_related("cooperative", "started_by").filter(pk=pk).first()
    if intake is None:
        return "gone"
    with translation.override(intake.started_by.language if intake.started_by else "de"):
        return "entered" if actions.enter_list(intake) else "not entered"
