"""The card of this room. Who may vote: taken from the register on a day, frozen with a hash, with the reason for every single person."""

from allmende.ground import rooms


class Electorates(rooms.Room):
    name = "allmende.electorates"
    label = "electorates"

    def ready(self) -> None:
        """What stands in a frozen roll stays there."""
        from allmende.electorates.models import Excluded, Voter
        from allmende.ground.ledger import keep_lines

        for table in (Voter, Excluded):
            keep_lines(table)
