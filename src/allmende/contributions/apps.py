"""The card of this room. What members contribute beside capital: hours, turnover, deliveries; shown as they happen."""

from allmende.ground import rooms


class Contributions(rooms.Room):
    name = "allmende.contributions"
    label = "contributions"
