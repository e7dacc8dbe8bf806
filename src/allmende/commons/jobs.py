"""What is due without anybody asking: votes that end, addresses that are no longer needed."""

from django.utils import timezone

from allmende.commons import actions, queries
from allmende.ground.jobs import daily, every


@every("commons.close_votes", minutes=5)
def close_votes() -> str:
    """Count what is over."""
    now = timezone.now()
    return f"{len([actions.close_rules(one, now) for one in queries.due(now)])} counted"


@daily("commons.forget_addresses", at_hour=4)
def forget_addresses() -> str:
    """Least data: nobody's address is kept longer than its use."""
    return f"{actions.forget_addresses(timezone.localdate())} forgotten"
