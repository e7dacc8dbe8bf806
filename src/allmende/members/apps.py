"""The card of this room. Who belongs to a cooperative: the register as the law wants it, shares in a ledger, as of any date."""

from allmende.ground import rooms


class Members(rooms.Room):
    name = "allmende.members"
    label = "members"

    def ready(self) -> None:
        """Lines of the ledger are never deleted."""
        from allmende.ground.ledger import keep_lines
        from allmende.members.models import ShareEntry

        keep_lines(ShareEntry)
