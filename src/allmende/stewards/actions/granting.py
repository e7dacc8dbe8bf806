"""The building block under every way in: somebody now looks after an entry, or no longer does."""

from django.db import transaction
from django.utils import timezone

from allmende.directory.models import Organisation, Role, Stewardship
from allmende.ground import trail
from allmende.people.models import Person
from allmende.stewards import rules


def locked(organisation: Organisation) -> Organisation:
    """The entry as it stands now; nobody else changes who looks after it until this transaction ends."""
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


@transaction.atomic
def grant(organisation: Organisation, person: Person, *, role: str, proof: str, by: Person | None = None) -> Stewardship:
    """Let somebody look after an entry from now on. Asks nobody: the caller has checked that it is right.

    Who holds the same or a higher role keeps it as it is; who holds a lower one gets the new role and its proof.
    """
    locked(organisation)
    held = Stewardship.objects.filter(organisation=organisation, person=person, until=None).first()
    if held and not rules.is_higher(role, held.role):
        return held
    if held:
        held.role, held.proof = Role(role), proof
        held.save(update_fields=["role", "proof"])
    else:
        held = Stewardship.objects.create(organisation=organisation, person=person, role=role, proof=proof, since=timezone.now())
    trail.record(
        "stewards.stewardship_granted", by=by, about=organisation, stewardship=held.pk, person=person.pk, role=str(role), proof=str(proof)
    )
    return held


def end(stewardship: Stewardship, *, by: Person | None, why: str) -> None:
    """End a stewardship now; the row stays as history. `why` is a word for the trail: left, ended, erased."""
    stewardship.until = max(timezone.now(), stewardship.since)
    stewardship.save(update_fields=["until"])
    trail.record(
        "stewards.stewardship_ended",
        by=by,
        about=stewardship.organisation,
        stewardship=stewardship.pk,
        person=stewardship.person_id,
        role=stewardship.role,
        why=why,
    )


def owners_of(organisation: Organisation) -> int:
    """How many people answer for the entry today."""
    return Stewardship.objects.filter(organisation=organisation, until=None, role=Role.OWNER).count()
