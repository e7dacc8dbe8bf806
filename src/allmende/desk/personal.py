"""What the desk knows of a person: imports they looked at."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from allmende.desk.models import Looked
from allmende.people.models import Person
from allmende.people.personal import knows


@knows("desk", label=_("Imports you looked at"))
def data(person: Person) -> list[dict[str, Any]]:
    """One row per import; erasing the account takes the name off them."""
    found = Looked.objects.filter(by=person).select_related("revision_set").order_by("pk")
    return [{"import": one.revision_set.reason, "at": one.at.isoformat()} for one in found]
