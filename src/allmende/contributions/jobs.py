"""What is due without anybody asking: forgetting files that were only rehearsed."""

from django.utils import timezone

from allmende.contributions import actions
from allmende.ground.jobs import daily


@daily("contributions.prune", at_hour=4, at_minute=25)
def prune() -> str:
    """Forget rehearsed files that nobody entered: they name members."""
    return f"{actions.prune_imports(timezone.now())} forgotten"
