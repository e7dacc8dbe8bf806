"""The few changes the desk makes itself; all others belong to the rooms whose matters lie on it."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.desk import access
from allmende.desk.models import Looked
from allmende.directory.models import RevisionSet
from allmende.ground import queue, trail
from allmende.ground.refusals import NotAllowed, require
from allmende.people.models import Person


@transaction.atomic
def look_at_import(revision_set: RevisionSet, *, by: Person) -> None:
    """The refused rows of this import have been seen; it leaves the desk."""
    require(access.may_see_background(by), _("Only caretakers of the whole house may do this."), NotAllowed)
    _looked, is_new = Looked.objects.get_or_create(revision_set=revision_set, defaults={"by": by, "at": timezone.now()})
    if is_new:
        trail.record("desk.import_looked_at", by=by, about=revision_set)


@transaction.atomic
def retry_task(pk: UUID, *, by: Person) -> None:
    """Let a task that was given up run again."""
    require(access.may_see_background(by), _("Only caretakers of the whole house may do this."), NotAllowed)
    require(queue.retry(pk, by=by), _("This task does not wait any more."))


@transaction.atomic
def discard_task(pk: UUID, *, by: Person) -> None:
    """Give a task up for good."""
    require(access.may_see_background(by), _("Only caretakers of the whole house may do this."), NotAllowed)
    require(queue.discard(pk, by=by), _("This task does not wait any more."))
