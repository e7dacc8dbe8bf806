"""The card of this room. Proposals in numbered paragraphs and versions: authors, supporters, from the idea to the resolution."""

from allmende.ground import rooms


class Proposals(rooms.Room):
    name = "allmende.proposals"
    label = "proposals"
