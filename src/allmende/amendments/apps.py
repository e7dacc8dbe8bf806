"""The card of this room. Changes proposed to the paragraphs of a proposal: differences, conflicts, what became of each."""

from allmende.ground import rooms


class Amendments(rooms.Room):
    name = "allmende.amendments"
    label = "amendments"
