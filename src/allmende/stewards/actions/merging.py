"""What becomes of open claims and invitations when two entries become one, or two again."""

from django.db import transaction
from django.utils import timezone

from allmende.stewards.models import Claim, ClaimState, Invitation, InvitationState


@transaction.atomic
def follow_merge(*, loser: int, winner: int) -> None:
    """Move what is open to the entry that stays. Where the same is open there already, or there is nothing left to ask, it is closed."""
    asked = Claim.objects.filter(organisation=winner, state=ClaimState.OPEN).values("person")
    claims = Claim.objects.filter(organisation=loser, state=ClaimState.OPEN)
    claims.filter(person__in=list(asked.values_list("person", flat=True))).update(
        state=ClaimState.WITHDRAWN, decided_at=timezone.now(), address=""
    )
    claims.update(organisation=winner, came_from=loser)
    invited = Invitation.objects.filter(organisation=winner, state=InvitationState.OPEN)
    invitations = Invitation.objects.filter(organisation=loser, state=InvitationState.OPEN)
    invitations.filter(email__in=list(invited.values_list("email", flat=True))).update(
        state=InvitationState.WITHDRAWN, decided_at=timezone.now(), email=""
    )
    invitations.update(organisation=winner, came_from=loser)


@transaction.atomic
def undo_follow(*, loser: int, winner: int) -> None:
    """Move what came along and is still open back to its own entry, unless the same was opened there meanwhile."""
    claims = Claim.objects.filter(organisation=winner, came_from=loser, state=ClaimState.OPEN)
    there = Claim.objects.filter(organisation=loser, state=ClaimState.OPEN).values_list("person", flat=True)
    claims.exclude(person__in=list(there)).update(organisation=loser, came_from=None)
    invitations = Invitation.objects.filter(organisation=winner, came_from=loser, state=InvitationState.OPEN)
    invited = Invitation.objects.filter(organisation=loser, state=InvitationState.OPEN).values_list("email", flat=True)
    invitations.exclude(email__in=list(invited)).update(organisation=loser, came_from=None)
