"""The demo cooperatives: who owns the farm shop, with statute, members, payments and hours; and a network whose members are organisations.

All of it is invented and marked; only demo people and invented organisations appear. It is written through the rooms' own actions, so it
obeys their rules, on days counted back from today.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import translation
from django.utils.timezone import localdate

from allmende.banking.actions import give_mandate, set_creditor, set_payout_iban
from allmende.constitution.actions import (
    add_document,
    adopt_statute,
    begin_statute,
    change_settings,
    change_statute,
    give_office,
    set_up,
)
from allmende.constitution.actions.founding import Settings
from allmende.constitution.actions.offices import Giving
from allmende.constitution.models import Cooperative, Form, InvestingVote, OfficeKind
from allmende.constitution.rules import add_months
from allmende.contributions.actions import Entering as Contributing
from allmende.contributions.actions import add_usual_types, decide_contributions, enter_contribution, set_visibility
from allmende.contributions.models import Contribution, Source, Unit
from allmende.directory.models import Organisation, Proof, Role
from allmende.ground import outbox
from allmende.home.demo import deciding
from allmende.home.demo.people import HOST
from allmende.joining import declaration
from allmende.joining.actions import Declaring, declare
from allmende.joining.declaration import Wish
from allmende.leaving.actions import give_notice
from allmende.leaving.queries import Wanted, foresee
from allmende.members.actions import Entering, Named, enter_member
from allmende.members.models import Group, Kind, Membership, Party
from allmende.money.actions import add_account, receive
from allmende.money.models import Request
from allmende.networks.actions import answer, declare_size, save_scheme
from allmende.networks.models import Measure
from allmende.networks.rules import Step
from allmende.people.models import Notice, Person
from allmende.stewards.actions import grant

SHOP = "demo-hofladen-ackerglueck"
NETWORK = "netzwerk-plattformgenossenschaften"
# Its members: entry, who has confirmed it (nobody yet), employees.
NETWORK_MEMBERS = ((SHOP, "", 6), ("demo-datengarten", "clara", 14), ("demo-pflegegemeinschaft-aareblick", "jakob", 60))
FEES = (Step(9, 60_00), Step(49, 180_00), Step(None, 480_00))
CREDITOR = "DE98ZZZ09999999999"  # the example of the Deutsche Bundesbank
IBAN = "DE89370400440532013000"  # the example of every handbook: nobody's account
STATUTE = {
    "share_cents": 100_00, "mandatory_shares": 1, "max_shares": 50, "paid_in_cents": 50_00, "instalment_cents": 25_00,
    "instalment_months": 3, "entry_fee_cents": 10_00, "minimum_capital_permille": 800, "notice_months": 6, "has_investing": True,
    "investing_vote": InvestingVote.NONE, "has_supervisory": False, "board_size": 2, "interest_permille": 20, "has_refund": True,
    "joining_form": Form.TEXT, "exit_form": Form.TEXT, "proxy_form": Form.TEXT,
}  # fmt: skip
PLACES = {"share_cents": "§ 5", "notice_months": "§ 9", "has_refund": "§ 31"}
TEXT = """Beispielsatzung des Hofladens Ackerglück (Demo). Erfunden, nicht zur Verwendung.

