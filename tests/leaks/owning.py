"""What members own together at "Offen stewards eG": its statute, who is a member with which shares and accounts, and all that waits there.

Offices decide who reads it: OWNER is the board, MEMBER a plain member, NEIGHBOUR looks after an organisation that is one. Nobody else has
a part in it, whoever looks after the entry or takes care of the network.
"""

import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.utils import timezone, translation

from allmende.banking import actions as banking
from allmende.banking import models as bank
from allmende.constitution import actions as constitution
from allmende.constitution.models import Cooperative, Office
from allmende.contributions import actions as contributions
from allmende.contributions.actions import Entering as Contributing
from allmende.intake import actions as intake
from allmende.intake.checking import Options
from allmende.joining import declaration
from allmende.joining.actions import Declaring, declare
from allmende.joining.declaration import Wish
from allmende.leaving.actions import Giving, give_notice, want_transfer
from allmende.leaving.models import Termination
from allmende.leaving.queries import Wanted, foresee
from allmende.members import actions as members
from allmende.members.actions import Entering, Named
from allmende.members.models import Kind, Membership, Party
from allmende.money import actions as money
from allmende.money.actions import Line
from allmende.money.models import Account, BookingKind, Request
from allmende.networks import actions as networks
from allmende.networks.actions.representing import Naming
from allmende.networks.rules import Step
from allmende.people.queries import GUEST
from allmende.surplus.models import Year, YearState
from tests import coops
from tests.banking.scene import CREDITOR, camt, entry
from tests.banking.scene import OWN as ACCOUNT
from tests.leaks.secrets import EVERYBODY, MEMBER, NEIGHBOUR, OWNER, Circle

if TYPE_CHECKING:
    from tests.leaks.scene import Scene

TODAY = timezone.localdate()
LAST_YEAR = datetime.date(TODAY.year - 1, 12, 31)
END = datetime.date(TODAY.year, 12, 31)
IN_TIME = TODAY + datetime.timedelta(days=20)
JOINED = datetime.date(TODAY.year - 2, 3, 1)
NAMES = ("family_name", "given_name")
IBANS = ("DE89370400440532013000", "DE02500105170137075030", "DE02100500000054540402")

OFFICES: Circle = frozenset({OWNER})
"""Who holds an office: the board."""
OWN: Circle = frozenset({MEMBER})
OF_MEMBER: Circle = OFFICES | OWN
"""Who reads what is the member's: itself and the board."""
OF_ORGANISATION: Circle = OFFICES | {NEIGHBOUR}
CO_OWNERS: Circle = OF_MEMBER | {NEIGHBOUR}
"""Who reads what members are told of the whole."""


def fill(scene: "Scene") -> None:
    """All of it."""
    with translation.override("de"):
        of = _constitution(scene)
        _members(scene, of)
        _money(scene, of)
        _bank(scene, of)
        _waiting(scene, of)
        _work(scene, of)
        _years(scene, of)
        _networks(scene, of)


# ----------------------------------------------------------------------------------------------------- statute and offices


def _constitution(scene: "Scene") -> Cooperative:
    keep, board = scene.secrets.keep, scene.people[OWNER]
    of = constitution.set_up(scene.offen, holder=keep("amtsname", "the name of the board", EVERYBODY), since=JOINED, by=board)
    Cooperative.objects.filter(pk=of.pk).update(is_joinable=True, is_embeddable=True)
    of.refresh_from_db()
    in_force = coops.statute(of, valid_from=JOINED, share_cents=100_00, mandatory_shares=1, has_investing=True, text="Unsere Satzung.")
    scene.things["statute"] = in_force
    draft = constitution.begin_statute(of, like=in_force, by=board)
    reasons = keep("entwurfsgrund", "the draft of a statute", OFFICES)
    constitution.change_statute(draft, {"exclusion_reasons": reasons}, {"notice_months": reasons}, by=board)
    constitution.add_document(draft, text=keep("satzungsentwurf", "the text of the draft of a statute", OFFICES), by=board)
    scene.things["later statute"] = coops.statute(of, valid_from=datetime.date(TODAY.year + 1, 1, 1), share_cents=100_00)
    _offices(scene, of)
    return of


def _offices(scene: "Scene", of: Cooperative) -> None:
    keep, made = scene.secrets.keep, Office.objects.create
    scene.things["office"] = made(
        cooperative=of, kind="bookkeeping", since=JOINED, holder=keep("buchhalterei", "who keeps the books", OFFICES),
        elected_by=keep("ernennung", "who named the bookkeeper", OFFICES),
    )  # fmt: skip
    former = keep("altvorstand", "the name of a former board", OFFICES)
    made(cooperative=of, kind="board", since=JOINED, until=LAST_YEAR - datetime.timedelta(days=30), holder=former)


