"""The card of this room. What others point out: changes, problems, missing organisations, reports of illegal content."""

from allmende.ground import rooms


class Suggestions(rooms.Room):
    name = "allmende.suggestions"
    label = "suggestions"
