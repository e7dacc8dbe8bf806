"""What is due by itself: boards hear of what waits too long, last letters and old declarations are forgotten."""

from django.utils import timezone
from django.utils.timezone import localdate

from allmende.ground.jobs import daily, every
from allmende.joining import actions


@daily("joining.remind", at_hour=6, at_minute=40)
def remind() -> str:
    """Declarations that wait for a fortnight."""
    return f"{actions.remind_boards(localdate())} waiting"


@every("joining.forget_letters", minutes=30)
def forget_letters() -> str:
    """§ 15 II GenG: the data go when the refusal is sent, the letter too."""
    return f"{actions.forget_last_letters(timezone.now())} letters"


@daily("joining.forget", at_hour=4, at_minute=35)
def forget() -> str:
    """Declarations of members whose names were erased in the register."""
    return f"{actions.forget_old(timezone.now())} forgotten"
