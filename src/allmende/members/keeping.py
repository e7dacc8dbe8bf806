"""How long the register remembers names: three years after the year of the exit (§ 30 III GenG), or longer for a reason.

Rooms above say their reasons:

    @keeps_register("money")
    def bookings(membership: Membership, today: date) -> Reason | None:
        return Reason(_("Bookings are kept for ten years (§ 257 HGB)"), until=date(...))     # until None: as long as it is open
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from allmende.constitution import rules as law
from allmende.members.models import Membership


@dataclass(frozen=True)
class Reason:
    """Why a name stays, and until which day at least; without one as long as the reason is there."""

    why: str
    until: date | None = None


Asked = Callable[[Membership, date], Reason | None]
_ASKED: dict[str, Asked] = {}


def keeps_register(room: str) -> Callable[[Asked], Asked]:
    """Register what a room keeps names of former members for."""

    def register(asked: Asked) -> Asked:
        _ASKED[room] = asked
        return asked

    return register


def reasons(membership: Membership, today: date) -> list[Reason]:
    """Everything that keeps the name of this member today."""
    if membership.erased_at:
        return []
    if membership.ends_on is None or membership.ends_on >= today:
        return [Reason(_("The membership exists."))]
    found = [
        Reason(
            _("Proofs of a membership are kept for three years after the year of the exit (§ 30 III GenG)."),
            law.keep_until(membership.ends_on),
        )
    ]
    found += [one for _room, asked in sorted(_ASKED.items()) if (one := asked(membership, today))]
    return [one for one in found if one.until is None or one.until >= today]


def kept_until(membership: Membership, today: date) -> date | None:
    """The last day on which the name is known, as far as it can be said; None where nothing keeps it any more."""
    found = reasons(membership, today)
    if not found:
        return None
    return date.max if any(one.until is None for one in found) else max(one.until for one in found if one.until)
