"""Those who look after an entry: changing roles, ending, handing over, leaving. Never the last owner by accident."""

from django.db import transaction
from django.utils.translation import gettext as _

from allmende.directory.models import Organisation, Role, Stewardship
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, require
from allmende.ground.text import clean
from allmende.people.models import Person
from allmende.stewards import access, letters, rules
from allmende.stewards.actions.granting import end, locked, owners_of
from allmende.stewards.actions.invitations import withdraw_invitations_by


@transaction.atomic
def change_role(stewardship: Stewardship, role: str, *, by: Person, without_successor: bool = False) -> Stewardship:
    """Give somebody of the team another role."""
    held = _taken(stewardship)
    require(access.may_lead_team(by, held.organisation), _("Only who answers for the entry can change roles."), NotAllowed)
    require(role in Role.values, _("Please choose what they may do."), BadInput)
    if held.role == role:
        return held
    _require_successor(held, role, by, without_successor)
    was_last = rules.loses_last_owner(owners_of(held.organisation), held.role, role)
    before, held.role = held.role, Role(role)
    held.save(update_fields=["role"])
    facts = {"stewardship": held.pk, "person": held.person_id, "before": before, "after": str(role)}
    trail.record("stewards.role_changed", by=by, about=held.organisation, **facts)
    _after(held, by, was_last, kept=role == Role.OWNER)
    if held.person_id != by.pk:
        letters.role_changed(held)
    return held


@transaction.atomic
def end_stewardship(stewardship: Stewardship, *, by: Person, reason: str = "", without_successor: bool = False) -> None:
    """Let somebody no longer look after the entry; they are told, with the reason."""
    held = _taken(stewardship)
    require(access.may_lead_team(by, held.organisation), _("Only who answers for the entry can take others out of its team."), NotAllowed)
    require(held.person_id != by.pk, _("To stop yourself, use “Leave the team”."))
    _require_successor(held, None, by, without_successor)
    was_last = rules.loses_last_owner(owners_of(held.organisation), held.role, None)
    end(held, by=by, why="ended")
    _after(held, by, was_last, kept=False)
    letters.ended(held, clean(reason)[:500])


@transaction.atomic
def leave(organisation: Organisation, *, by: Person, without_successor: bool = False) -> None:
    """Stop looking after an entry. Who answers for it alone hands it over first, or says plainly that there is no successor."""
    locked(organisation)
    held = Stewardship.objects.filter(organisation=organisation, person=by, until=None).select_related("organisation", "person").first()
    require(held, _("You do not look after this entry."))
    assert held is not None  # noqa: S101 - said for mypy, required above
    _require_successor(held, None, by, without_successor)
    was_last = rules.loses_last_owner(owners_of(organisation), held.role, None)
    end(held, by=by, why="left")
    _after(held, by, was_last, kept=False)
    letters.left(held)


@transaction.atomic
def hand_over(organisation: Organisation, to: Stewardship, *, by: Person, stay: bool = True) -> Stewardship:
    """Make somebody of the team answer for the entry in one's own place; who hands over goes on editing, or leaves."""
    to = _taken(to)
    require(to.organisation_id == organisation.pk, _("This person does not look after the entry."))
    mine = Stewardship.objects.filter(organisation=organisation, person=by, until=None, role=Role.OWNER).select_related("person").first()
    require(mine, _("Only who answers for the entry can hand it over."), NotAllowed)
    require(to.person_id != by.pk, _("Please choose somebody else."))
    change_role(to, Role.OWNER, by=by)
    assert mine is not None  # noqa: S101 - said for mypy, required above
    if stay:
        change_role(mine, Role.EDITOR, by=by)
    else:
        leave(organisation, by=by)
    trail.record("stewards.handed_over", by=by, about=organisation, stewardship=to.pk, person=to.person_id)
    to.role = Role.OWNER
    return to


def _taken(stewardship: Stewardship) -> Stewardship:
    """The stewardship as it stands now, with the entry locked: of two who leave at once, the second sees that the first is gone."""
    locked(stewardship.organisation)
    held = Stewardship.objects.filter(pk=stewardship.pk, until=None).select_related("organisation", "person").first()
    require(held, _("This person no longer looks after the entry."))
    assert held is not None  # noqa: S101 - said for mypy, required above
    return held


def _require_successor(held: Stewardship, after: str | None, by: Person, without_successor: bool) -> None:
    is_last = rules.loses_last_owner(owners_of(held.organisation), held.role, after)
    sentence = (
        _("You are the only one who answers for this entry. Hand it over first, or leave it without a successor.")
        if held.person_id == by.pk
        else _("Nobody else answers for this entry. Make somebody else its owner first, or leave it without a successor.")
    )
    require(not is_last or without_successor, sentence)


def _after(held: Stewardship, by: Person | None, was_last: bool, *, kept: bool) -> None:
    """What follows when somebody no longer answers for an entry: their invitations end, its caretakers learn that nobody does."""
    if kept:
        return
    withdraw_invitations_by(held.person, held.organisation)
    if was_last:
        trail.record("stewards.left_without_steward", by=by, about=held.organisation)
        letters.without_steward(held.organisation, but=by)
