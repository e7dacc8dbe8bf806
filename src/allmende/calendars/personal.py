"""What the calendar knows of a person: only that there is a secret address, which is not exported and goes with the account."""

from allmende.calendars.models import CalendarKey
from allmende.people.models import Person
from allmende.people.personal import forgets


@forgets("calendars", order=20)
def forget(person: Person) -> None:
    """The address shows nothing any more."""
    CalendarKey.objects.filter(person=person).delete()
