"""The card of the ground floor; when all rooms are open it wakes their reactions."""

from django.utils.module_loading import autodiscover_modules

from allmende.ground import rooms


class Ground(rooms.Room):
    name = "allmende.ground"
    label = "ground"

    def ready(self) -> None:
        """Find every room's `reactions.py` and `checks.py`."""
        autodiscover_modules("reactions", "checks")
