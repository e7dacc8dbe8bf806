"""An organisation begins to run its membership here; and what its board settles about that."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution import access, queries
from allmende.constitution.models import Cooperative, Office, OfficeKind
from allmende.directory.models import Organisation
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, require
from allmende.people.models import Person


def locked(cooperative: Cooperative) -> Cooperative:
    """The cooperative's row, held until the transaction ends: two board members at once come one after another."""
    return Cooperative.objects.select_for_update().get(pk=cooperative.pk)


def locked_for_board(cooperative: Cooperative, by: Person) -> Cooperative:
    """The same, for what only the board may do."""
    found = locked(cooperative)
    require(access.may_decide(by, found), _("Only the board may do this."), NotAllowed)
    return found


@transaction.atomic
def set_up(organisation: Organisation, *, holder: str, since: date, elected_by: str = "", by: Person) -> Cooperative:
    """Make an organisation a cooperative of this house; whoever answers for its entry holds, as the first, the office of the board.

    `holder` is the name as it stands in the minutes. The stakeholder groups everybody begins with come by reaction.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    require(access.may_set_up(by, organisation), _("Whoever answers for the published entry sets this up."), NotAllowed)
    require(not Cooperative.objects.filter(organisation=organisation).exists(), _("This is set up already."))
    require(holder.strip(), _("Please give your name as it stands in the minutes."), BadInput)
    require(
        since <= localdate(), _("An office that begins later cannot set anything up today. Give the day since when you hold it."), BadInput
    )
    made = Cooperative.objects.create(organisation=organisation, opened_by=by)
    trail.record("constitution.cooperative_set_up", by=by, about=made, cooperative=made.pk, organisation=organisation.pk)
    office = Office.objects.create(
        cooperative=made, kind=OfficeKind.BOARD, person=by, holder=holder.strip(), since=since, elected_by=elected_by.strip(), created_by=by
    )
    trail.record("constitution.office_given", by=by, about=office, cooperative=made.pk, office=OfficeKind.BOARD.value)
    return made


@dataclass(frozen=True)
class Settings:
    """What the board settles about letters and the joining page; the fields are those of `Cooperative`."""

    letter_address: str
    letter_email: str
    welcome: str
    privacy: str
    is_joinable: bool
    is_embeddable: bool
    audit_association: str = ""


@transaction.atomic
def change_settings(cooperative: Cooperative, said: Settings, *, by: Person) -> Cooperative:
    """Settle letters and the joining page. It opens only with a statute in force that can be read (§ 15 GenG), and with a
    privacy notice (Art. 13 GDPR).
    """
    found = locked_for_board(cooperative, by)
    if said.is_joinable:
        statute = queries.statute_on(found, localdate())
        require(statute is not None, _("Nobody can join before a statute is in force. Adopt one first, then open the joining page."))
        can_be_read = statute is not None and bool(statute.sha256 or statute.text)
        require(can_be_read, _("Before joining, everybody reads the statute (§ 15 GenG). Add its document or text first."))
        require(said.privacy.strip(), _("Before joining, everybody reads how their data are used. Write the data protection notice first."))
    changed = [name for name, value in vars(said).items() if getattr(found, name) != value]
    for name in changed:
        setattr(found, name, getattr(said, name))
    if changed:
        found.save(update_fields=changed)
        trail.record("constitution.settings_changed", by=by, about=found, cooperative=found.pk, fields=changed)
    return found
