"""The card of this room. What speaks for and against a thing, and what is asked about it: each once, supported, answered."""

from allmende.ground import rooms


class Arguments(rooms.Room):
    name = "allmende.arguments"
    label = "arguments"
