"""What is due again and again: telling participants that a phase opens or ends soon."""

from django.utils import timezone

from allmende.ground.jobs import every
from allmende.processes import actions


@every("processes.tell", minutes=10)
def tell() -> str:
    """Tell of phases that opened and of those that end within a day."""
    return f"{actions.tell_of_phases(timezone.now())} phases told"
