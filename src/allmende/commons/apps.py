"""The card of this room. The data cooperative: rules of the network about its data, requests to use them, access and its log."""

from allmende.ground import rooms


class Commons(rooms.Room):
    name = "allmende.commons"
    label = "commons"
