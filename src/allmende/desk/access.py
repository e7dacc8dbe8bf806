"""Who may work at the desk. What lies on it is decided by the rooms it comes from, each by its own access."""

from allmende.directory.access import may_caretake, may_caretake_somewhere
from allmende.people.queries import Viewer


def may_work_here(viewer: Viewer) -> bool:
    """Caretakers of the house and of any region or sector."""
    return may_caretake_somewhere(viewer)


def may_see_background(viewer: Viewer) -> bool:
    """What the machine does in the background is a matter of the whole house."""
    return may_caretake(viewer)
