"""Every change of who looks after entries."""

from allmende.stewards.actions.caretakers import end_caretaking, end_caretaking_of_the_house, name_caretaker
from allmende.stewards.actions.claims import (
    decide_claim,
    expire_claims,
    open_claim,
    prove_address,
    send_claim_letter_again,
    usable_link,
    vouch_for,
    withdraw_claim,
)
from allmende.stewards.actions.granting import grant
from allmende.stewards.actions.invitations import (
    accept_invitation,
    decline_invitation,
    forget_invitations,
    invite_person,
    require_usable_invitation,
    send_invitation_again,
    withdraw_invitation,
)
from allmende.stewards.actions.merging import follow_merge, undo_follow
from allmende.stewards.actions.personal import erase_person
from allmende.stewards.actions.teams import change_role, end_stewardship, hand_over, leave

__all__ = [
    "accept_invitation",
    "change_role",
    "decide_claim",
    "decline_invitation",
    "end_caretaking",
    "end_caretaking_of_the_house",
    "end_stewardship",
    "erase_person",
    "expire_claims",
    "follow_merge",
    "forget_invitations",
    "grant",
    "hand_over",
    "invite_person",
    "leave",
    "name_caretaker",
    "open_claim",
    "prove_address",
    "require_usable_invitation",
    "send_claim_letter_again",
    "send_invitation_again",
    "undo_follow",
    "usable_link",
    "vouch_for",
    "withdraw_claim",
    "withdraw_invitation",
]
