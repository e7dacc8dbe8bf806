"""The card of this room. What people say to each other about a thing of the house: threads, one kind for all rooms."""

from allmende.ground import rooms


class Comments(rooms.Room):
    name = "allmende.comments"
    label = "comments"