# ---------------------------------------------------------------------------------------------------------------- members


def in_register(scene: "Scene", whose: str, sees: Circle, **more: Any) -> Named:
    """A name and an address that only these read."""
    keep, word = scene.secrets.keep, "".join(filter(str.isalnum, whose))
    said = {
        name: keep(f"{part}{word}", f"the {what} of {whose}", sees)
        for name, part, what in (
            ("street", "genossengasse", "street"), ("town", "genossenort", "town"), ("phone", "genossenruf", "telephone"),
        )
    }  # fmt: skip
    email = keep(f"genossenpost{word}", f"the e-mail in the register of {whose}", sees)
    return Named(**said, postcode="99423", email=f"{email}@personen.example", **more)


def entered(scene: "Scene", of: Cooperative, thing: str, named: Named, shares: int, **more: Any) -> Membership:
    entering = Entering(named, shares, JOINED, JOINED, **more)
    scene.things[thing] = members.enter_member(of, entering, by=scene.people[OWNER])
    made: Membership = scene.things[thing]
    return made


def _members(scene: "Scene", of: Cooperative) -> None:
    keep, member = scene.secrets.keep, scene.people[MEMBER]
    group = of.groups.get(key="employees")
    family = {name: keep(f"sippe{name.partition('_')[0]}", f"the {name} of a member", OF_MEMBER) for name in NAMES}
    mine = entered(scene, of, "membership", in_register(scene, "a member", OF_MEMBER, **family), 4, person=member, group=group)
    other = {
        name: keep(f"fremd{name.partition('_')[0]}", f"the {name} of another member", OFFICES) for name in ("family_name", "given_name")
    }
    evidence = keep("aktenzeichen", "where the declaration of another member lies", OFFICES)
    entered(scene, of, "other membership", in_register(scene, "another member", OFFICES, **other), 2, evidence=evidence, group=group)
    firm = {
        name: keep(f"firma{name.partition('_')[0]}", f"the {name} of a member that is an organisation", sees)
        for name, sees in (("firm", OF_ORGANISATION), ("register", OFFICES), ("represented_by", OFFICES))
    }
    named = in_register(scene, "an organisation", OFFICES, party=Party.LEGAL, **firm)
    entered(scene, of, "organisation", named, 1, organisation=scene.entries["nachbar"])
    wish = members.named_of(mine.particulars.get())
    street = keep("umzugsgasse", "the new street of a member", OF_MEMBER)
    members.ask_change(mine, Named(**{**vars(wish), "street": street}), from_on=TODAY, by=member)
    purpose = keep("einsichtszweck", "why a member looked at the list", OF_MEMBER)
    scene.things["look"] = members.begin_inspection(of, purpose=f"Wegen {purpose} im Verein", as_of=TODAY, by=member)


# ------------------------------------------------------------------------------------------------------------------ money


def _money(scene: "Scene", of: Cooperative) -> None:
    keep, board, mine, other = scene.secrets.keep, scene.people[OWNER], scene.things["membership"], scene.things["other membership"]
    holder = keep("kontofirma", "whose account a cooperative has", CO_OWNERS)
    scene.things["account"] = money.add_account(of, iban=ACCOUNT, bic="BYLADEM1001", bank="Bank", holder=holder, by=board)
    fee = keep("forderungstext", "what a request for payment is for", OF_MEMBER)
    scene.things["request of member"] = money.ask_for(mine, "fee", 12_00, due_on=TODAY + datetime.timedelta(days=40), text=fee, by=board)
    words = keep("mahnungstext", "what a request to another member is for", OFFICES)
    scene.things["request of other"] = money.ask_for(other, "fee", 12_00, due_on=TODAY - datetime.timedelta(days=9), text=words, by=board)
    for asked in Request.objects.filter(membership__in=[mine, other], kind="shares"):
        money.receive(asked, asked.cents, booked_on=JOINED, reference="Beleg 1", by=board)
    word = keep("auszahlungstext", "what a member is owed for", OF_MEMBER)
    line = Line(BookingKind.REFUND, Account.REFUND, Account.PAYABLE, 30_00, TODAY, mine, text=word)
    why = keep("sperrgrund", "why a payout waits", OF_MEMBER)
    scene.things["payable"] = money.owe(mine, "refund", [line], due_on=TODAY, text=word, blocked_reason=why, by=board)
    text = keep("buchungstext", "the text of a booking", OFFICES)
    line = Line(BookingKind.FEE, Account.RECEIVABLE, Account.FEES, 5_00, TODAY, other, text=text, reference=text)
    scene.things["booking"] = money.book(of, [line], by=board)[0]


