"""What this room knows of a person: that they uploaded or entered lists. The lists themselves are gone after a week at the latest."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allmende.intake.models import Intake
from allmende.people.models import Person
from allmende.people.personal import knows


@knows("intake", label=_("Lists of members you took over"))
def data(person: Person) -> list[dict[str, Any]]:
    """One row per list."""
    found = Intake.objects.filter(Q(uploaded_by=person) | Q(started_by=person)).select_related("cooperative__organisation").order_by("pk")
    return [
        {
            "cooperative": str(one.cooperative),
            "file": one.name,
            "state": one.state,
            "uploaded_at": one.uploaded_at.isoformat(),
            "done_at": one.done_at.isoformat() if one.done_at else None,
        }
        for one in found
    ]
