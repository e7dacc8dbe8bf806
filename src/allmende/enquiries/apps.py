"""The card of this room. Answers to offers and needs: a thread between two organisations and what came of it."""

from allmende.ground import rooms


class Enquiries(rooms.Room):
    name = "allmende.enquiries"
    label = "enquiries"
