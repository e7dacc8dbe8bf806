"""Taking off what was reported, and putting it back."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.feedback import access, letters
from allmende.feedback.models import Review, Round
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, require
from allmende.ground.text import shorten
from allmende.people.models import Person

REASON = 500


@transaction.atomic
def hide(thing: Round | Review, *, by: Person, reason: str) -> None:
    """Take a round or a review off all pages. Those who wrote it and those who asked read why; hiding twice is hiding once."""
    found = _of_caretakers(thing, by)
    require(reason.strip(), _("Say why. Those concerned read it."), BadInput)
    if found.hidden_at is not None:
        return
    found.hidden_at, found.hidden_because, found.hidden_by = timezone.now(), shorten(reason.strip(), REASON), by
    found.save(update_fields=["hidden_at", "hidden_because", "hidden_by"])
    trail.record(f"feedback.{found._meta.model_name}_hidden", by=by, about=found)
    letters.hidden(found)


@transaction.atomic
def unhide(thing: Round | Review, *, by: Person, reason: str = "") -> None:
    """Put it back, as it was; those concerned are told."""
    found = _of_caretakers(thing, by)
    if found.hidden_at is None:
        return
    found.hidden_at, found.hidden_because, found.hidden_by = None, "", None
    found.save(update_fields=["hidden_at", "hidden_because", "hidden_by"])
    trail.record(f"feedback.{found._meta.model_name}_shown", by=by, about=found)
    letters.shown_again(found, reason)


def _of_caretakers(thing: Round | Review, by: Person) -> Round | Review:
    require(access.may_moderate(by, thing), _("Only those who take care of this entry can do this."), NotAllowed)
    if isinstance(thing, Round):
        return Round.objects.select_for_update(of=("self",)).select_related("project").get(pk=thing.pk)
    return Review.objects.select_for_update(of=("self",)).select_related("round__project", "organisation", "person").get(pk=thing.pk)
