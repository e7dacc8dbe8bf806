"""The card of this room. Who answers for an entry: claims, invitations, editing, history."""

from allmende.ground import rooms


class Stewards(rooms.Room):
    name = "allmende.stewards"
    label = "stewards"
