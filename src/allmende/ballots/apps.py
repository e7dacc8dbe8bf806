"""The card of this room. Ways of deciding and ballot boxes: rule, voting, counting, results that anybody can count again."""

from allmende.ground import rooms


class Ballots(rooms.Room):
    name = "allmende.ballots"
    label = "ballots"
