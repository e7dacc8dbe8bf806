"""The card of this room."""

from allmende.ground import rooms


class Directory(rooms.Room):
    name = "allmende.directory"
    label = "directory"
