"""The card of this room. Who may vote: taken from the register on a day, frozen with a hash, with the reason for every single person."""

from allmende.ground import rooms


class Electorates(rooms.Room):
    name = "allmende.electorates"
    label = "electorates"
