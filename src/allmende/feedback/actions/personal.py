"""Letting go of a person."""

from django.db import transaction

from allmende.feedback import rules
from allmende.feedback.models import Invitation, Review, Round, Suggestion
from allmende.people.models import Person


@transaction.atomic
def erase_person(person: Person) -> int:
    """Forget who wrote: drafts in one's own name go, what was given in it stays without the name. How many stay.

    Those who asked have worked with it and answered it, so the words belong to the project; that a person wrote them does not.
    """
    own = Review.objects.filter(person=person)
    own.filter(state=rules.DRAFT).delete()
    stays = own.update(person=None, person_name="")
    Review.objects.filter(by=person).update(by=None)
    for model in (Review, Round):
        model._default_manager.filter(hidden_by=person).update(hidden_by=None)
    Round.objects.filter(asked_by=person).update(asked_by=None)
    Invitation.objects.filter(invited_by=person).update(invited_by=None)
    Invitation.objects.filter(declined_by=person).update(declined_by=None)
    Suggestion.objects.filter(answered_by=person).update(answered_by=None)
    return stays
