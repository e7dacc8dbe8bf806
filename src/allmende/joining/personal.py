"""What this room knows of a person: what they declared. Open declarations go with the account, admitted ones are the register's proof."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.joining.actions.closing import close
from allmende.joining.models import Application, Reason, State
from allmende.members.actions import locked
from allmende.people.models import Person
from allmende.people.personal import Kept, announces, forgets, keeps, knows

announces("joining", label=gettext_lazy("Joining cooperatives"))

COLUMNS = (
    "uuid", "cooperative__organisation__name", "state", "kind", "party", "family_name", "given_name", "firm", "register", "represented_by",
    "street", "postcode", "town", "country", "email", "phone", "language", "shares", "group__name", "text_shown", "sha256",
    "acknowledgements", "note", "iban", "holder", "mandate_text", "declared_at", "question", "answer", "admitted_on",
)  # fmt: skip


@knows("joining", label=gettext_lazy("Declarations of accession"))
def declared(person: Person) -> list[dict[str, Any]]:
    """What was declared while signed in, and what led to one's own membership."""
    mine = Application.objects.filter(Q(person=person) | Q(membership__person=person), erased_at=None).order_by("pk")
    return [{**row, "uuid": str(row["uuid"])} for row in mine.values(*COLUMNS)]


@keeps("joining")
def kept(person: Person) -> list[Kept]:
    """Admitted declarations."""
    if not Application.objects.filter(person=person, state=State.ADMITTED, erased_at=None).exists():
        return []
    why = _(
        "The declaration of accession is the proof of a membership. The cooperative keeps it until three years after the exit (§ 30 GenG)."
    )
    return [Kept(_("Declarations of accession that were admitted"), why)]


@forgets("joining", order=30)
def forget(person: Person) -> list[Kept] | None:
    """What still waits is taken back; what was admitted stays with the register, without the account."""
    result = kept(person)
    for application in list(
        Application.objects.filter(person=person, state=State.DECLARED).select_related("cooperative").order_by("cooperative")
    ):
        locked(application.cooperative)
        close(application, State.WITHDRAWN, Reason.NONE, by=None)
    Application.objects.filter(person=person).update(person=None)
    return result