def _bank(scene: "Scene", of: Cooperative) -> None:
    keep, board, mine, other = scene.secrets.keep, scene.people[OWNER], scene.things["membership"], scene.things["other membership"]
    banking.set_creditor(of, CREDITOR, 14, by=board)
    ibans = [keep(iban[2:], f"the IBAN of {whose}", sees) for iban, whose, sees in zip(
        IBANS, ("a member", "another member", "who paid"), (OF_MEMBER, OFFICES, OFFICES), strict=True
    )]  # fmt: skip
    holder = keep("kontoinhaberin", "who holds the account of a member", OF_MEMBER)
    given = banking.give_mandate(mine, f"DE{ibans[0]}", holder, "Ich ermächtige …", TODAY, by=scene.people[MEMBER])
    payee = keep("empfaengerkonto", "who holds the account of another member", OFFICES)
    scene.things["mandate"] = given
    banking.set_payout_iban(other, f"DE{ibans[1]}", payee, by=board)
    text, party = keep("ueberweisungszweck", "the text of a bank line", OFFICES), keep("zahlername", "who paid", OFFICES)
    banking.take_file(of, "auszug.xml", camt(entry(77_00, text, name=party, iban=f"DE{ibans[2]}")), by=board)
    scene.things["bank line"] = bank.Line.objects.get(cooperative=of)
    table = keep("kontotabelle", "a table of a bank", OFFICES)
    csv = f"Buchungstag;Betrag;Verwendungszweck;IBAN\n01.02.2025;1,00;{table};DE{ibans[2]}\n".encode()
    scene.things["upload"] = banking.take_file(of, "umsatz.csv", csv, by=board)
    run = bank.Run.objects.create(
        cooperative=of,
        kind="debit",
        message_id="M1",
        iban=ACCOUNT,
        holder="Offen",
        creditor_id=CREDITOR,
        due_on=IN_TIME,
    )
    scene.things["run"] = run
    words = keep("einzugstext", "the text of a direct debit", OF_MEMBER)
    bank.Item.objects.create(
        run=run, membership=mine, request=scene.things["request of member"], mandate=given, sequence="FRST", cents=12_00, end_to_end="M1-1",
        iban=given.iban, holder=holder, text=words,
    )  # fmt: skip


# ---------------------------------------------------------------------------------------------------------------- waiting


def _waiting(scene: "Scene", of: Cooperative) -> None:
    _application(scene, of)
    keep, mine, member = scene.secrets.keep, scene.things["membership"], scene.people[MEMBER]
    single = Wanted("single", 1, "notice")
    scene.things["notice given"] = give_notice(mine, single, shown=foresee(mine, single, TODAY).text, by=member)[0]
    newcomer = keep("nachfolgename", "to whom a member gives shares", OF_MEMBER)
    scene.things["transfer"] = want_transfer(mine, Giving(1, newcomer=newcomer), by=member)[0]
    said = {name: keep(f"austritt{name}", f"the {name} of an exit", OFFICES) for name in ("words", "contact", "evidence")}
    scene.things["exit"] = Termination.objects.create(
        membership=scene.things["other membership"], reason="exclusion", received_on=TODAY, rule="exclusion",
        statute=scene.things["statute"],
        paragraph="§ 68", effective_on=END, payout_due_on=END + datetime.timedelta(days=180), **said,
    )  # fmt: skip
    _intake(scene, of)


def _application(scene: "Scene", of: Cooperative) -> None:
    keep, sees = scene.secrets.keep, OFFICES
    told = {
        name: keep(f"antrag{part}", f"the {name} of an applicant", sees, "application")
        for name, part in (
            ("family_name", "sippe"), ("given_name", "rufname"), ("street", "gasse"), ("town", "ort"), ("phone", "ruf"),
        )
    }  # fmt: skip
    email = keep("antragspost", "the e-mail of an applicant", sees, "application")
    named = Named(**told, postcode="99423", email=f"{email}@personen.example")
    wish = Wish(named, Kind.ORDINARY, 2, None)
    statute = scene.things["statute"]
    ticked = tuple(one.key for one in declaration.duties_of(statute, has_fees=True))
    declaring = Declaring(
        uuid4(), wish, declaration.joining(of, statute, wish, has_fees=True), ticked,
        iban="DE89370400440532013000", holder=keep("antragskonto", "who holds the account of an applicant", sees, "application"),
        mandate_text="Ich ermächtige …", note=keep("antragswort", "the words of an applicant", sees, "application"),
    )  # fmt: skip
    scene.things["application"] = declare(of, declaring, by=GUEST)


