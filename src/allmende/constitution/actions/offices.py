"""Who holds which office: given, ended, discharged. Nobody is on the board and the supervisory board at once (§ 37 GenG)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution import access, letters, queries, rules, wording
from allmende.constitution.actions.founding import locked
from allmende.constitution.models import Cooperative, Office, OfficeKind
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.ground.text import clean
from allmende.people.models import Person


@dataclass(frozen=True)
class Giving:
    """An office as it is handed in; `email` belongs to the account that may act for it, empty for a name alone."""

    kind: str
    holder: str
    since: date
    until: date | None = None
    title: str = ""
    elected_by: str = ""
    email: str = ""


@transaction.atomic
def give_office(cooperative: Cooperative, giving: Giving, *, by: Person) -> Office:
    """Enter an office; its holder is told. The board does this; where nobody on it could, whoever answers for the entry names one."""
    found = locked(cooperative)
    may = access.may_decide(by, found) or (giving.kind == OfficeKind.BOARD and access.may_name_board(by, found))
    require(may, _("Only the board gives offices."), NotAllowed)
    person = _account(giving.email)
    office = Office(
        cooperative=found,
        kind=giving.kind,
        title=clean(giving.title),
        person=person,
        holder=clean(giving.holder) or (person.name if person else ""),
        since=giving.since,
        until=giving.until,
        elected_by=clean(giving.elected_by),
        created_by=by,
    )
    require(office.holder, _("Please give the name as it stands in the minutes."), BadInput)
    require(giving.until is None or giving.until >= giving.since, _("An office ends on the day it began or later."), BadInput)
    _require_no_conflict(office)
    office.save()
    trail.record("constitution.office_given", by=by, about=office, cooperative=found.pk, office=office.kind)
    letters.office_given(office, by)
    return office


def _account(email: str) -> Person | None:
    """The account with this confirmed address; Refused with the way where there is none."""
    if not email.strip():
        return None
    found = queries.account_at(email)
    sentence = _(
        "There is no account with this address yet. Ask the person to create one, or leave the address empty: "
        "the name alone can be entered now and the account added later."
    )
    require(found is not None, sentence, BadInput)
    return found


def _require_no_conflict(office: Office) -> None:
    others = [queries.term(one) for one in queries.offices_of_same_holder(office)]
    for fault in rules.check_term(queries.term(office), others):
        raise Refused(wording.sentence(fault))


@transaction.atomic
def end_office(office: Office, until: date, *, by: Person) -> Office:
    """Say the last day of an office; the holder is told. The last of the board who can act stays until somebody follows."""
    found = locked(office.cooperative)
    office = Office.objects.select_for_update(of=("self",)).select_related("person").get(pk=office.pk, cooperative=found)
    may = access.may_decide(by, found) or office.person_id == by.pk
    require(may, _("Only the board, and whoever holds an office, can end it."), NotAllowed)
    require(until >= office.since, _("An office ends on the day it began or later."), BadInput)
    if office.until == until:
        return office
    longer = office.until is not None and until > office.until
    require(not longer or access.may_decide(by, found), _("Only the board lets an office last longer."), NotAllowed)
    if office.until is not None and office.until < localdate():
        require(access.may_decide(by, found), _("This office has ended already."))
    if office.kind == OfficeKind.BOARD:
        _require_successor(office, until)
    was, office.until = office.until, until
    if was is not None and until > was:
        _require_no_conflict(office)
    office.save(update_fields=["until"])
    trail.record("constitution.office_ended", by=by, about=office, cooperative=found.pk, office=office.kind, until=until.isoformat())
    letters.office_ended(office, by)
    return office


def _require_successor(office: Office, until: date) -> None:
    """On the day after, somebody on the board has an account that can act."""
    after = max(until + timedelta(days=1), localdate())
    others = access.acting_board(office.cooperative, after).exclude(pk=office.pk)
    sentence = _("Nobody on the board could act here after that day. Enter a successor with an account first, then end this office.")
    require(office.person_id is None or others.exists(), sentence)


@transaction.atomic
def discharge(office: Office, on: date, *, by: Person) -> Office:
    """Note that the assembly discharged a board member (§ 37 II GenG); only then may they be elected to the supervisory board."""
    found = locked(office.cooperative)
    require(access.may_decide(by, found), _("Only the board may do this."), NotAllowed)
    office = Office.objects.select_for_update(of=("self",)).get(pk=office.pk, cooperative=found)
    require(office.kind == OfficeKind.BOARD, _("Only members of the board are discharged here."), BadInput)
    require(office.until is not None and office.until < localdate(), _("First the office ends, then the assembly discharges for it."))
    require(on >= office.since, _("The assembly discharges for time in office: the day lies after its beginning."), BadInput)
    require(on <= localdate(), _("This day has not come yet. Note the discharge once the assembly has decided it."), BadInput)
    if office.discharged_on != on:
        office.discharged_on = on
        office.save(update_fields=["discharged_on"])
        trail.record("constitution.office_discharged", by=by, about=office, cooperative=found.pk)
    return office


@transaction.atomic
def link_account(office: Office, email: str, *, by: Person) -> Office:
    """Give an office that was entered by name alone the account that may act for it."""
    found = locked(office.cooperative)
    require(access.may_decide(by, found), _("Only the board may do this."), NotAllowed)
    office = Office.objects.select_for_update(of=("self",)).get(pk=office.pk, cooperative=found)
    require(office.person_id is None, _("This office has an account already."))
    require(office.until is None or office.until >= localdate(), _("This office has ended already."))
    require(email.strip(), _("Please give the address of an account."), BadInput)
    office.person = _account(email)
    _require_no_conflict(office)
    office.save(update_fields=["person"])
    trail.record("constitution.office_linked", by=by, about=office, cooperative=found.pk, office=office.kind)
    letters.office_given(office, by)
    return office


@transaction.atomic
def erase_person(person: Person) -> None:
    """An account goes. Offices of the law keep their name, for the minutes and the register; tasks end and lose theirs."""
    today = localdate()
    tasks = Office.objects.select_for_update(of=("self",)).filter(person=person).exclude(kind__in=access.OF_LAW)
    tasks.filter(since__gt=today).delete()
    tasks.filter(until=None).update(until=today)
    tasks.filter(until__gt=today).update(until=today)
    tasks.update(holder="", title="", person=None)
