"""Forgetting a person who looked after entries."""

from django.db import transaction
from django.utils import timezone

from allmende.directory.models import Stewardship
from allmende.people.models import Person
from allmende.people.personal import own_addresses
from allmende.stewards import letters, rules
from allmende.stewards.actions.granting import end, locked, owners_of
from allmende.stewards.actions.invitations import withdraw_invitations_by
from allmende.stewards.models import Claim, Invitation, InvitationState, Vouch


@transaction.atomic
def erase_person(person: Person) -> None:
    """End all they look after, take their claims, vouches and invitations away. The caller has asked what stands in the way.

    Those who answer for the entries are told that somebody left; of entries off the map only the caretakers are.
    """
    held = Stewardship.objects.filter(person=person, until=None).select_related("organisation", "person").order_by("organisation", "pk")
    for one in held:
        _end(one)
    Vouch.objects.filter(person=person).delete()
    Claim.objects.filter(person=person).delete()
    Claim.objects.filter(decided_by=person).update(decided_by=None)
    to_them = Invitation.objects.filter(state=InvitationState.OPEN, email__in=own_addresses(person))
    to_them.update(state=InvitationState.WITHDRAWN, email="", decided_at=timezone.now())
    Invitation.objects.filter(person=person).update(person=None)
    Invitation.objects.filter(by=person).update(by=None, message="")


def _end(held: Stewardship) -> None:
    locked(held.organisation)
    was_last = rules.loses_last_owner(owners_of(held.organisation), held.role, None)
    end(held, by=None, why="erased")
    withdraw_invitations_by(held.person, held.organisation)
    letters.left(held)
    if was_last:
        letters.without_steward(held.organisation, but=held.person)
