"""The card of this room. What members contribute beside capital: hours, turnover, deliveries; shown as they happen."""

from allmende.ground import rooms


class Contributions(rooms.Room):
    name = "allmende.contributions"
    label = "contributions"

    def ready(self) -> None:
        """What is written into these tables stays."""
        from allmende.contributions.models import ClosedYear, Confirmation, Contribution, RuleChoice
        from allmende.ground.ledger import keep_lines

        for table in (Contribution, Confirmation, RuleChoice, ClosedYear):
            keep_lines(table)
