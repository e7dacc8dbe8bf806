"""The card of this room. A person's own calendar feed: rooms say what stands in it."""

from allmende.ground import rooms


class Calendars(rooms.Room):
    name = "allmende.calendars"
    label = "calendars"
