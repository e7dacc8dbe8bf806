"""The card of this room. Files people attach: checked, written anew where possible, served safely."""

from allmende.ground import rooms


class Files(rooms.Room):
    name = "allmende.files"
    label = "files"
