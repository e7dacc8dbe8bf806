"""What every action here begins with: the lock of the cooperative, the fresh row, and whether one may."""

from datetime import date

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative, Statute
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.leaving import access, queries
from allmende.leaving.models import OPEN, Scope, Termination
from allmende.leaving.wording import day_words
from allmende.members.actions import locked
from allmende.members.models import Membership
from allmende.people.models import Person


def held(termination: Termination) -> Termination:
    """The exit as it is now, held until the transaction ends; the cooperative is locked first, as everywhere."""
    locked(termination.membership.cooperative)
    rows = Termination.objects.select_for_update(of=("self",))
    return rows.select_related("membership__cooperative__organisation", "membership__person", "statute", "payable").get(pk=termination.pk)


def member_now(membership: Membership) -> Membership:
    """The membership as it is now, under the lock of its cooperative."""
    locked(membership.cooperative)
    rows = Membership.objects.select_for_update(of=("self",))
    return rows.select_related("cooperative__organisation", "person").get(pk=membership.pk)


def require_board(by: Person, cooperative: Cooperative) -> None:
    """Only the board decides about exits."""
    require(access.may_decide(by, cooperative), _("Only the board may do this."), NotAllowed)


def require_administration(by: Person, cooperative: Cooperative) -> None:
    """The board and the member administration enter what came in."""
    require(access.may_enter(by, cooperative), _("Only the board and the member administration may do this."), NotAllowed)


def require_possible(membership: Membership, wanted: queries.Wanted, statute: Statute, received_on: date) -> None:
    """Whether there is something left that can end; how many shares can be given up at most."""
    require(
        membership.ends_on is None,
        _("The membership ends on %(day)s already.") % {"day": membership.ends_on and day_words(membership.ends_on)},
        Refused,
    )
    require(received_on >= membership.joined_on, _("Nobody leaves before having joined."), BadInput)
    if wanted.scope == Scope.ALL:
        require(wanted.quantity is None, _("Whoever leaves gives up all shares."), BadInput)
        return
    most = queries.most_to_give_up(membership, statute, received_on)
    words = _("At most %(count)d shares can be given up; the others stay with every member.")
    require(most > 0, _("No share can be given up: the mandatory shares stay with every member."), Refused)
    require(wanted.quantity is not None and 0 < wanted.quantity <= most, words % {"count": most}, BadInput)


def require_none_open(membership: Membership, scope: str) -> None:
    """At most one exit of a kind takes its course at a time (domain, invariant 4)."""
    found = Termination.objects.filter(membership=membership, scope=scope, state__in=OPEN).first()
    words = _("An exit takes its course already: it ends with %(day)s. Take it back first, or wait until it is settled.")
    require(found is None, words % {"day": day_words(found.effective_on) if found else ""}, Refused)


def require_past(day: date, sentence: str) -> None:
    """Days that are entered have come."""
    require(day <= localdate(), sentence, BadInput)
