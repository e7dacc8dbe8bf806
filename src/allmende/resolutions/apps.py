"""The card of this room. The register of resolutions: what was decided, by which votes, who does what by when, and what became of it."""

from allmende.ground import rooms


class Resolutions(rooms.Room):
    name = "allmende.resolutions"
    label = "resolutions"