§ 1 Name und Zweck. Die Genossenschaft versorgt ihre Mitglieder durch einen gemeinsamen Laden mit Lebensmitteln aus der Umgebung.
§ 3 Mitgliedschaft. Mitglied wird, wer in Textform beitritt und vom Vorstand zugelassen ist.
§ 5 Anteile. Ein Anteil beträgt 100 Euro: 50 Euro sofort, der Rest in zwei Raten zu 25 Euro. Höchstens 50 Anteile je Mitglied.
§ 6 Haftung. Eine Nachschusspflicht besteht nicht.
§ 9 Kündigung. Mit sechs Monaten Frist zum Ende des Geschäftsjahres, das das Kalenderjahr ist.
§ 31 Rückvergütung. Mitglieder erhalten eine Rückvergütung nach ihrem Einkauf, wenn die Generalversammlung sie beschließt.
"""
PRIVACY = (
    "Wir brauchen Name, Anschrift und Anteile für die Mitgliederliste (§ 30 GenG, Art. 6 Abs. 1 DSGVO). Die E-Mail-Adresse nutzen wir für "
    "Einladungen und Forderungen. Ein Konto brauchen wir nur für Lastschrift oder Auszahlung. Nach dem Ausscheiden löschen wir Name und "
    "Anschrift, sobald das Gesetz es erlaubt. (Beispieltext)"
)
# Who belongs to the shop: name, shares, group, months ago, kind. Names are those of the demo people; the rest has no account.
MEMBERS = (
    ("anna", 5, "employees", 40, Kind.ORDINARY), ("ben", 3, "employees", 40, Kind.ORDINARY), ("emil", 2, "customers", 30, Kind.ORDINARY),
    ("kai", 1, "customers", 26, Kind.ORDINARY), ("lena", 4, "customers", 20, Kind.ORDINARY), ("dora", 2, "customers", 18, Kind.ORDINARY),
    ("hanna", 10, "supporters", 14, Kind.INVESTING), ("ida", 1, "customers", 5, Kind.ORDINARY),
)  # fmt: skip
ORGANISATIONS = (("demo-datengarten", 6, 24), ("demo-lieferkollektiv-windschatten", 8, 12))
HOURS = {"anna": (8, 7, 8, 6, 8, 7), "ben": (8, 8, 6, 7), "emil": (3, 4), "kai": (6,), "lena": (2, 3), "dora": (5,)}


@transaction.atomic
def load() -> int:
    """Set the demo cooperative up; returns how many members it has. Nothing where the demo people are missing or it is there."""
    shop = Organisation.objects.filter(slug=SHOP, is_demo=True).first()
    people = {one.email.partition("@")[0]: one for one in Person.objects.filter(email__endswith=f"@{HOST}")}
    if shop is None or "anna" not in people or Cooperative.objects.filter(organisation=shop).exists():
        return 0
    with translation.override("de"), _no_letters(people):
        anna = people["anna"]
        cooperative = set_up(shop, holder=str(anna), since=add_months(localdate(), -40), elected_by="Gründungsversammlung", by=anna)
        Cooperative.objects.filter(pk=cooperative.pk).update(is_demo=True)
        _constitute(cooperative, anna)
        members = _members(cooperative, people, anna)
        give_office(
            cooperative, Giving(OfficeKind.BOARD, str(people["ben"]), add_months(localdate(), -40), email=people["ben"].email), by=anna
        )
        _pay(cooperative, anna)
        _work(cooperative, members, people)
        deciding.load(cooperative, people)
        _what_waits(cooperative, members, people)
        _network(people)
    return len(members)


@contextmanager
def _no_letters(people: dict[str, Person]) -> Iterator[None]:
    """What the demo people are told on the way fills neither their notices nor the terminal."""
    known = set(Notice.objects.values_list("pk", flat=True))
    yield
    Notice.objects.filter(person__in=people.values()).exclude(pk__in=known).delete()
    for person in people.values():
        outbox.forget(person.email)


def _constitute(cooperative: Cooperative, by: Person) -> None:
    draft = begin_statute(cooperative, by=by)
    change_statute(draft, STATUTE, PLACES, by=by)
    add_document(draft, text=TEXT, by=by)
    began = add_months(localdate(), -40)
    adopt_statute(draft, valid_from=began, adopted_on=began, registered_on=began, by=by)
    said = Settings(
        letter_address="Hofladen Ackerglück (Demo), Feldweg 1, 79098 Freiburg im Breisgau",
        letter_email=f"hofladen@{HOST}",
        audit_association="Prüfungsverband (Demo), Freiburg im Breisgau",
        welcome="Schön, dass du mitmachen willst. Der Laden gehört denen, die dort arbeiten, einkaufen und liefern.",
        privacy=PRIVACY,
        is_joinable=True,
        is_embeddable=True,
    )
    change_settings(cooperative, said, by=by)
    add_account(cooperative, iban=IBAN, bic="COBADEFFXXX", bank="Commerzbank", holder="Hofladen Ackerglück (Demo)", by=by)
    set_creditor(cooperative, CREDITOR, 5, by=by)


def _members(cooperative: Cooperative, people: dict[str, Person], by: Person) -> dict[str, Membership]:
    groups = {one.key: one for one in Group.objects.filter(cooperative=cooperative)}
    made: dict[str, Membership] = {}
    for name, shares, group, ago, kind in MEMBERS:
        person = people[name]
        named = Named(
            family_name=f"{name.capitalize()} (Demo)",
            given_name="",
            street="Feldweg 2",
            postcode="99423",
            town="Freiburg im Breisgau",
            email=person.email,
        )
        day = add_months(localdate(), -ago)
        entering = Entering(named, shares, day, day, kind=kind, group=groups.get(group), person=person)
        made[name] = enter_member(cooperative, entering, by=by)
    for slug, shares, ago in ORGANISATIONS:
        organisation = Organisation.objects.get(slug=slug)
        day = add_months(localdate(), -ago)
        named = Named(party=Party.LEGAL, firm=organisation.name, town="Freiburg im Breisgau", email=f"{slug}@{HOST}")
        made[slug] = enter_member(
            cooperative, Entering(named, shares, day, day, group=groups.get("partners"), organisation=organisation), by=by
        )
    give_mandate(made["emil"], IBAN, "Emil (Demo)", "Beispiel eines Mandats", localdate() - timedelta(days=200), by=people["emil"])
    set_payout_iban(made["lena"], IBAN, "Lena (Demo)", by=people["lena"])
    return made


def _pay(cooperative: Cooperative, by: Person) -> None:
    """Whoever joined more than half a year ago has paid all but the last instalment; the youngest member owes everything."""
    long_ago = add_months(localdate(), -6)
    asked = Request.objects.filter(membership__cooperative=cooperative, membership__joined_on__lt=long_ago)
    last = {one.membership_id: one.pk for one in asked.order_by("due_on", "pk")}
    for request in asked.exclude(pk__in=last.values()).select_related("membership").order_by("due_on", "pk"):
        receive(request, request.cents, booked_on=request.membership.joined_on + timedelta(days=14), reference="Beispiel", by=by)


def _work(cooperative: Cooperative, members: dict[str, Membership], people: dict[str, Person]) -> None:
    anna, ben = people["anna"], people["ben"]
    add_usual_types(cooperative, by=anna)
    set_visibility(cooperative, "public", 5, by=anna)
    kinds = {one.unit: one for one in cooperative.contribution_types.all()}
    day = max(date(localdate().year, 1, 2), localdate() - timedelta(days=120))
    for name, hours in HOURS.items():
        for number, amount in enumerate(hours):
            done_on = min(localdate(), day + timedelta(days=14 * number))
            entering = Contributing(kinds[Unit.HOURS], amount * 1000, done_on, "Ladendienst")
            enter_contribution(members[name], entering, by=people[name])
    waiting = Contribution.objects.filter(cooperative=cooperative, confirmation=None)
    decide_contributions(
        cooperative, list(waiting.exclude(membership=members["anna"]).values_list("uuid", flat=True)), "confirmed", by=anna
    )
    mine = list(waiting.filter(membership=members["anna"]).order_by("-pk").values_list("uuid", flat=True))
    decide_contributions(cooperative, mine[1:], "confirmed", by=ben)  # the last one waits
    for name, euros in (("emil", 640), ("kai", 380), ("lena", 910), ("dora", 270)):
        bought = Contributing(kinds[Unit.TURNOVER], euros * 100, day, "Einkauf")
        line, _is_new = enter_contribution(members[name], bought, source=Source.OFFICE, by=anna)
        decide_contributions(cooperative, [line.uuid], "confirmed", by=ben)


def _what_waits(cooperative: Cooperative, members: dict[str, Membership], people: dict[str, Person]) -> None:
    """A declaration to decide about and a notice to confirm."""
    jakob, lena = people["jakob"], people["lena"]
    group = Group.objects.filter(cooperative=cooperative, key="customers").first()
    named = Named(
        family_name="Jakob (Demo)", given_name="", street="Aareweg 3", postcode="79098", town="Freiburg im Breisgau", email=jakob.email
    )
    wish = Wish(named, Kind.ORDINARY, 2, group)
    statute = cooperative.statutes.get()
    duties = declaration.duties_of(statute)
    text = declaration.joining(cooperative, statute, wish, has_fees=False)
    declare(cooperative, Declaring(uuid4(), wish, text, tuple(one.key for one in duties)), by=jakob)
    wanted = Wanted()
    give_notice(members["lena"], wanted, shown=foresee(members["lena"], wanted, localdate()).text, by=lena)


def _network(people: dict[str, Person]) -> None:
    """The demo network keeps its members too: organisations, fees by size. One of them has not said yet whether it is true."""
    ida, day = people["ida"], add_months(localdate(), -10)
    entry = Organisation.objects.filter(slug=NETWORK, is_demo=True).first()
    if entry is None:
        return
    grant(entry, ida, role=Role.OWNER, proof=Proof.GRANTED)
    network = set_up(entry, holder=str(ida), since=day, elected_by="Gründungsversammlung", by=ida)
    Cooperative.objects.filter(pk=network.pk).update(is_demo=True)
    draft = begin_statute(network, by=ida)
    change_statute(draft, {"share_cents": 100_00, "paid_in_cents": 100_00, "has_supervisory": False}, {}, by=ida)
    add_document(
        draft, text="Beispielsatzung eines Netzwerks (Demo). Mitglieder sind Organisationen; sie zahlen einen Jahresbeitrag.", by=ida
    )
    adopt_statute(draft, valid_from=day, adopted_on=day, registered_on=day, by=ida)
    save_scheme(network, day.year, FEES, measure=Measure.EMPLOYEES, is_pro_rata=False, resolution="Beispiel", by=ida)
    for slug, keeper, employees in NETWORK_MEMBERS:
        organisation = Organisation.objects.get(slug=slug)
        named = Named(party=Party.LEGAL, firm=organisation.name, town="Freiburg im Breisgau", email=f"{slug}@{HOST}")
        membership = enter_member(network, Entering(named, 1, day, day, organisation=organisation), by=ida)
        declare_size(membership, employees, measure=Measure.EMPLOYEES, declared_on=day, evidence="Beispiel", by=ida)
        if keeper:
            answer(membership, says_yes=True, by=people[keeper])
