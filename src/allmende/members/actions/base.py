"""What all actions of the register stand on: the lock, who may, one line of the ledger, one version of the particulars."""

from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution import access as constitution
from allmende.constitution.actions.founding import locked as locked
from allmende.constitution.models import Cooperative, Statute
from allmende.directory.models import Organisation
from allmende.ground.refusals import NotAllowed, Refused, require
from allmende.ground.text import clean, fold
from allmende.members.models import Group, Kind, Membership, Particulars, Party, ShareEntry, ShareKind
from allmende.people.models import Person


@dataclass(frozen=True)
class Named:
    """Name and address as they are handed in; the fields are those of `Particulars`."""

    party: str = Party.NATURAL
    family_name: str = ""
    given_name: str = ""
    firm: str = ""
    register: str = ""
    represented_by: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""
    country: str = "DE"
    email: str = ""
    phone: str = ""
    language: str = "de"


NAMED = tuple(one.name for one in fields(Named))


@dataclass(frozen=True)
class Entering:
    """All that is known of a member who is entered. `number` only where one is carried over; `is_opening`: no money is asked for."""

    named: Named
    shares: int
    joined_on: date
    declared_on: date
    kind: str = Kind.ORDINARY
    group: Group | None = None
    person: Person | None = None
    organisation: Organisation | None = None
    number: int | None = None
    evidence: str = ""
    is_opening: bool = False
    facts: dict[str, Any] = field(default_factory=dict)  # for the trail: ids only


def require_administration(by: Person, cooperative: Cooperative) -> None:
    """Only the board and the member administration change the register."""
    require(constitution.may_administer(by, cooperative), _("Only the board and the member administration may do this."), NotAllowed)


def enter_shares(
    membership: Membership, kind: str, quantity: int, statute: Statute, declared_on: date, effective_on: date, evidence: str,
    by: Person | None, partner: Membership | None = None,
) -> ShareEntry:  # fmt: skip
    """One line of the share ledger, with the value of a share by this statute. Whoever calls has asked whether it may be."""
    return ShareEntry.objects.create(
        membership=membership,
        kind=kind,
        quantity=quantity,
        share_cents=statute.share_cents,
        declared_on=declared_on,
        effective_on=effective_on,
        evidence=evidence,
        entered_by=by,
        partner=partner,
    )


def taken(membership: Membership) -> Membership:
    """The membership as it is now, held until the transaction ends; its cooperative is locked first, as everywhere."""
    locked(membership.cooperative)
    return Membership.objects.select_for_update(of=("self",)).select_related("cooperative__organisation").get(pk=membership.pk)


def reverse(entry: ShareEntry, by: Person | None) -> ShareEntry:
    """The line that takes this one back, on the day on which it took effect."""
    return ShareEntry.objects.create(
        membership=entry.membership,
        kind=ShareKind.REVERSAL,
        quantity=-entry.quantity,
        share_cents=entry.share_cents,
        declared_on=localdate(),
        effective_on=entry.effective_on,
        reverses=entry,
        evidence=entry.evidence,
        entered_by=by,
    )


def require_most(shares: int, statute: Statute) -> None:
    """Nobody holds more shares than the statute allows (§ 7a I GenG); Refused."""
    most = statute.max_shares
    require(most is None or shares <= most, _("The statute allows at most %(count)d shares.") % {"count": most or 0}, Refused)


def name(membership: Membership, named: Named, since: date, by: Person | None, evidence: str) -> Particulars:
    """A version of name and address from this day, folded so that it is found however people write it."""
    said = {name: clean(value) for name, value in asdict(named).items()}
    searched = (said["family_name"], said["given_name"], said["firm"], said["town"], said["email"])
    folded = fold(" ".join(one for one in searched if one))[:600]  # an index holds no more
    return Particulars.objects.create(membership=membership, valid_from=since, entered_by=by, evidence=evidence, folded=folded, **said)
