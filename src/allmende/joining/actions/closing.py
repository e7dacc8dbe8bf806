"""What all changes of a declaration share: taking it under the lock, and letting it go without a trace."""

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.ground import trail
from allmende.ground.refusals import Refused
from allmende.joining import letters
from allmende.joining.models import Application, Closed
from allmende.members.actions import locked
from allmende.people.models import Person


def taken(application: Application) -> Application:
    """The declaration as it is now, held until the transaction ends. Refused where somebody was faster and it is gone."""
    locked(application.cooperative)
    found = Application.objects.select_for_update(of=("self",)).filter(pk=application.pk, erased_at=None)
    present = found.select_related(
        "cooperative__organisation", "statute", "group", "membership", "organisation", "person", "further"
    ).first()
    if present is None:
        raise Refused(_("This declaration is not there any more: it was refused or taken back."))
    return present


@transaction.atomic
def close(application: Application, state: str, reason: str, *, by: Person | None) -> Closed:
    """Delete the declaration and all letters about it except the last one, and count it (§ 15 II GenG)."""
    closed = Closed.objects.create(
        cooperative=application.cooperative,
        state=state,
        reason=reason,
        is_further=application.further_id is not None,
        declared_on=application.declared_on,
        closed_on=localdate(),
    )
    letters.forget(application, but=letters.LAST)
    application.delete()
    trail.record(f"joining.{state}", by=by, about=closed, cooperative=closed.cooperative_id, reason=str(reason))
    return closed
