"""The card of this room. Which offers fit which needs: a score everybody can follow, its reasons, and what does not fit."""

from allmende.ground import rooms


class Matching(rooms.Room):
    name = "allmende.matching"
    label = "matching"
