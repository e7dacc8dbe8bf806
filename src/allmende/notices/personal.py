"""What following knows of a person."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from allmende.notices.models import FeedKey, Follow, Item
from allmende.people.models import Person
from allmende.people.personal import forgets, knows


@knows("notices", label=_("What you follow"))
def data(person: Person) -> list[dict[str, Any]]:
    """One row per follow."""
    found = Follow.objects.filter(person=person).select_related("organisation").order_by("pk")
    return [
        {
            "entry": one.organisation.name if one.organisation else "",
            "search": one.query,
            "frequency": one.frequency,
            "since": one.since.isoformat(),
            "sent_at": one.sent_at.isoformat() if one.sent_at else "",
        }
        for one in found
    ]


@forgets("notices", order=20)
def forget(person: Person) -> None:
    """All of it."""
    Item.objects.filter(person=person).delete()
    Follow.objects.filter(person=person).delete()
    FeedKey.objects.filter(person=person).delete()
