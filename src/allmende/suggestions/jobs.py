"""What is due every day: raising what nobody decides on, forgetting what is over."""

from allmende.ground.jobs import daily
from allmende.suggestions import actions


@daily("suggestions.raise", at_hour=6, at_minute=20)
def raise_waiting() -> str:
    """Caretakers hear of suggestions that wait for a fortnight."""
    return f"{actions.raise_waiting()} raised"


@daily("suggestions.forget", at_hour=4, at_minute=10)
def forget_old() -> str:
    """What is over goes: persons first, words later."""
    counts = actions.forget_old()
    return ", ".join(f"{number} {what}" for what, number in counts.items())
