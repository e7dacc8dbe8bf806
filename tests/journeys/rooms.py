"""A cooperative with something in every room of co-ownership or of deciding together, and the pages of these rooms."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.timezone import localdate

from allmende.amendments import actions as amendments
from allmende.amendments import rules as amending
from allmende.amendments.models import Amendment
from allmende.arguments import actions as arguments
from allmende.ballots import actions as ballots
from allmende.ballots import boxes
from allmende.ballots.actions.closing import finish
from allmende.ballots.models import Ballot
from allmende.banking.actions import take_file
from allmende.constitution.models import Cooperative
from allmende.electorates.models import Voter
from allmende.ground import queue
from allmende.ideas import actions as ideas
from allmende.leaving import actions as leaving
from allmende.leaving.models import Termination
from allmende.leaving.queries import Wanted, foresee
from allmende.money.models import BankAccount, Request
from allmende.opinions import actions as opinions
from allmende.people.models import Person
from allmende.processes import actions as processes
from allmende.processes.models import Phase
from allmende.processes.rules import DOORS, Span
from allmende.proposals import actions as proposals
from allmende.proposals import queries as texts
from allmende.proposals.models import Proposal
from allmende.resolutions import actions as resolutions
from allmende.resolutions.models import Resolution
from allmende.surplus.actions import prepare_year
from tests import coops
from tests.banking.scene import OWN, camt, entry
from tests.contributions import scene as work
from tests.joining.conftest import declared
from tests.opinions.conftest import Scene as Camps

AT = "/genossenschaft/gartenwerk-eg/"
NOW, DAY = timezone.now(), timedelta(days=1)


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


# ------------------------------------------------------------------------------------------------------ deciding together


class Deciding:
    """Gartenwerk eG, whose chair is a member as well and writes everything, and twelve more members."""

    def __init__(self) -> None:
        self.of = coops.cooperative()
        coops.statute(self.of)
        self.chair = coops.office(self.of)
        coops.member(self.of, self.chair, person=self.chair, family_name="Vorstand")
        self.asked = opinions.create_landscape(self.of, opinions.Wording("Wie wollen wir liefern?", "Was **wichtig** ist."), by=self.chair)
        self.camps = Camps(self.of, self.chair, self.asked)
        self.others = self.camps.more(12)

    def pages(self) -> list[str]:
        """One of everything, in every state that looks different, and the addresses of all that."""
        return [*self.ideas(), *self.proposals(), *self.landscapes(), *self.ballots(), *self.resolutions(), "/mein/kalender/"]

    def ideas(self) -> list[str]:
        """Three ideas: supported, answered, taken in."""
        first, other, taken = (
            ideas.publish_idea(
                self.of, ideas.Words(title=title, text="Mit **Liste**.", story_role="Hof", story_wish="Platz"), by=self.chair
            )
            for title in ("Eine Halle für alle", "Lastenrad teilen", "Räder teilen")
        )
        ideas.support_idea(first, by=self.others[0], is_supported=True)
        ideas.answer_idea(other, "planned", "Wir fangen im Mai an.", by=self.chair)
        ideas.merge_ideas(taken, other, by=self.chair)
        self.idea = first
        steps = ("", "bearbeiten/", "antworten/", "zusammenlegen/")
        return ["ideen/", "ideen/neu/", f"ideen/{other.uuid}/", *(f"ideen/{first.uuid}/{step}" for step in steps)]

    def proposals(self) -> list[str]:
        """A proposal that is deliberated in a process, with arguments, versions and two amendments."""
        said = proposals.Written(title="Halle", summary="Kurz.", text="Wir mieten sie.\n\nFür 900 €.", rationale="Weil.", why="")
        one = proposals.bring_in_proposal(proposals.start_proposal(self.of, said, by=self.chair, idea=self.idea), by=self.chair)
        process = processes.plan_process(one, "decision", "Beratung", self.phases(), by=self.chair)
        Phase.objects.filter(process=process, position=process.phases.earliest("position").position).update(starts_at=NOW - DAY)
        for side in ("for", "against", "question"):
            asked = arguments.write_argument(one, side, f"Das sage ich dazu ({side}).", by=self.others[0])
        arguments.answer_argument(asked, "So ist es.", by=self.chair)
        adopted, kept = (self.amendment(one, at, text) for at, text in ((0, "Wir kaufen sie."), (1, "Für 700 €.")))
        amendments.accept_amendment(adopted, by=self.chair)
        at, argued = f"vorschlaege/{one.year}-{one.serial}/", f"/argumente/proposals.proposal/{one.pk}/"
        steps = ("", "bearbeiten/", "fassungen/", "fassungen/2/", "mitschreiben/")
        key = texts.parts_of(texts.version_of(one, 2))[1].key
        changes = ("neu/", f"neu/?p={key}", f"{adopted.serial}/", f"{kept.serial}/", f"{kept.serial}/ablehnen/")
        return [
            "vorschlaege/", "vorschlaege/neu/", "vorschlaege/zulassung/", *(at + step for step in steps),
            *(f"{at}aenderungen/{step}" for step in changes), argued, f"{argued}neu/", f"/argumente/{asked.uuid}/antworten/",
            f"verfahren/neu/?about=ideas.idea:{self.idea.pk}",
            *(f"verfahren/{process.uuid}/{step}" for step in ("", "bearbeiten/", "verlegen/")),
        ]  # fmt: skip

    def phases(self) -> list[Span]:
        """Everything is open for ten days; then it is voted on."""
        soon = NOW + timedelta(hours=1)
        return [
            Span(None, soon, NOW + 10 * DAY, "deliberation", "", DOORS[:-1]),
            Span(None, NOW + 11 * DAY, NOW + 20 * DAY, "decision", "", ("vote",)),
        ]

    def amendment(self, proposal: Proposal, place: int, text: str) -> Amendment:
        """Other words for one paragraph."""
        part = texts.parts_of(texts.version_of(proposal))[place]
        edit = amending.Edit(amending.CHANGE, part.key, part.text, text)
        return amendments.propose_amendment(proposal, [edit], title=text, reason="Besser.", base=proposal.newest, by=self.others[1])

    def landscapes(self) -> list[str]:
        """One with its picture, one that is open."""
        for number in range(8):
            opinions.add_statement(self.asked, f"Aussage {number} gilt bei uns.", by=self.chair)
        opinions.open_landscape(self.asked, by=self.chair)
        self.camps.all_answer(self.others[:7], 1, -1)
        self.camps.all_answer(self.others[7:], -1, 1)
        opinions.close_landscape(self.asked, by=self.chair)
        queue.run_all()
        running = opinions.create_landscape(self.of, opinions.Wording("Was bauen wir?", ""), by=self.chair)
        opinions.add_statement(running, "Wir bauen ein Haus.", by=self.chair)
        opinions.open_landscape(running, by=self.chair)
        steps = ("", "aussagen/", "meine/", "bearbeiten/")
        return [
            "meinungsbilder/",
            "meinungsbilder/neu/",
            f"meinungsbilder/{self.asked.uuid}/",
            *(f"meinungsbilder/{running.uuid}/{step}" for step in steps),
        ]

    def ballots(self) -> list[str]:
        """Secret and counted, open with a paper of each look, and a draft in all its steps."""
        three: dict[str, Any] = {"options": ["Apfel", "Birne", "Quitte"]}
        counted = self.ballot("Gartenrat", rule={"method": "stv", "seats": 2}, box="detached", **three)
        for person, ranking in zip(self.others[:5], ([[0]], [[0], [1]], [[1]], [[2]], [[2], [1]]), strict=True):
            voter = Voter.objects.get(electorate=counted.electorate_id, person=person)
            ballots.cast(counted, voter, {"ranking": ranking}, by=person, code=boxes.new_code())
        finish(counted, counted.closes_at)
        consent = self.ballot("Räder", rule={"method": "consent"}, about=self.idea)
        papers = [self.ballot(method, rule={"method": method, **more}, **three) for method, more in METHODS.items()]
        draft = self.draft("Entwurf", rule={"method": "approval"}, **three)
        steps = [f"abstimmungen/{draft.uuid}/vorbereiten/?step={number}" for number in range(1, 7)]
        result = [f"abstimmungen/{counted.uuid}/{step}" for step in ("", "stimmzettel/", "quittung/")]
        running = [f"abstimmungen/{consent.uuid}/{step}" for step in ("", "stimme/", "verlaengern/")]
        return [
            "abstimmungen/", "abstimmungen/neu/", *steps, *running, *result, *(f"abstimmungen/{one.uuid}/" for one in papers),
            f"waehlerverzeichnis/{counted.electorate.uuid}/",
        ]  # fmt: skip

    def draft(self, title: str, **said: Any) -> Ballot:
        """In preparation."""
        return ballots.prepare(self.of, title=title, question=f"Was heißt {title}?", closes_at=NOW + 9 * DAY, by=self.chair, **said)

    def ballot(self, title: str, **said: Any) -> Ballot:
        """Open."""
        return ballots.open_ballot(self.draft(title, **said), by=self.chair)

    def resolutions(self) -> list[str]:
        """One with a measure and a report, one that was counted and waits."""
        said = resolutions.Wording(title="Halle", wording="Wir mieten **die Halle**.", outcome="Ab Mai.", decided_on=localdate())
        one = resolutions.record(self.of, said, by=self.chair)
        measure = resolutions.add_measure(one, "Vertrag unterschreiben", due_on=localdate() - timedelta(days=1), by=self.chair)
        resolutions.report(one, "Der Vertrag liegt bereit.", measure=measure, by=self.chair)
        waits = Resolution.objects.get(ballot__isnull=False)
        steps = ("", "planung/", "aufheben/")
        entered = [f"beschluesse/{one.year}/{one.serial}/{step}" for step in steps]
        return ["beschluesse/", "beschluesse/neu/", f"beschluesse/entwurf/{waits.uuid}/", *entered]


METHODS: dict[str, dict[str, Any]] = {"stv": {"seats": 2}, "score": {}, "dots": {"dots": 5, "most": 3}, "approval": {}}
"""Ways of deciding whose papers look different; answers stand on that of consent."""


def deciding() -> tuple[Person, list[str]]:
    """Somebody on the board, and the pages of deciding together."""
    made = Deciding()
    return made.chair, [page if page.startswith("/") else f"{AT}{page}" for page in made.pages()]
