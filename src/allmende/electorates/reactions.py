"""Rolls follow accounts and representatives that come later, and forget with the register."""

from allmende.electorates import actions
from allmende.ground.models import Entry
from allmende.ground.trail import on
from allmende.members.models import Membership
from allmende.networks.models import Representative


@on("members.account_linked", "members.account_unlinked")
def account_changed(entry: Entry) -> None:
    """Who had no account when the roll was frozen may cast with the one that came."""
    membership = Membership.objects.select_related("person").get(pk=entry.about)
    actions.give_account(membership, membership.person)


@on("networks.representative_confirmed")
def represented(entry: Entry) -> None:
    """Somebody may vote for an organisation now."""
    actions.give_representative(Representative.objects.select_related("membership").get(pk=entry.about))


@on("members.membership_erased")
def erased(entry: Entry) -> None:
    """The register has forgotten the name; so do the rolls."""
    actions.forget_membership(Membership.objects.get(pk=entry.about))
