"""The card of this room. Offers and needs: what cooperatives and their members give, look for and lend each other."""

from allmende.ground import rooms


class Exchange(rooms.Room):
    name = "allmende.exchange"
    label = "exchange"
