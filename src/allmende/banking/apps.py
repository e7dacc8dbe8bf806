"""The card of this room. What comes from the bank and goes to it: account statements, direct debits, payouts."""

from allmende.ground import rooms


class Banking(rooms.Room):
    name = "allmende.banking"
    label = "banking"
