"""What this room does every day."""

from django.utils import timezone

from allmende.ground.jobs import daily
from allmende.intake import actions


@daily("intake.forget", at_hour=3, at_minute=20)
def forget() -> str:
    """Member lists that were uploaded and not entered do not stay."""
    return f"{actions.forget(timezone.now())} lists"
