"""Answers to what happens below: usual groups of a new cooperative, entries that are merged, roles that follow memberships."""

from typing import Any

from django.db.models import QuerySet

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative, Office
from allmende.duplicates.actions import follows_merges
from allmende.ground.models import Entry
from allmende.ground.trail import on
from allmende.members import access, actions
from allmende.members.models import Membership
from allmende.people.models import Person

follows_merges(Membership)


@constitution.stays_open_for
def members(person: Person) -> QuerySet[Any]:
    """A membership does not end with an entry of the map: its member finds the way in (exit, § 31 GenG) also when that is archived."""
    return access.own(person).values("cooperative")


@on("constitution.cooperative_set_up")
def usual_groups(entry: Entry) -> None:
    """Employees, partners, customers, supporters: who they are can be changed, and further groups added."""
    actions.make_usual_groups(Cooperative.objects.get(pk=entry.facts["cooperative"]))


@on("constitution.office_given", "constitution.office_linked")
def only_members_lead(entry: Entry) -> None:
    """Board and supervisory board are members (§ 9 II GenG), also where the account is joined later; Refused where not."""
    actions.require_member_in_office(Office.objects.select_related("cooperative__organisation", "person").get(pk=entry.about))


@on("members.member_entered", "members.account_linked", "members.end_taken_back")
def role_begins(entry: Entry) -> None:
    """Who is a member sees what is for members of the organisation."""
    actions.give_role(Membership.objects.select_related("cooperative__organisation", "person").get(pk=entry.about))


@on("members.membership_ended", "members.account_unlinked")
def role_ends(entry: Entry) -> None:
    """With the last day, or when the account is taken away from the membership."""
    membership = Membership.objects.select_related("cooperative__organisation").get(pk=entry.about)
    actions.end_roles(membership.cooperative, by=entry.by, person_id=entry.facts.get("person", membership.person_id))
