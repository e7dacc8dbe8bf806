"""A cooperative with something in every room of co-ownership, and the pages of these rooms."""

from datetime import date, timedelta

from django.utils.timezone import localdate

from allmende.banking.actions import take_file
from allmende.constitution.models import Cooperative
from allmende.leaving import actions as leaving
from allmende.leaving.models import Termination
from allmende.leaving.queries import Wanted, foresee
from allmende.money.models import BankAccount, Request
from allmende.people.models import Person
from allmende.surplus.actions import prepare_year
from tests import coops
from tests.banking.scene import OWN, camt, entry
from tests.contributions import scene as work
from tests.joining.conftest import declared

AT = "/genossenschaft/gartenwerk-eg/"


def everything() -> tuple[Person, list[str], list[str]]:
    """The chair, who is a member as well; the pages of the chair, and those of guests."""
    made = work.scene(has_refund=True, interest_permille=20)
    of, chair = made.cooperative, made.board
    Cooperative.objects.filter(pk=of.pk).update(is_joinable=True, is_embeddable=True, letter_address="Gartenweg 1\n07743 Jena")
    of.refresh_from_db()
    BankAccount.objects.create(cooperative=of, iban=OWN, bic="BYLADEM1001", holder="Gartenwerk eG", is_default=True)
    joined_on = localdate() - timedelta(days=400)
    mine = coops.member(of, chair, person=chair, shares=2, joined_on=joined_on, family_name="Vorstand", group=coops.group(of))
    made.confirmed(made.anna)
    made.enter(made.anna)
    asked = Request.objects.get(membership=mine)
    take_file(of, "auszug.xml", camt(entry(250_00, f"Anteile {asked.code}"), entry(40_00, "Miete")), by=chair)
    waiting = declared(of)
    shown = foresee(made.anna, Wanted(), localdate()).text
    leaving.give_notice(made.anna, Wanted(), shown=shown, by=made.anna.person)  # type: ignore[arg-type]
    prepare_year(of, date(localdate().year - 1, 12, 31), {"result": 200_00, "to_legal_reserve": 20_00}, by=chair)
    exit_page = f"austritte/{Termination.objects.get().uuid}/"
    rooms = [
        "", "satzung/", "aemter/", "einstellungen/", "mitglieder/", f"mitglieder/{mine.number}/", "mitglieder/zahlen/",
        "antraege/", f"antraege/{waiting.uuid}/", "austritte/", exit_page, "kasse/", f"kasse/forderung/{asked.uuid}/",
        "kasse/buchungen/", "bank/", "bank/auszahlungen/", "beitraege/", "beitraege/regeln/", "uebernahme/", "ueberschuss/",
        "pruefung/", "ich/", "ich/anteile/", "ich/kuendigen/", "ich/mandat/", "ich/beitraege/",
    ]  # fmt: skip
    return chair, [f"{AT}{room}" for room in rooms], [f"{AT}beitreten/", f"{AT}beitreten/angaben/", f"{AT}satzung/1/"]
