"""Accounts and entries that belong to a membership. An account is joined by a link sent to the register's own address, never by typing."""

from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.directory.models import Organisation, Proof, Role, State, Stewardship
from allmende.ground import trail
from allmende.ground.refusals import Refused, require
from allmende.members import access, letters, queries, rules
from allmende.members.actions.base import locked, require_administration, taken
from allmende.members.models import Membership
from allmende.people.models import Person
from allmende.stewards.actions import grant
from allmende.stewards.actions.granting import end

_SALT = "members.link"


@transaction.atomic
def invite_account(membership: Membership, *, by: Person) -> str:
    """Send the register's address the link by which its owner joins their account; says to which address. An earlier link ends."""
    membership = taken(membership)
    require_administration(by, membership.cooperative)
    require(membership.person_id is None, _("An account belongs to this membership already."), Refused)
    address = queries.particulars_of(membership).email
    require(address, _("The register knows no e-mail address of this member. Enter it first."), Refused)
    membership.invited_at = timezone.now()
    membership.save(update_fields=["invited_at"])
    letters.account_invited(membership, token_of(membership), address)
    trail.record("members.account_invited", by=by, about=membership, cooperative=membership.cooperative_id)
    return address


def token_of(membership: Membership) -> str:
    """The secret part of the link in the letter. It ends with the next one, with the joining, and after two weeks."""
    return signing.dumps([membership.pk, _moment(membership.invited_at)], salt=_SALT)


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def invited_by(token: str, cooperative: Cooperative) -> Membership | None:
    """Which membership a link is for; None for links that are wrong, used or too old."""
    try:
        pk, moment = signing.loads(token, salt=_SALT, max_age=timedelta(days=rules.LINK_DAYS))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found = Membership.objects.filter(pk=pk, cooperative=cooperative, person=None, erased_at=None).first()
    return found if found and found.invited_at and _moment(found.invited_at) == moment else None


@transaction.atomic
def accept_link(token: str, cooperative: Cooperative, *, by: Person) -> Membership:
    """Join the own account to the membership the link was sent for."""
    cooperative = locked(cooperative)
    membership = invited_by(token, cooperative)
    if membership is None:
        raise Refused(_("This link is not valid any more. Ask the cooperative for a new one."))
    today = localdate()
    held = access.own(by).filter(access.active_on(today), cooperative=cooperative).first()
    require(held is None, _("Your account belongs to another membership here already."), Refused)
    membership.person, membership.invited_at = by, None
    membership.save(update_fields=["person", "invited_at"])
    trail.record("members.account_linked", by=by, about=membership, cooperative=cooperative.pk)
    return membership


@transaction.atomic
def unlink_account(membership: Membership, *, by: Person) -> None:
    """The account no longer belongs to the membership, which stays as it is. Twice is once."""
    membership = taken(membership)
    require_administration(by, membership.cooperative)
    person = membership.person
    if person is None:
        return
    membership.person = None
    membership.save(update_fields=["person"])
    facts: dict[str, Any] = {"cooperative": membership.cooperative_id, "person": person.pk}
    trail.record("members.account_unlinked", by=by, about=membership, **facts)
    letters.account_unlinked(membership, person)


@transaction.atomic
def link_organisation(membership: Membership, organisation: Organisation | None, *, by: Person) -> None:
    """Say which entry of the map this member is, or that it is none."""
    membership = taken(membership)
    require_administration(by, membership.cooperative)
    known = organisation is None or organisation.state == State.PUBLISHED
    require(known, _("There is no published entry with this name."), Refused)
    if organisation and organisation.pk == membership.cooperative.organisation_id:
        raise Refused(_("A cooperative is not a member of itself."))
    membership.organisation = organisation
    membership.save(update_fields=["organisation"])
    about = organisation.pk if organisation else None
    trail.record("members.organisation_linked", by=by, about=membership, cooperative=membership.cooperative_id, organisation=about)


def give_role(membership: Membership) -> None:
    """An active member's account sees what is for members of the organisation; who looks after the entry keeps that role."""
    person, today = membership.person, localdate()
    if person is None or not person.is_active or not rules.is_active(membership.joined_on, membership.ends_on, today):
        return
    grant(membership.cooperative.organisation, person, role=Role.MEMBER, proof=Proof.MEMBERSHIP)


def end_roles(cooperative: Cooperative, *, by: Person | None, person_id: int | None) -> None:
    """End the role of somebody who is no member here any more; roles above that of a member, or given otherwise, stay."""
    active = Membership.objects.filter(access.active_on(localdate()), cooperative=cooperative, person=person_id)
    if person_id is None or active.exists():
        return
    held = Stewardship.objects.select_for_update(of=("self",)).filter(
        organisation=cooperative.organisation_id, person=person_id, role=Role.MEMBER, proof=Proof.MEMBERSHIP, until=None
    )
    for one in held.select_related("organisation"):
        end(one, by=by, why="membership_ended")


@transaction.atomic
def follow_days() -> tuple[int, int]:
    """Roles follow memberships that began or ended by the calendar; says how many were given and ended."""
    today = localdate()
    begun = Membership.objects.filter(access.active_on(today), person__isnull=False, joined_on__gte=today - timedelta(days=rules.ROLE_DAYS))
    given = 0
    for one in begun.select_related("cooperative__organisation", "person"):
        ever = Stewardship.objects.filter(organisation=one.cooperative.organisation_id, person=one.person)
        if not ever.exists():  # who left the team on their own is not put back
            give_role(one)
            given += 1
    gone = Membership.objects.filter(ends_on__lt=today, ends_on__gte=today - timedelta(days=rules.ROLE_DAYS), person__isnull=False)
    for one in gone.select_related("cooperative__organisation"):
        end_roles(one.cooperative, by=None, person_id=one.person_id)
    return given, gone.count()
