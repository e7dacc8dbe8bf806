"""What is due without anybody asking: matching, sending, forgetting."""

from django.utils import timezone

from allmende.ground.jobs import daily, every
from allmende.notices import actions


@every("notices.tell", minutes=2)
def tell() -> str:
    """Match what happened and write the digests that are due."""
    matched = actions.match_all()
    return f"{matched} matched, {actions.send_due(timezone.now())} letters"


@daily("notices.prune", at_hour=4, at_minute=20)
def prune() -> str:
    """Forget old news."""
    return f"{actions.prune(timezone.now())} forgotten"
