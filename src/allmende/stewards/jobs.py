"""What is tidied up every night: claims and invitations that nobody answered."""

from allmende.ground.jobs import daily
from allmende.stewards import actions


@daily("stewards.expire", at_hour=4)
def expire() -> str:
    """Old claims end with a word to their claimants; addresses of old invitations are forgotten."""
    return f"{actions.expire_claims()} claims, {actions.forget_invitations()} invitations"
