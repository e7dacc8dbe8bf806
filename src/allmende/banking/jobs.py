"""What is due without anybody asking: forgetting what is no longer needed."""

from django.utils.timezone import localdate

from allmende.banking import actions
from allmende.ground.jobs import daily


@daily("banking.forget", at_hour=4, at_minute=40)
def forget() -> str:
    """Unfinished tables after a day, mandates after the time in which they are evidence, expired ones end."""
    ended = actions.end_expired(localdate())
    erased = actions.erase_mandates(localdate())
    return f"{actions.forget_uploads()} files, {ended} mandates ended, {erased} mandates erased"
