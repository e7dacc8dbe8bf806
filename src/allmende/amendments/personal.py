"""What this room knows of a person: the amendments they proposed. They stay without the name."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.amendments.models import Amendment
from allmende.people.models import Person
from allmende.people.personal import Kept, keeps, knows


@knows("amendments", label=gettext_lazy("Amendments you proposed"))
def data(person: Person) -> list[dict[str, Any]]:
    """With their words and what became of them."""
    found = Amendment.objects.filter(author=person).select_related("proposal").prefetch_related("changes").order_by("pk")
    return [
        {
            "proposal": one.proposal.number,
            "number": one.number,
            "title": one.title,
            "reason": one.reason,
            "text": "\n\n".join(change.text for change in one.changes.all()),
            "state": one.state,
            "at": one.created_at,
        }
        for one in found
    ]


@keeps("amendments")
def kept(person: Person) -> list[Kept]:
    """They belong to the proposal they changed, or tried to."""
    if not Amendment.objects.filter(author=person).exists():
        return []
    why = _("Others have deliberated and decided about them. Your name is taken away.")
    return [Kept(_("Amendments you proposed"), why)]
