"""The card of this room. Innovation projects: from the idea to running it, with partners who each say so themselves."""

from allmende.ground import rooms


class Projects(rooms.Room):
    name = "allmende.projects"
    label = "projects"
