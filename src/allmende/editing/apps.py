"""The card of this room. Entering a new organisation, editing an entry together, its history and going back in it."""

from allmende.ground import rooms


class Editing(rooms.Room):
    name = "allmende.editing"
    label = "editing"
