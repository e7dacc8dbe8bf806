"""What the demo cooperative decides together: a proposal being deliberated, an election by secret ballot, a resolution being carried out.

All of it is invented and marked as an example; it is written through the rooms' own actions.
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.timezone import localdate

from allmende.amendments.actions import accept_amendment, propose_amendment
from allmende.amendments.rules import Edit
from allmende.arguments.actions import answer_argument, share_argument, write_argument
from allmende.ballots import boxes, rules
from allmende.ballots.actions import cast, open_ballot, prepare
from allmende.ballots.actions.closing import finish
from allmende.ballots.models import Ballot
from allmende.constitution.models import Cooperative
from allmende.ideas.actions import Words, answer_idea, publish_idea, support_idea
from allmende.ideas.models import Idea
from allmende.opinions.actions import Wording as Asking
from allmende.opinions.actions import add_statement, answer, create_landscape, open_landscape
from allmende.people.models import Person
from allmende.processes import rules as phases
from allmende.processes.actions import plan_process
from allmende.proposals.actions import Written, bring_in_proposal, start_proposal
from allmende.proposals.models import Proposal
from allmende.resolutions.actions import Wording, add_measure, change_draft, enter
from allmende.resolutions.models import Resolution

People = dict[str, Person]
FRIDAY = Written(
    title="Der Laden bleibt freitags bis 20 Uhr offen",
    summary="Wer bis 18 Uhr arbeitet, steht bisher vor verschlossener Tür. Wir probieren einen langen Freitag aus.",
    text="""Der Laden öffnet freitags von 9 bis 20 Uhr.

Der Abenddienst wird mit zwei Personen besetzt und zählt als Beitrag wie jeder andere Ladendienst.

Nach sechs Monaten berichtet der Vorstand, was es gekostet und gebracht hat; danach entscheiden die Mitglieder neu.""",
    rationale="In der Umfrage vom Frühjahr wünschten sich viele Mitglieder einen Abend in der Woche. (Beispiel)",
)
JARS = Written(
    title="Pfandgläser für alles Lose",
    summary="Loses gibt es künftig nur noch im Pfandglas oder im eigenen Gefäß.",
    text="""Einweggläser und Tüten werden aufgebraucht und nicht nachbestellt.

