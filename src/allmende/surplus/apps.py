"""The card of this room. What becomes of a surplus: distribution, interest, patronage refund; books for the accountant."""

from allmende.ground import rooms


class Surplus(rooms.Room):
    name = "allmende.surplus"
    label = "surplus"
