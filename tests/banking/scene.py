"""The bank of a small cooperative: its account, members with requests, files as banks export them."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.timezone import localdate

from allmende.banking import actions
from allmende.banking.models import Creditor, Line, Mandate
from allmende.constitution.models import Cooperative
from allmende.members.models import Membership
from allmende.money.models import BankAccount, Request
from allmende.people.models import Person
from tests import coops

OWN = "DE02120300000000202051"
OTHER = "DE02500105170137075030"
ANNA = "DE89370400440532013000"
BEN = "DE02100500000054540402"
CREDITOR = "DE98ZZZ09999999999"


@dataclass
class Scene:
    """Everything a test of the bank needs."""

    cooperative: Cooperative
    board: Person
    anna: Membership
    ben: Membership

    @property
    def slug(self) -> str:
        """Of the addresses."""
        return self.cooperative.organisation.slug

    def request(self, member: Membership) -> Request:
        """The request for the member's share: 250 euros."""
        return Request.objects.get(membership=member)


def scene() -> Scene:
    """A cooperative with an account, a board, and two members who owe 250 euros each for a share."""
    of = coops.cooperative()
    coops.statute(of)
    board = coops.office(of)
    BankAccount.objects.create(cooperative=of, iban=OWN, bic="BYLADEM1001", holder="Gartenwerk eG", is_default=True)
    Creditor.objects.create(cooperative=of, creditor_id=CREDITOR)
    anna = coops.member(of, board, family_name="Müller", person=coops.person("anna"))
    ben = coops.member(of, board, family_name="Baum", person=coops.person("ben"))
    return Scene(of, board, anna, ben)


def mandate(of: Scene, member: Membership, iban: str = ANNA) -> Mandate:
    """Given by the member today."""
    assert member.person
    return actions.give_mandate(member, iban, "Jörg Müßig", "Ich ermächtige …", localdate(), by=member.person)


def entry(
    cents: int, text: str = "", *, name: str = "Anna Mueller", iban: str = ANNA, ref: str = "", day: date | None = None, more: str = ""
) -> str:
    """An entry of camt.053.001.08 with one transaction."""
    day = day or localdate() - timedelta(days=1)
    sign, side = ("CRDT", "Dbtr") if cents > 0 else ("DBIT", "Cdtr")
    amount = f"{abs(cents) // 100}.{abs(cents) % 100:02d}"
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt>'
        f"<ValDt><Dt>{day}</Dt></ValDt><AcctSvcrRef>{ref}</AcctSvcrRef><NtryDtls><TxDtls>{more}<RltdPties><{side}><Pty><Nm>{name}</Nm></Pty>"
        f"</{side}><{side}Acct><Id><IBAN>{iban}</IBAN></Id></{side}Acct></RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def camt(*entries: str, iban: str = OWN, version: str = "08") -> bytes:
    """A statement with these entries."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt><Id>1</Id><Acct><Id><IBAN>{iban}</IBAN></Id></Acct>{''.join(entries)}"
        "</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def imported(of: Scene, *entries: str) -> list[Line]:
    """The lines of a statement with these entries, in their order."""
    actions.take_file(of.cooperative, "auszug.xml", camt(*entries), by=of.board)
    return list(Line.objects.filter(cooperative=of.cooperative).order_by("pk"))
