"""The card of this room. What members pay and are owed: the money ledger, requests for payment, the bank, direct debits and payouts."""

from allmende.ground import rooms


class Money(rooms.Room):
    name = "allmende.money"
    label = "money"

    def ready(self) -> None:
        """Lines of the ledger are never deleted."""
        from allmende.ground.ledger import keep_lines
        from allmende.money.models import Booking

        keep_lines(Booking)
