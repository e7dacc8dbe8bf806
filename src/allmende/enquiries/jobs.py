"""What is due without anybody asking: outcomes nobody objected to, and one reminder."""

from django.utils import timezone

from allmende.enquiries import actions
from allmende.ground.jobs import daily


@daily("enquiries.settle", at_hour=6, at_minute=10)
def settle() -> str:
    """Let count what was said 14 days ago, and ask after three weeks of silence."""
    now = timezone.now()
    return f"{actions.settle_due(now)} settled, {actions.remind_silent(now)} reminded"
