"""What this room does every day."""

from django.utils.timezone import localdate

from allmende.ground.jobs import daily
from allmende.networks import actions


@daily("networks.belonging", at_hour=1, at_minute=30)
def keep_in_step() -> str:
    """Memberships that began or ended overnight change the map; old names of representatives go."""
    return f"{actions.sync_all()} entries, {actions.forget_names(localdate())} names"
