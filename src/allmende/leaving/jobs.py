"""What is due every day: telling boards of exits that can be settled, forgetting contacts of heirs."""

from django.utils.timezone import localdate

from allmende.ground.jobs import daily
from allmende.leaving import actions


@daily("leaving.settlements", at_hour=7, at_minute=10)
def settlements() -> str:
    """Boards hear of exits that have come, and again before a payout is due."""
    return f"{actions.remind_of_settlements(localdate())} told"


@daily("leaving.forget", at_hour=4, at_minute=20)
def forget() -> str:
    """Contacts of heirs are not kept longer than they are needed."""
    return f"{actions.forget_contacts(localdate())} forgotten"
