"""The rooms of the house, ground floor first. A room is an app whose card says its address and its word in the menu."""

from collections.abc import Iterator

from django.apps import AppConfig, apps

ROOMS = (
    "ground", "web", "people", "places", "directory", "duplicates", "stewards", "editing", "suggestions", "freshness", "comments",
    "files", "arguments", "calendars", "constitution", "members", "money", "banking", "contributions", "joining", "leaving", "intake",
    "surplus", "networks", "auditing", "electorates", "processes", "ballots", "resolutions", "ideas", "opinions", "proposals",
    "amendments", "cockpit", "atlas", "opendata", "exchange", "enquiries", "matching", "projects", "feedback", "circles", "commons",
    "notices", "desk", "home",
)  # fmt: skip


class Room(AppConfig):
    """A room's card. `address` is its first path segment (may be empty), `menu` its word in the navigation."""

    default_auto_field = "django.db.models.BigAutoField"
    address = ""
    menu = ""


def rooms() -> Iterator[Room]:
    """All open rooms, ground floor first."""
    for config in apps.get_app_configs():
        if isinstance(config, Room):
            yield config
