"""The key to a calendar is made and renewed."""

from django.db import transaction

from allmende.calendars.models import CalendarKey, new_word
from allmende.people.models import Person


@transaction.atomic
def calendar_key(person: Person, *, renew: bool = False) -> CalendarKey:
    """The key to somebody's own calendar, made on first use."""
    key, _is_new = CalendarKey.objects.get_or_create(person=person)
    if renew:
        key.word = new_word()
        key.save(update_fields=["word"])
    return key