Der Laden schafft 400 Pfandgläser an; das Pfand beträgt 1 Euro.""",
    rationale="Die Gläser kosten einmal etwa 600 Euro und sparen im Jahr etwa 350 Euro für Verpackung. (Beispiel)",
)
STATEMENTS = (
    "Der Laden soll lieber mehr Auswahl haben als längere Öffnungszeiten.",
    "Ich würde im Monat zwei Stunden mehr mithelfen, wenn ich dafür abends einkaufen kann.",
    "Wir sollten auch an Menschen verkaufen, die nicht Mitglied sind.",
    "Preise dürfen steigen, wenn die Höfe davon mehr bekommen.",
    "Ein zweiter Laden im Nachbardorf wäre gut.",
    "Fleisch und Wurst sollen im Angebot bleiben.",
    "Der Laden soll sich an Lieferdiensten beteiligen.",
)


def load(cooperative: Cooperative, people: People) -> None:
    """All of it, in the order in which it would have happened."""
    now = timezone.now()
    idea = _wished(cooperative, people)
    _carried_out(cooperative, people, now)
    _deliberated(cooperative, people, now, idea)
    _elected(cooperative, people, now)
    _asked(cooperative, people, now)


def _wished(cooperative: Cooperative, people: People) -> Idea:
    """Three ideas: one became a proposal, one is planned, one is new."""
    late = publish_idea(
        cooperative,
        Words(
            "Einmal in der Woche abends einkaufen",
            "Ein langer Tag würde reichen.",
            "product",
            story_role="Mitglied mit Arbeit bis 18 Uhr",
            story_wish="an einem Abend in der Woche einkaufen",
            story_benefit="ich nicht in den Supermarkt muss",
        ),
        by=people["kai"],
    )
    crates = publish_idea(
        cooperative, Words("Gemüsekisten vorbestellen", "Im Netz bis Mittwoch, abholen am Freitag.", "platform"), by=people["lena"]
    )
    publish_idea(cooperative, Words("Reparaturabend im Lager", "Einmal im Monat, mit Werkzeug für alle.", "other"), by=people["dora"])
    for idea, names in ((late, ("emil", "dora", "lena")), (crates, ("emil", "kai"))):
        for name in names:
            support_idea(idea, by=people[name], is_supported=True)
    answer_idea(crates, "planned", "Wir probieren es ab dem nächsten Frühjahr mit zwei Höfen.", by=people["anna"])
    return late


def _brought_in(cooperative: Cooperative, said: Written, by: Person, idea: Idea | None = None) -> Proposal:
    return bring_in_proposal(start_proposal(cooperative, said, by=by, idea=idea), by=by)


def _voted(ballot: Ballot, people: People, choices: dict[str, Any], at: datetime) -> None:
    """Each with the own voice; receipts of secret ballots are thrown away."""
    voices = {voter.person_id: voter for voter in ballot.electorate.voters.all()}
    for name, choice in choices.items():
        voter = voices.get(people[name].pk)
        if voter is not None:
            cast(ballot, voter, choice, by=people[name], code=boxes.new_code(), clock=lambda: at)


def _carried_out(cooperative: Cooperative, people: People, now: datetime) -> None:
    """Accepted three weeks ago by majority, entered, half done."""
    anna, then = people["anna"], now - timedelta(days=30)
    proposal = _brought_in(cooperative, JARS, people["dora"])
    ballot = prepare(
        cooperative,
        title=JARS.title,
        question="Nehmen wir den Vorschlag an?",
        rule={"method": rules.MAJORITY, "quorum": "1/4"},
        opens_at=then,
        closes_at=then + timedelta(days=7),
        day=localdate(then),
        about=proposal,
        by=anna,
    )
    ballot = open_ballot(ballot, by=anna, now=then)
    said = {"anna": "yes", "ben": "yes", "emil": "yes", "kai": "no", "lena": "abstain", "dora": "yes"}
    _voted(ballot, people, {name: {"answer": word} for name, word in said.items()}, then + timedelta(days=2))
    finish(ballot, then + timedelta(days=7))
    draft = Resolution.objects.get(ballot=ballot)
    wording = Wording(
        title=JARS.title,
        wording=JARS.text,
        outcome="Loses gibt es nur noch im Pfandglas. Vorhandene Gläser werden aufgebraucht.",
        decided_on=localdate(then + timedelta(days=7)),
        effective_on=localdate(then + timedelta(days=7)),
        responsible="Ladendienst",
        due_on=localdate() + timedelta(days=60),
        visibility="public",
    )
    entered = enter(change_draft(draft, wording, by=anna), by=anna)
    add_measure(
        entered, "400 Gläser bestellen", responsible="Dora", person=people["dora"], due_on=localdate() + timedelta(days=20), by=anna
    )


def _deliberated(cooperative: Cooperative, people: People, now: datetime, idea: Idea) -> None:
    """With phases, arguments, an amendment that was accepted and one that is open."""
    proposal = _brought_in(cooperative, FRIDAY, people["emil"], idea)
    for side, name, text in (
        ("for", "kai", "Ich komme vor 18 Uhr nie aus der Werkstatt. Bisher kaufe ich freitags im Supermarkt."),
        ("against", "ben", "Wir bekommen schon jetzt die Dienste am Samstag kaum besetzt."),
        ("question", "lena", "Wer schließt ab, wenn abends nur Mitglieder im Dienst sind?"),
    ):
        written = write_argument(proposal, side, text, by=people[name])
        if side == "for":
            share_argument(written, by=people["dora"], is_shared=True)
        if side == "question":
            answer_argument(written, "Eine Person mit Schlüssel ist immer dabei; das steht dann im Dienstplan.", by=people["emil"])
    parts = list(proposal.versions.get(number=1).paragraphs.order_by("position"))
    shorter = Edit("change", parts[2].key, parts[2].text, parts[2].text.replace("sechs Monaten", "drei Monaten"))
    why = "Ein Vierteljahr reicht, um es zu wissen."
    accept_amendment(
        propose_amendment(proposal, [shorter], title="Früher berichten", reason=why, base=1, by=people["ben"]), by=people["emil"]
    )
    fewer = Edit("change", parts[0].key, parts[0].text, parts[0].text.replace("20 Uhr", "19 Uhr"))
    propose_amendment(proposal, [fewer], title="Nur bis 19 Uhr", reason="Nach 19 Uhr fährt kein Bus mehr.", base=2, by=people["lena"])
    begins = now + timedelta(minutes=5)
    spans = [phases.Span(None, starts, ends, usual.kind, "", usual.doors) for usual, starts, ends in phases.planned("amendments", begins)]
    plan_process(proposal, "amendments", "Langer Freitag", spans, by=people["anna"])


def _elected(cooperative: Cooperative, people: People, now: datetime) -> None:
    """Open now: two of three by the single transferable vote, in a secret ballot. Three have voted."""
    anna, then = people["anna"], now - timedelta(days=1)
    ballot = prepare(
        cooperative,
        title="Zwei für den Ladenrat",
        question="Wer soll in den Ladenrat?",
        rule={"method": rules.STV, "seats": 2, "ties": "lot"},
        options=["Emil (Demo)", "Kai (Demo)", "Dora (Demo)"],
        box="detached",
        day=localdate(then),
        opens_at=then,
        closes_at=(now + timedelta(days=6)).replace(minute=0, second=0, microsecond=0),
        by=anna,
    )
    ballot = open_ballot(ballot, by=anna, now=then)
    rankings = {"ben": [[0], [2]], "emil": [[0], [1], [2]], "dora": [[2], [0]]}
    _voted(ballot, people, {name: {"ranking": ranking} for name, ranking in rankings.items()}, now)


def _asked(cooperative: Cooperative, people: People, now: datetime) -> None:
    """A landscape of opinions in which some have answered; too few as yet to show groups."""
    anna = people["anna"]
    asking = Asking("Wie soll der Laden wachsen?", "Was wünschst du dir für die nächsten drei Jahre?", ends_at=now + timedelta(days=20))
    landscape = create_landscape(cooperative, asking, by=anna)
    made = [add_statement(landscape, text, by=anna) for text in STATEMENTS]
    open_landscape(landscape, by=anna)
    for place, name in enumerate(("anna", "ben", "emil", "lena")):
        for number, statement in enumerate(made):
            answer(statement, (1, 1, -1, 0)[(place + number) % 4], by=people[name])
