"""Whose calendar this is."""

from allmende.calendars.models import CalendarKey
from allmende.people.models import Person


def person_behind(word: str) -> Person | None:
    """Whom the word in an address belongs to; nobody any more once the account is closed."""
    key = CalendarKey.objects.filter(word=word, person__is_active=True).select_related("person").first()
    return key.person if key else None
