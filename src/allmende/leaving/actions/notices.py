"""What a member does: give notice with the words that were shown, and take it back."""

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution.queries import statute_of
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.leaving import access, letters, queries, rules
from allmende.leaving.actions.base import held, member_now, require_none_open, require_possible
from allmende.leaving.models import NOTICES, State, Termination
from allmende.members.letters import language_of
from allmende.members.models import Membership
from allmende.people.models import Person


@transaction.atomic
def give_notice(membership: Membership, wanted: queries.Wanted, *, shown: str, by: Person) -> tuple[Termination, bool]:
    """The notice of a member in text form. `shown` is the text that stood on the page: if the day or the words have changed since, it
    is shown again. A second click finds the first notice and says False.
    """
    membership = member_now(membership)
    require(access.may_give_notice(by, membership), _("Only the member gives notice here."), NotAllowed)
    require(wanted.reason in NOTICES, _("There is no such reason."), BadInput)
    today = localdate()
    if again := _same(membership, wanted, shown):
        return again, False
    require_none_open(membership, wanted.scope)
    foreseen = queries.foresee(membership, wanted, today)
    require(foreseen.is_text_enough, _("The statute asks for a signed letter. Print the notice and send it signed."), Refused)
    require_possible(membership, wanted, foreseen.statute, today)
    require(shown == foreseen.text, _("Something has changed since the page was shown. Please look at it again."), Refused)
    made = _written(membership, wanted, foreseen, by)
    trail.record("leaving.notice_given", by=by, about=made, cooperative=membership.cooperative_id, scope=made.scope, reason=made.reason)
    letters.notice_received(made)
    return made, True


def _same(membership: Membership, wanted: queries.Wanted, shown: str) -> Termination | None:
    """The same notice of today, sent twice."""
    rows = queries.open_of(membership, wanted.scope).filter(reason=wanted.reason, quantity=wanted.quantity, declared_text=shown)
    return rows.filter(received_on=localdate()).first()


def _written(membership: Membership, wanted: queries.Wanted, foreseen: queries.Foreseen, by: Person) -> Termination:
    found = foreseen.outcome
    return Termination.objects.create(
        membership=membership,
        scope=wanted.scope,
        quantity=wanted.quantity,
        reason=wanted.reason,
        received_on=localdate(),
        event_on=wanted.event_on,
        statute=foreseen.statute,
        rule=found.rule,
        paragraph=found.paragraph,
        effective_on=found.effective_on,
        payout_due_on=found.payout_due_on,
        declared_text=foreseen.text,
        words=wanted.words,
        evidence=evidence_of(membership),
        created_by=by,
    )


def evidence_of(membership: Membership) -> str:
    """How it is known that the member declared it: by the own account, which the register names."""
    with translation.override(language_of(membership)):
        return _("Text form in the own account, %(moment)s") % {"moment": date_format(timezone.localtime(), "DATETIME_FORMAT")}


def require_wanted(membership: Membership, wanted: queries.Wanted) -> None:
    """Refused where this notice could not be sent: asked before it is shown, so that nobody reads a day that cannot come."""
    require_none_open(membership, wanted.scope)
    require_possible(membership, wanted, statute_of(membership.cooperative), localdate())


@transaction.atomic
def withdraw_notice(termination: Termination, *, by: Person) -> Termination:
    """The member takes the notice back: at once as long as the board has not confirmed it, otherwise the board is asked for consent."""
    termination = held(termination)
    membership = termination.membership
    require(access.is_own(by, membership), _("Only the member takes the notice back here."), NotAllowed)
    require(termination.is_notice, _("Only a notice can be taken back by the member."), Refused)
    if termination.state == State.WITHDRAWN or (termination.state == State.CONFIRMED and termination.wants_back_at):
        return termination
    require(termination.is_open, _("This exit is closed already."), Refused)
    if termination.state == State.CONFIRMED:
        return _ask_back(termination, by)
    termination.state, termination.closed_at = State.WITHDRAWN, timezone.now()
    termination.save(update_fields=["state", "closed_at"])
    trail.record("leaving.notice_withdrawn", by=by, about=termination, cooperative=membership.cooperative_id)
    letters.taken_back(termination, by=by)
    return termination


def _ask_back(termination: Termination, by: Person) -> Termination:
    require(
        not rules.is_over(termination.effective_on, localdate()), _("The exit has come; it can only be undone by joining again."), Refused
    )
    termination.wants_back_at = timezone.now()
    termination.save(update_fields=["wants_back_at"])
    trail.record("leaving.withdrawal_asked", by=by, about=termination, cooperative=termination.membership.cooperative_id)
    letters.asked_back(termination)
    return termination
