"""What is due every day: forgetting what was withdrawn."""

from django.utils import timezone

from allmende.arguments import actions
from allmende.ground.jobs import daily


@daily("arguments.forget", at_hour=4, at_minute=50)
def forget() -> str:
    """Delete withdrawn arguments that nobody can bring back any more."""
    return f"{actions.forget_withdrawn(timezone.now())} forgotten"
