"""What is due every day: forgetting what was deleted, and what was said about things that are no more."""

from django.utils import timezone

from allmende.comments import actions
from allmende.ground.jobs import daily


@daily("comments.forget", at_hour=4, at_minute=40)
def forget() -> str:
    """Forget the words of deleted comments, and comments without their thing."""
    return f"{actions.forget_deleted(timezone.now())} emptied, {actions.forget_gone()} went with their things"
