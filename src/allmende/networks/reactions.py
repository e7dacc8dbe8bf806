"""What networks answer to the register and the map: no circles, who confirmed by applying, belonging kept in step."""

from allmende.duplicates.actions import follows_merges
from allmende.ground.models import Entry
from allmende.ground.trail import on
from allmende.members.models import Membership
from allmende.networks import actions, letters
from allmende.networks.models import Bond

follows_merges(Bond)


def _membership(entry: Entry) -> Membership:
    found = Membership.objects.select_related("cooperative__organisation", "organisation", "person")
    return found.get(pk=entry.about)


@on("members.member_entered")
def entered(entry: Entry) -> None:
    """Refused where networks would close a circle. Otherwise the organisation has confirmed by applying, or is asked."""
    if not Membership.objects.filter(pk=entry.about, organisation__isnull=False).exists():
        return  # nearly all of a list that comes in: one short question each
    membership = _membership(entry)
    actions.require_no_circle(membership)
    if "application" in entry.facts:
        actions.bond_by_application(membership)
    actions.keep_in_step(membership, by=entry.by)
    letters.ask_organisation(membership)


@on("members.organisation_linked", "members.account_linked")
def linked(entry: Entry) -> None:
    """Another entry of the map, or the account of who may speak for it."""
    membership = _membership(entry)
    actions.follow_link(membership, by=entry.by)
    if entry.verb == "members.organisation_linked":
        letters.ask_organisation(membership)


@on("members.membership_ended")
def ended(entry: Entry) -> None:
    """Those who act for the member do so until its last day; the map follows the day after."""
    membership = _membership(entry)
    actions.end_with_membership(membership)
    actions.keep_in_step(membership, by=entry.by)


@on("members.end_taken_back")
def stays(entry: Entry) -> None:
    """It belongs to the network again."""
    actions.keep_in_step(_membership(entry), by=entry.by)
