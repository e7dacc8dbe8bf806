"""Declaring: on the screen, on paper, for further shares; answering the board; taking it back."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.banking.rules import check_iban
from allmende.constitution.models import Cooperative, Statute
from allmende.constitution.queries import statute_of
from allmende.directory.models import Organisation
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.ground.text import clean
from allmende.joining import access, declaration, letters, queries, rules
from allmende.joining.actions.closing import close, taken
from allmende.joining.declaration import Wish
from allmende.joining.models import Application, Reason, State
from allmende.members import queries as members
from allmende.members.actions import NAMED, locked
from allmende.members.models import Kind, Membership, Party
from allmende.people.models import Person
from allmende.people.queries import GUEST, Viewer, is_person


@dataclass(frozen=True)
class Declaring:
    """What is handed in. `text_shown` is the declaration as it stood on the page, `ticked` the keys of the duties acknowledged."""

    uuid: UUID
    wish: Wish
    text_shown: str
    ticked: tuple[str, ...]
    iban: str = ""
    holder: str = ""
    mandate_text: str = ""
    note: str = ""
    organisation: Organisation | None = None


@transaction.atomic
def declare(cooperative: Cooperative, declaring: Declaring, *, by: Viewer) -> Application:
    """Declare to join (§ 15 I GenG). The same `uuid` again gives the declaration that is there.

    Refused where one cannot join here on the screen, and where the words are no longer those that were shown.
    """
    cooperative = locked(cooperative)
    if there := Application.objects.filter(uuid=declaring.uuid, cooperative=cooperative).first():
        return there
    statute = statute_of(cooperative)
    require(cooperative.is_joinable, _("Declarations of accession cannot be made here at the moment."), Refused)
    require(queries.is_by_text(statute), _("The statute asks for a signature: print the declaration, sign and send it."), Refused)
    fees = queries.has_fees(cooperative)
    text = declaration.joining(cooperative, statute, declaring.wish, has_fees=fees)
    require(text == declaring.text_shown, _("The statute was changed meanwhile. Please read the declaration again."), Refused)
    duties = declaration.duties_of(statute, has_fees=fees, for_shares=bool(declaring.wish.shares))
    require({one.key for one in duties} <= set(declaring.ticked), _("Every duty has to be acknowledged for itself (§ 15a GenG)."), BadInput)
    require(declaring.wish.named.email, _("An e-mail address is needed: the declaration is sent there."), BadInput)
    _check(cooperative, statute, declaring.wish)
    person = by if is_person(by) else None
    _check_account(cooperative, declaring, person)
    application = Application(
        uuid=declaring.uuid,
        person=person,
        organisation=declaring.organisation,
        acknowledgements=[{"key": one.key, "text": one.text} for one in duties],
        note=clean(declaring.note),
        iban=check_iban(declaring.iban) if declaring.iban else "",
        holder=declaring.holder,
        mandate_text=declaring.mandate_text if declaring.iban else "",
        declared_on=localdate(),
    )
    _write(application, cooperative, statute, declaring.wish, text)
    letters.declared(application)
    return application


def _check(cooperative: Cooperative, statute: Statute, wish: Wish) -> None:
    named = wish.named
    require(named.firm if named.party == Party.LEGAL else named.family_name, _("A member needs a name."), BadInput)
    require(
        named.party != Party.LEGAL or named.represented_by,
        _("An organisation declares by whoever represents it: enter the name."),
        BadInput,
    )
    require(
        wish.kind != Kind.INVESTING or statute.has_investing, _("The statute does not allow investing members (§ 8 II GenG)."), BadInput
    )
    least = 0 if wish.kind == Kind.SUPPORTING else statute.mandatory_shares
    most = statute.max_shares or rules.MOST_SHARES
    require(wish.shares >= least, _("At least %(count)d shares are to be taken.") % {"count": least}, BadInput)
    require(wish.shares <= most, _("The statute allows at most %(count)d shares.") % {"count": most}, BadInput)
    require(wish.group is None or wish.group.cooperative_id == cooperative.pk, _("There is no such group here."), BadInput)


def _check_account(cooperative: Cooperative, declaring: Declaring, person: Person | None) -> None:
    """Nobody declares twice with one account, except for organisations one answers for."""
    if declaring.organisation is not None:
        may = access.may_join_for(person or GUEST).filter(pk=declaring.organisation.pk).exists()
        require(may, _("You can only join for organisations whose entry you look after."), NotAllowed)
    elif person is not None and declaring.wish.named.party == Party.NATURAL:
        there = Application.objects.filter(cooperative=cooperative, person=person, party=Party.NATURAL, state=State.DECLARED, further=None)
        require(not there.exists(), _("Your declaration is there already and waits for the board."), Refused)
        is_member = queries.membership_here(person, cooperative) is not None
        require(not is_member, _("You are a member already. Further shares are declared on the page of your membership."), Refused)


def _write(application: Application, cooperative: Cooperative, statute: Statute, wish: Wish, text: str) -> None:
    for name in NAMED:
        setattr(application, name, clean(getattr(wish.named, name)))
    application.cooperative, application.statute = cooperative, statute
    application.kind, application.shares, application.group = wish.kind, wish.shares, wish.group
    application.text_shown, application.sha256 = text, declaration.fingerprint(text) if text else ""
    application.declared_at = timezone.now()
    application.save(force_insert=True)
    trail.record("joining.declared", about=application, cooperative=cooperative.pk, shares=wish.shares)
    if not application.is_paper:
        letters.arrived(application)


@transaction.atomic
def enter_paper(cooperative: Cooperative, declaring: Declaring, *, received_on: date, evidence: str = "", by: Person) -> Application:
    """An office enters a declaration that came on paper; it waits for the decision like all others. Twice is once."""
    cooperative = locked(cooperative)
    require(access.may_prepare(by, cooperative), _("Only the board and the member administration may do this."), NotAllowed)
    if there := Application.objects.filter(uuid=declaring.uuid, cooperative=cooperative).first():
        return there
    require(received_on <= localdate(), _("It cannot have come in the future."), BadInput)
    statute = statute_of(cooperative, received_on)
    _check(cooperative, statute, declaring.wish)
    application = Application(
        uuid=declaring.uuid,
        is_paper=True,
        declared_on=received_on,
        evidence=evidence,
        iban=check_iban(declaring.iban) if declaring.iban else "",
        holder=declaring.holder,
        mandate_text=declaring.mandate_text if declaring.iban else "",
    )
    _write(application, cooperative, statute, declaring.wish, "")  # the words are on the paper
    return application


@transaction.atomic
def declare_further(membership: Membership, shares: int, *, text_shown: str, ticked: tuple[str, ...], by: Person) -> Application:
    """A member declares to take further shares (§ 15b I GenG). While one declaration waits, the same again gives that one."""
    cooperative = locked(membership.cooperative)
    require(access.may_take_further(by, membership), _("Only the member declares further shares."), NotAllowed)
    membership = Membership.objects.select_related("cooperative__organisation").get(pk=membership.pk)
    if there := queries.further_waiting(membership):
        return there
    require(membership.ends_on is None, _("The membership ends; no shares are taken any more."), Refused)
    room = queries.room_for_further(membership)
    check_room(room, shares)
    statute = room.statute
    require(queries.is_by_text(statute), _("The statute asks for a signature: print the declaration, sign and send it."), Refused)
    named = members.particulars_of(membership)
    text = declaration.further(cooperative, statute, named.spoken, membership.number, room.held, shares)
    require(text == text_shown, _("The statute was changed meanwhile. Please read the declaration again."), Refused)
    duties = declaration.duties_of_further(statute)
    require({one.key for one in duties} <= set(ticked), _("Every duty has to be acknowledged for itself (§ 15a GenG)."), BadInput)
    application = Application.objects.create(
        cooperative=cooperative,
        further=membership,
        kind=membership.kind,
        person=by,
        email=named.email or by.email,
        language=named.language,
        shares=shares,
        statute=statute,
        text_shown=text,
        sha256=declaration.fingerprint(text),
        acknowledgements=[{"key": one.key, "text": one.text} for one in duties],
        declared_on=localdate(),
        declared_at=timezone.now(),
    )
    trail.record("joining.declared", about=application, cooperative=cooperative.pk, shares=shares, further=membership.pk)
    letters.further_declared(application)
    letters.arrived(application)
    return application


def check_room(room: queries.Room, shares: int) -> None:
    """Whether so many further shares can be taken now; a sentence that says what is missing (§ 15b II GenG)."""
    require(shares > 0, _("At least one share is to be taken."), BadInput)
    require(not room.is_full, _("The most shares the statute allows are taken already."), Refused)
    require(
        room.most > 0,
        _("A further share can be taken when all earlier ones except the last are fully paid (§ 15b GenG). Please pay first."),
        Refused,
    )
    require(shares <= room.most, _("At present at most %(count)d further shares can be taken.") % {"count": room.most}, BadInput)


@transaction.atomic
def answer(application: Application, text: str) -> Application:
    """The applicant answers the board's question, by the link that only they have."""
    application = taken(application)
    require(application.asked_at and application.state == State.DECLARED, _("Nobody waits for an answer any more."), Refused)
    require(clean(text), _("Write an answer first."), BadInput)
    application.answer, application.answered_at = clean(text), timezone.now()
    application.save(update_fields=["answer", "answered_at"])
    trail.record("joining.answered", about=application, cooperative=application.cooperative_id)
    letters.answered(application)
    return application


@transaction.atomic
def withdraw(application: Application) -> None:
    """Take a declaration back, until it is admitted: nothing of it is left but a line in the count. By the applicant's own link."""
    application = taken(application)
    require(application.state == State.DECLARED, _("It is admitted already. Whoever wants to leave gives notice."), Refused)
    letters.withdrawn(application)
    close(application, State.WITHDRAWN, Reason.NONE, by=None)
