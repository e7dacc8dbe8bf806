"""The card of this room. Member lists that come from elsewhere: columns, a rehearsal, duplicates, opening balances."""

from allmende.ground import rooms


class Intake(rooms.Room):
    name = "allmende.intake"
    label = "intake"