def _intake(scene: "Scene", of: Cooperative) -> None:
    keep, board = scene.secrets.keep, scene.people[OWNER]
    name, row = keep("listenname", "a name in a list that is taken over", OFFICES), keep("listengasse", "a street in such a list", OFFICES)
    csv = f"Name;Straße;Beitritt;Anteile\n{name}, Anna;{row} 3;01.02.2024;2\n{name}, Ben;{row} 4;falsch;2\n".encode()
    found = intake.upload(of, csv, f"{keep('listendatei', 'the name of such a list', OFFICES)}.csv", by=board)
    found = intake.choose_columns(found, ["name", "street", "joined_on", "shares"], by=board)
    scene.things["intake"] = intake.rehearse(found, Options(opening_on=TODAY), by=board)


# --------------------------------------------------------------------------------------------- contributions and results


def _work(scene: "Scene", of: Cooperative) -> None:
    keep, board, mine, other = scene.secrets.keep, scene.people[OWNER], scene.things["membership"], scene.things["other membership"]
    contributions.add_usual_types(of, by=board)
    hours = of.contribution_types.get(unit="hours")
    scene.things["kind"] = hours
    text = keep("schichtwort", "what a member worked", OF_MEMBER)
    scene.things["line"] = contributions.enter_contribution(mine, Contributing(hours, 3_000, TODAY, text), by=scene.people[MEMBER])[0]
    text = keep("fremdschicht", "what another member worked", OFFICES)
    scene.things["line of other"] = contributions.enter_contribution(
        other, Contributing(hours, 5_000, TODAY, text), source="office", by=board
    )[0]
    row = keep("stundenzeile", "a row of a file with contributions", OFFICES)
    csv = f"Mitglied;Art;Menge;Tag;Text\n{other.number};{hours.key};1,5;{TODAY:%d.%m.%Y};{row}\n".encode()
    scene.things["file of hours"] = contributions.rehearse_import(of, "stunden.csv", csv, by=board)
    client = keep("kassenprogramm", "the program that has a key", OFFICES)
    scene.things["key"], scene.things["key word"] = contributions.create_key(of, client, may_post=True, may_read=True, by=board)


def _years(scene: "Scene", of: Cooperative) -> None:
    resolution = scene.secrets.keep("gewinnbeschluss", "what was resolved about a year", OF_MEMBER)
    before = datetime.date(LAST_YEAR.year - 1, 12, 31)
    scene.things["year"] = Year.objects.create(
        cooperative=of, ends_on=before, state=YearState.BOOKED, result=100_00, resolution=resolution, resolved_on=LAST_YEAR,
        booked_at=timezone.now(),
    )  # fmt: skip
    scene.things["draft year"] = Year.objects.create(cooperative=of, ends_on=LAST_YEAR, result=4_711_00, distributed=10_00)


# --------------------------------------------------------------------------------------------------------------- networks


def _networks(scene: "Scene", of: Cooperative) -> None:
    keep, board, neighbour, one = scene.secrets.keep, scene.people[OWNER], scene.people[NEIGHBOUR], scene.things["organisation"]
    networks.answer(one, says_yes=True, by=neighbour)
    words = keep("staffelbeschluss", "the resolution on fees by size", CO_OWNERS)
    steps = [Step(10, 50_00), Step(None, 100_00)]
    scene.things["scheme"] = networks.save_scheme(of, TODAY.year, steps, measure="employees", is_pro_rata=True, resolution=words, by=board)
    evidence = keep("groessenbeleg", "what shows the size of a member", OF_ORGANISATION)
    networks.declare_size(one, 7, measure="employees", declared_on=TODAY, evidence=evidence, by=neighbour)
    authority = keep("vollmacht", "the authority to act for a member", OF_ORGANISATION)
    named = Naming(
        keep("vertretername", "who acts for a member", OF_ORGANISATION), authority,
        TODAY, email=f"{keep('vertreterpost', 'the e-mail of who acts for a member', OF_ORGANISATION)}@personen.example",
    )  # fmt: skip
    scene.things["representative"] = networks.name_representative(one, named, by=neighbour)
