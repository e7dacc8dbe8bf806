"""One line is entered by hand, or taken back by a line against it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from allmende.contributions import access, checking, queries, rules
from allmende.contributions.models import Contribution, ContributionType, Source
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.ground.text import clean
from allmende.members.actions import locked
from allmende.members.models import Membership
from allmende.people.models import Person


@dataclass(frozen=True)
class Entering:
    """What somebody wants to enter. `once` comes with the form, so that a double click enters it once."""

    type: ContributionType
    amount: int
    done_on: date
    text: str = ""
    once: UUID | None = None


@transaction.atomic
def enter_contribution(membership: Membership, entering: Entering, *, source: str = Source.SELF, by: Person) -> tuple[Contribution, bool]:
    """Write a line for this member, and say whether it is new: the same form twice gives the line of the first time.

    It counts at once where its kind asks for no second person, otherwise when somebody confirms it.
    """
    cooperative = locked(membership.cooperative)
    membership = Membership.objects.select_related("cooperative").get(pk=membership.pk)
    line = Contribution(
        cooperative=cooperative,
        membership=membership,
        type=entering.type,
        amount=entering.amount,
        done_on=entering.done_on,
        text=clean(entering.text).replace("\n", " "),
        source=source,
        counts_at_once=not entering.type.needs_confirmation,
        once=entering.once,
        entered_by=by,
    )
    require(access.may_enter(by, line), _("You cannot enter contributions for this member."), NotAllowed)
    require(entering.type.cooperative_id == cooperative.pk, _("There is no such kind of contribution here."), BadInput)
    if entering.once and (earlier := Contribution.objects.filter(once=entering.once).first()):
        require(earlier.membership_id == membership.pk, _("This form was sent already. Please open it anew."), Refused)
        return earlier, False
    said = checking.fault(checking.open_book(cooperative), membership, line.type, line.amount, line.done_on, line.text, source)
    require(not said, said, BadInput)
    line.save()
    trail.record("contributions.contribution_entered", by=by, about=line, cooperative=cooperative.pk, source=source)
    return line, True


@transaction.atomic
def reverse_contribution(line: Contribution, *, reason: str = "", by: Person) -> tuple[Contribution, bool]:
    """Take a line back by a line against it, of the same day; says whether that is new.

    Members take back what they entered themselves until somebody has decided on it; offices any line, with a reason.
    """
    cooperative = locked(line.cooperative)
    line = queries.with_state(Contribution.objects.filter(cooperative=cooperative)).get(pk=line.pk)
    require(access.may_undo(by, line), _("You cannot take this back."), NotAllowed)
    state, is_office = queries.state_of(line), access.may_handle(by, cooperative)
    if state == "reversed":
        return line.reversed_by, False
    require(state != "reversal" and state != "refused", _("There is nothing to take back here: it does not count."), Refused)
    require(state == "waiting" or is_office, _("It is confirmed already. Ask the office to take it back."), Refused)
    reason = clean(reason).replace("\n", " ")[: checking.LONGEST]
    require(reason or state == "waiting", _("Say why it is taken back."), BadInput)
    closed_until = queries.closed_until(cooperative)
    require(not rules.is_closed(line.done_on, closed_until), _("The year of this line is closed; nothing in it changes any more."))
    made = Contribution.objects.create(
        cooperative=cooperative,
        membership=line.membership,
        type=line.type,
        amount=-line.amount,
        done_on=line.done_on,
        text=reason,
        source=Source.OFFICE if is_office else Source.SELF,
        counts_at_once=state == "confirmed",
        reverses=line,
        entered_by=by,
    )
    trail.record("contributions.contribution_reversed", by=by, about=line, cooperative=cooperative.pk)
    return made, True
