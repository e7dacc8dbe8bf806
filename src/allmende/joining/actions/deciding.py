"""Deciding: admit one or many, refuse, ask back. The board decides (§ 15 I GenG)."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.banking.actions import give_mandate
from allmende.constitution.models import Cooperative
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.ground.text import clean
from allmende.joining import access, letters, queries
from allmende.joining.actions.closing import close, taken
from allmende.joining.actions.declaring import check_room
from allmende.joining.models import Application, Closed, Reason, State
from allmende.members.actions import NAMED, Entering, Named, enter_member, locked, subscribe_shares
from allmende.members.models import Kind, Membership, Party
from allmende.money.models import Request
from allmende.people.models import Person


@transaction.atomic
def admit(application: Application, *, admitted_on: date, basis: str = "", by: Person) -> Membership:
    """Admit a declaration: the member is entered, gets number, shares, group and mandate, is asked to pay and is told, all at once.

    Refused with a kind sentence where somebody else was faster. `basis` is the resolution; investing members need one (§ 8 II GenG).
    """
    application = taken(application)
    require(access.may_admit(by, application.cooperative), _("Only the board admits members."), NotAllowed)
    if application.membership is not None:
        raise Refused(_("This declaration is admitted already, as member number %(number)s.") % {"number": application.membership})
    require(admitted_on <= localdate(), _("The admission is today or was before; it cannot be in the future."), BadInput)
    require(admitted_on >= application.declared_on, _("Nobody is admitted before the declaration came in."), BadInput)
    needs_basis = application.kind == Kind.INVESTING and application.further_id is None
    require(
        basis.strip() or not needs_basis,
        _("Investing members are admitted by the assembly or the supervisory board (§ 8 II GenG): enter the resolution."),
        BadInput,
    )
    enter = _subscribe if application.further_id else _enter
    membership = enter(application, admitted_on, by)
    application.state, application.membership, application.admitted_on = State.ADMITTED, membership, admitted_on
    application.basis, application.decided_at, application.decided_by = clean(basis)[:300], timezone.now(), by
    application.iban = application.holder = application.mandate_text = ""  # the mandate has them now
    application.note = application.question = application.answer = ""
    application.save()
    trail.record("joining.admitted", by=by, about=application, cooperative=application.cooperative_id, membership=membership.pk)
    return membership


def _evidence(application: Application) -> str:
    if application.is_paper and application.evidence:
        return application.evidence
    return _("Declaration of accession %(uuid)s") % {"uuid": application.uuid}


def _enter(application: Application, admitted_on: date, by: Person) -> Membership:
    _check_account(application)
    group = application.group if application.group and application.group.cooperative_id == application.cooperative_id else None
    entering = Entering(
        named=Named(**{name: getattr(application, name) for name in NAMED}),
        shares=application.shares,
        joined_on=admitted_on,
        declared_on=application.declared_on,
        kind=application.kind,
        group=group,
        person=application.person if application.person and application.person.is_active else None,
        organisation=application.organisation,
        evidence=_evidence(application),
        facts={"application": application.pk},
    )
    membership = enter_member(application.cooperative, entering, by=by)
    if application.iban:
        give_mandate(membership, application.iban, application.holder, application.mandate_text, application.declared_on, by)
    letters.admitted(membership, _requests(membership))
    return membership


def _check_account(application: Application) -> None:
    if application.party != Party.NATURAL or application.person is None:
        return
    member = queries.membership_here(application.person, application.cooperative)
    require(member is None, _("The account of this person is a member already, number %(number)s.") % {"number": member}, Refused)


def _subscribe(application: Application, admitted_on: date, by: Person) -> Membership:
    membership = application.further
    assert membership is not None  # noqa: S101 - said for mypy: `further_id` is set
    check_room(queries.room_for_further(membership), application.shares)
    before = set(_requests(membership))
    entry = subscribe_shares(
        membership,
        application.shares,
        declared_on=application.declared_on,
        effective_on=admitted_on,
        evidence=_evidence(application),
        by=by,
    )
    held = queries.room_for_further(membership).held
    letters.further_admitted(membership, entry.quantity, held, [one for one in _requests(membership) if one not in before])
    return membership


def _requests(membership: Membership) -> list[Request]:
    return list(Request.objects.filter(membership=membership, withdrawn_at=None).order_by("due_on", "pk"))


@transaction.atomic
def admit_all(cooperative: Cooperative, uuids: Iterable[UUID], *, admitted_on: date, basis: str = "", by: Person) -> int:
    """Admit many at once, all or none; those that are admitted already are passed over. How many were new.

    A no names whom it concerns, so that the board can take that one out.
    """
    locked(cooperative)
    require(access.may_admit(by, cooperative), _("Only the board admits members."), NotAllowed)
    found = Application.objects.filter(cooperative=cooperative, uuid__in=list(uuids), state=State.DECLARED).order_by("declared_on", "pk")
    waiting = list(found)
    for application in waiting:
        try:
            admit(application, admitted_on=admitted_on, basis=basis, by=by)
        except Refused as no:
            who = application.name or _("Member %(number)s") % {"number": application.further}
            raise type(no)(f"{who}: {no.sentence}") from no
    return len(waiting)


@transaction.atomic
def refuse(application: Application, reason: str, *, words: str = "", by: Person) -> Closed:
    """Refuse a declaration: the applicant is told, then everything about it is deleted; a line in the count stays (§ 15 II GenG)."""
    application = taken(application)
    require(access.may_admit(by, application.cooperative), _("Only the board refuses declarations."), NotAllowed)
    require(application.state == State.DECLARED, _("This declaration is admitted already; it cannot be refused any more."), Refused)
    require(reason in Reason.values and reason != Reason.NONE, _("Choose a reason."), BadInput)
    if application.further is not None:
        letters.further_refused(application.further, reason, clean(words))
    else:
        letters.refused(application, reason, clean(words))
    return close(application, State.REFUSED, reason, by=by)


@transaction.atomic
def ask(application: Application, question: str, *, by: Person) -> Application:
    """Ask the applicant by mail; the answer comes over their own page."""
    application = taken(application)
    require(access.may_prepare(by, application.cooperative), _("Only the board and the member administration may do this."), NotAllowed)
    require(application.state == State.DECLARED, _("This declaration is admitted already."), Refused)
    require(application.email, _("No e-mail address is known; please write by post."), Refused)
    require(clean(question), _("Write a question first."), BadInput)
    application.question, application.asked_at = clean(question), timezone.now()
    application.answer, application.answered_at = "", None
    application.save(update_fields=["question", "asked_at", "answer", "answered_at"])
    trail.record("joining.asked", by=by, about=application, cooperative=application.cooperative_id)
    letters.asked(application)
    return application
