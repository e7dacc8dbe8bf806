"""The card of the ground floor; when all rooms are open it wakes their reactions."""

from django.utils.module_loading import autodiscover_modules

from allmende.ground import rooms


class Ground(rooms.Room):
    name = "allmende.ground"
    label = "ground"

    def ready(self) -> None:
        """Find what every room answers, checks, shows elsewhere, does in the background, knows of persons and lets be discussed."""
        autodiscover_modules("reactions", "checks", "panels", "tasks", "personal", "subjects")
