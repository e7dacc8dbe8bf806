"""What members decide together at "Offen stewards eG": ideas, proposals, processes, landscapes of opinions, rolls, ballots, resolutions.

Who takes part reads it: the board (OWNER), MEMBER, NEIGHBOUR for the organisation it looks after, and WRITER, a member who wrote all of it.
LEFT was a member until yesterday and stands on the roll of one ballot; OUTSIDER is the board of another cooperative. Looking after the
entry or the network opens nothing of it.
"""

import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone, translation

from allmende.amendments import actions as amendments
from allmende.amendments import rules as amending
from allmende.arguments import actions as arguments
from allmende.ballots import actions as ballots
from allmende.ballots import boxes
from allmende.ballots.actions.closing import finish
from allmende.ballots.models import Ballot
from allmende.ballots.rules import code_hash
from allmende.comments.actions import write_comment
from allmende.constitution import actions as constitution
from allmende.constitution.models import Cooperative
from allmende.electorates.models import Voter
from allmende.files.actions import attach_file
from allmende.ideas import actions as ideas
from allmende.ideas.models import Idea
from allmende.members.models import EndReason, Membership
from allmende.opinions import actions as opinions
from allmende.opinions.models import Landscape, State
from allmende.processes import actions as processes
from allmende.processes import rules as phases
from allmende.processes.models import Phase
from allmende.proposals import actions as proposals
from allmende.proposals import queries as texts
from allmende.proposals.models import Proposal
from allmende.resolutions import actions as resolutions
from tests.files.conftest import pdf
from tests.leaks.owning import CO_OWNERS, JOINED, OFFICES, TODAY, entered, in_register
from tests.leaks.secrets import CARETAKERS, EVERYBODY, HOUSE, LEFT, NEIGHBOUR, NOBODY, OUTSIDER, OWNER, SECOND, WRITER, Circle, Secret

if TYPE_CHECKING:
    from allmende.people.models import Person
    from tests.leaks.scene import Scene

NOW = timezone.now()
DAY = datetime.timedelta(days=1)
PART: Circle = CO_OWNERS | {WRITER, SECOND}
"""Who takes part in what is decided."""
OWN: Circle = frozenset({WRITER})
RUNNING: Circle = OFFICES | OWN
"""What its author reads and who runs these things."""
ON_ROLL: Circle = PART | {LEFT}
"""Who sees the ballots of the time when LEFT was a member."""


def fill(scene: "Scene") -> None:
    """All of it."""
    of = Cooperative.objects.get(organisation=scene.offen)
    with translation.override("de"):
        constitution.set_up(scene.entries["fern"], holder="Fern", since=JOINED, by=scene.people[OUTSIDER])
        _people(scene, of)
        _old_ballots(scene, of)
        Membership.objects.filter(pk=scene.things["left"].pk).update(ends_on=TODAY - DAY, end_reason=EndReason.NOTICE)
        _ideas(scene, of)
        _proposals(scene, of)
        _landscapes(scene, of)
        _ballots(scene, of)
        _resolutions(scene, of)
        _calendar(scene)


def _people(scene: "Scene", of: Cooperative) -> None:
    from tests.leaks.scene import somebody

    keep = scene.secrets.keep
    for key in (WRITER, LEFT, SECOND):
        somebody(scene, key, OFFICES, ON_ROLL | HOUSE)
        known = keep(f"rollenname{key}", f"the name of {key} in the register", ON_ROLL)  # on papers of an open box
        said = in_register(scene, f"another member, {key}", OFFICES, family_name=known.capitalize(), given_name="Anna")
        entered(scene, of, key, said, 1, person=scene.people[key])


# ------------------------------------------------------------------------------------------------------------------- ideas


def _ideas(scene: "Scene", of: Cooperative) -> None:
    keep, board, people = scene.secrets.keep, scene.people[OWNER], scene.people
    first = _idea(scene, of, "idea", PART)
    ideas.support_idea(first, by=people[SECOND], is_supported=True)
    told = {name: keep(f"ideen{name.replace('_', '')}", f"the {name} of an idea", PART) for name in ("story_wish", "story_role", "persona")}
    new = keep("ideenneu", "the later words of an idea", PART)
    ideas.edit_idea(first, ideas.Words(title=first.title, text=f"Anders: {new}.", **told), by=people[WRITER])
    ideas.answer_idea(first, "planned", keep("ideenantwort", "the answer to an idea", PART), by=board)
    merged = _idea(scene, of, "merged idea", PART)
    ideas.merge_ideas(merged, first, by=board)
    hidden = _idea(scene, of, "hidden idea", RUNNING)
    ideas.hide_idea(hidden, by=board, reason=keep("ideengrund", "why an idea is hidden", RUNNING))
    ideas.withdraw_idea(_idea(scene, of, "withdrawn idea", OWN), by=people[WRITER])
    public = _idea(scene, of, "public idea", EVERYBODY, then=PART)
    ideas.support_idea(public, by=people[SECOND], is_supported=True)
    words = ideas.Words(title=keep("ideeoffen", "the title of a public idea", EVERYBODY), text="Das darf jeder lesen.")
    ideas.edit_idea(public, words, by=people[WRITER])
    ideas.show_to(public, "public", by=board)
    for thing in (first, public):
        text = keep(f"ideengespraech{thing.pk}", f"what members say about an idea ({thing.visibility})", PART)
        write_comment(thing, f"Ich finde {text} gut.", by=people[SECOND])


def _idea(scene: "Scene", of: Cooperative, thing: str, sees: Circle, then: Circle | None = None) -> Idea:
    """An idea that these read; what it said first is for those (`then`)."""
    keep, word = scene.secrets.keep, thing.replace(" ", "")
    sees = sees if then is None else then
    title, text = keep(f"titel{word}", f"the title of a(n) {thing}", sees), keep(f"text{word}", f"the words of a(n) {thing}", sees)
    made = ideas.publish_idea(of, ideas.Words(title=f"Wir {title}", text=f"Weil {text} so ist."), by=scene.people[WRITER])
    scene.things[thing] = made
    return made


# --------------------------------------------------------------------------------------------------------------- proposals


def _proposals(scene: "Scene", of: Cooperative) -> None:
    keep, writer, board = scene.secrets.keep, scene.people[WRITER], scene.people[OWNER]
    _proposal(scene, of, "draft proposal", OWN)
    one = _proposal(scene, of, "proposal", PART, idea=scene.things["idea"])
    one = proposals.bring_in_proposal(one, by=writer)
    proposals.support_proposal(one, by=scene.people[SECOND])
    _amendments(scene, one, "", PART)
    _arguments(scene, one, "", PART)
    _process(scene, one)
    public = _proposal(scene, of, "public proposal", EVERYBODY)
    public = proposals.bring_in_proposal(public, by=writer)
    proposals.set_visibility(public, "public", by=board)
    _amendments(scene, public, "public ", EVERYBODY)
    _arguments(scene, public, "public ", EVERYBODY)
    gone = proposals.bring_in_proposal(_proposal(scene, of, "reported proposal", NOBODY), by=writer)
    proposals.hide_proposal(gone, by=board, reason="Nach einer Meldung.")
    why = keep("vorschlagzurueck", "why a proposal was withdrawn", PART)
    back = proposals.bring_in_proposal(_proposal(scene, of, "withdrawn proposal", PART), by=writer)
    proposals.withdraw_proposal(back, f"Wegen {why}.", by=writer)


def _proposal(scene: "Scene", of: Cooperative, thing: str, sees: Circle, idea: Idea | None = None) -> Proposal:
    keep, word = scene.secrets.keep, thing.replace(" ", "")
    said = {
        name: f"Ein {keep(f'{part}{word}', f'the {name} of a {thing}', sees)} für alle."
        for name, part in (("title", "antrag"), ("summary", "kurz"), ("text", "absatz"), ("rationale", "warum"))
    }
    written = proposals.Written(**said, why="Zuerst.")
    scene.things[thing] = proposals.start_proposal(of, written, by=scene.people[WRITER], idea=idea)
    made: Proposal = scene.things[thing]
    return made


def _amendments(scene: "Scene", proposal: Proposal, kind: str, sees: Circle) -> None:
    keep, second, word = scene.secrets.keep, scene.people[SECOND], kind.strip()
    part = texts.parts_of(texts.version_of(proposal))[0]
    for thing, what in ((f"{kind}amendment", "Neu"), (f"{kind}rejected amendment", "Nie")):
        mark = keep(f"aenderung{what.lower()}{word}", f"the words of a(n) {thing}", sees)
        edit = amending.Edit(amending.CHANGE, part.key, part.text, f"{what} {mark} hier.")
        scene.things[thing] = amendments.propose_amendment(
            proposal, [edit], title=f"{what} {mark}", reason=f"Wegen {mark}.", base=proposal.newest, by=second
        )
    why = keep(f"ablehnung{word}", f"why a(n) {kind}amendment was rejected", sees)
    amendments.reject_amendment(scene.things[f"{kind}rejected amendment"], f"Nein: {why}.", by=scene.people[WRITER])


def _arguments(scene: "Scene", thing: Any, kind: str, sees: Circle) -> None:
    keep, writer, second = scene.secrets.keep, scene.people[WRITER], scene.people[SECOND]
    word = kind.strip()

    def say(name: str, side: str, whose: Circle, by: "Person") -> Any:
        text = keep(f"argument{name}{word}", f"the words of a {kind}{name} argument", whose)
        scene.things[f"{kind}{name} argument"] = arguments.write_argument(thing, side, f"Es ist {text} so.", by=by)
        return scene.things[f"{kind}{name} argument"]

    said = say("shared", "for", sees, writer)
    arguments.share_argument(said, by=second, is_shared=True)
    asked = say("asked", "question", sees, second)
    answer = keep(f"argumentantwort{word}", f"the answer to a {kind}question", sees)
    arguments.answer_argument(asked, f"Weil {answer} es sagt.", by=writer)
    judges = RUNNING | (CARETAKERS if kind else NOBODY)  # of what is public, reports are judged
    hidden = say("hidden", "against", judges, writer)
    why = keep(f"argumentgrund{word}", f"why a {kind}argument is hidden", judges)
    arguments.hide_argument(hidden, by=scene.people[OWNER], reason=why, is_told=False)
    arguments.withdraw_argument(say("withdrawn", "against", OWN, writer), by=writer)


def _process(scene: "Scene", proposal: Proposal) -> None:
    keep, board = scene.secrets.keep, scene.people[OWNER]
    planned = phases.planned("amendments", timezone.now() + datetime.timedelta(hours=1))
    title = keep("verfahrensname", "the name of a process", PART, "calendar")
    label = keep("phasenname", "the name of a phase", PART, "calendar")
    spans = [phases.Span(None, start, end, usual.kind, label, usual.doors) for usual, start, end in planned]
    made = processes.plan_process(proposal, "amendments", title, spans, by=board)
    Phase.objects.filter(process=made, position=made.phases.order_by("position")[0].position).update(starts_at=NOW - DAY)
    reason = keep("verlegungsgrund", "why a phase is prolonged", PART)
    scene.things["process"] = processes.move_end(made, planned[0][2] + DAY, by=board, reason=f"Wegen {reason}.")


# --------------------------------------------------------------------------------------------------------------- landscapes


def _landscapes(scene: "Scene", of: Cooperative) -> None:
    keep, board, writer = scene.secrets.keep, scene.people[OWNER], scene.people[WRITER]
    _landscape(scene, of, "draft landscape", OFFICES)
    one = opinions.open_landscape(_landscape(scene, of, "landscape", PART), by=board)
    hidden = opinions.add_statement(one, f"Diese Aussage {keep('aussageverdeckt', 'a hidden statement', RUNNING)} stört.", by=writer)
    opinions.hide_statement(hidden, by=board, reason=keep("aussagegrund", "why a statement is hidden", PART))
    opinions.answer(one.statements.get(number=1), 1, by=writer)
    reason = keep("fristgrund", "why the end of a landscape moved", PART)
    opinions.move_end(one, NOW + 20 * DAY, reason, by=board)
    shown = opinions.open_landscape(_landscape(scene, of, "published landscape", EVERYBODY), by=board)
    gone = keep("aussagefrueher", "a hidden statement of a published landscape", RUNNING)
    hidden = opinions.add_statement(shown, f"Auch diese Aussage {gone} stört.", by=writer)
    opinions.hide_statement(hidden, by=board, reason="Sie nennt jemanden.")
    write_comment(shown, f"Ich sage {keep('bildgespraech', 'what members say about a landscape', PART)} dazu.", by=writer)
    Landscape.objects.filter(pk=shown.pk).update(state=State.CLOSED, closed_at=NOW, published_at=NOW)


def _landscape(scene: "Scene", of: Cooperative, thing: str, sees: Circle) -> Landscape:
    keep, word, board = scene.secrets.keep, thing.replace(" ", ""), scene.people[OWNER]
    title, question = keep(f"bild{word}", f"the title of a {thing}", sees), keep(f"frage{word}", f"the question of a {thing}", sees)
    made = opinions.create_landscape(of, opinions.Wording(title, f"Was {question} soll."), by=board)
    opinions.add_statement(made, f"Wir sagen {keep(f'aussage{word}', f'a statement of a {thing}', sees)} dazu.", by=board)
    scene.things[thing] = made
    return made


# ------------------------------------------------------------------------------------------------------------------ ballots


def _prepared(scene: "Scene", of: Cooperative, thing: str, sees: Circle, kind: str = "", **said: Any) -> Ballot:
    """A ballot with words that these read; its title also stands in the calendars of those who vote (`kind`)."""
    keep, word = scene.secrets.keep, thing.replace(" ", "")
    told: dict[str, Any] = {
        name: keep(f"{part}{word}", f"the {name} of a(n) {thing}", sees, kind if name == "title" else "")
        for name, part in (("title", "wahl"), ("question", "wahlfrage"), ("description", "wahltext"))
    }
    made = ballots.prepare(of, **told, closes_at=timezone.now() + 9 * DAY, by=scene.people[OWNER], **said)
    scene.things[thing], scene.things[f"roll of the {thing}"] = made, made.electorate
    return made


def _opened(scene: "Scene", of: Cooperative, thing: str, sees: Circle, kind: str = "", **said: Any) -> Ballot:
    scene.things[thing] = ballots.open_ballot(_prepared(scene, of, thing, sees, kind, **said), by=scene.people[OWNER])
    made: Ballot = scene.things[thing]
    return made


def _vote(scene: "Scene", ballot: Ballot, key: str, choice: dict[str, str]) -> str:
    """A paper of this person; in a detached box its code and what is kept of it are nobody's to read."""
    person, code = scene.people[key], boxes.new_code() if ballot.box == "detached" else None
    voter = Voter.objects.get(electorate=ballot.electorate_id, person=person)
    kept = ballots.cast(ballot, voter, choice, by=person, code=code)
    if kept:
        for word, what in ((kept.lower(), "a receipt code"), (code_hash(ballot.uuid, kept), "what is kept of a receipt code")):
            scene.secrets.by_word[word] = Secret(word, what, NOBODY)
    return kept or ""


def _listed(scene: "Scene", *things: str) -> dict[str, Any]:
    return {"kind": "list", "members": [scene.things[one].number for one in things]}


def _objection(scene: "Scene", thing: str, sees: Circle) -> dict[str, str]:
    return {
        "answer": "objection",
        "reason": f"Weil {scene.secrets.keep(f'einwand{thing}', f'an objection in a {thing} ballot', sees)} fehlt.",
    }


CONSENT, YES = {"method": "consent"}, {"answer": "yes"}


def _old_ballots(scene: "Scene", of: Cooperative) -> None:
    """Counted when LEFT was a member: open boxes, whose names are for those who take part."""
    few = _listed(scene, WRITER, SECOND, LEFT)
    counted = _opened(scene, of, "counted ballot", ON_ROLL, "calendar", rule=CONSENT, basis=few)
    _vote(scene, counted, WRITER, _objection(scene, "counted", ON_ROLL))
    _vote(scene, counted, LEFT, {"answer": "consent"})
    public = _opened(scene, of, "public ballot", EVERYBODY, basis=_listed(scene, WRITER, SECOND), visibility="public")
    _vote(scene, public, WRITER, YES)
    objected = _opened(scene, of, "public round", EVERYBODY, rule=CONSENT, basis=_listed(scene, WRITER, SECOND), visibility="public")
    _vote(scene, objected, WRITER, _objection(scene, "public", EVERYBODY))
    for thing in ("counted ballot", "public ballot", "public round"):
        scene.things[thing] = finish(scene.things[thing], scene.things[thing].closes_at)


def _ballots(scene: "Scene", of: Cooperative) -> None:
    keep, board = scene.secrets.keep, scene.people[OWNER]
    option = keep("wahlmoeglich", "an option of a draft ballot", OFFICES)
    # The roll leaves somebody out by name: why, is for those who hold an office
    barred = {"kind": "everybody", "barred": [scene.things["other membership"].number]}
    _prepared(scene, of, "draft ballot", OFFICES, rule={"method": "approval"}, options=[option, "Nichts"], basis=barred)
    one = _opened(
        scene, of, "open ballot", PART, "calendar", rule=CONSENT, basis=_listed(scene, WRITER, SECOND), about=scene.things["idea"]
    )
    _vote(scene, one, WRITER, _objection(scene, "running", OWN))  # until the end nobody reads it but who wrote it
    secret = _opened(scene, of, "secret ballot", PART, "calendar", box="detached", basis=barred)
    scene.things["code"] = _vote(scene, secret, WRITER, YES)
    later = keep("laengergrund", "why a ballot goes on longer", PART)
    scene.things["secret ballot"] = ballots.prolong(secret, secret.closes_at + DAY, f"Wegen {later}.", by=board)
    counted = _opened(scene, of, "secret result", EVERYBODY, "calendar", box="detached", basis=barred, visibility="public")
    scene.things["code of the result"] = _vote(scene, counted, WRITER, YES)
    scene.things["secret result"] = finish(counted, counted.closes_at)
    off = _opened(scene, of, "cancelled ballot", PART, "calendar", basis=_listed(scene, WRITER, SECOND))
    ballots.cancel(off, f"Wegen {keep('abbruchgrund', 'why a ballot was cancelled', PART)}.", by=board)


# -------------------------------------------------------------------------------------------------------------- resolutions


def _resolutions(scene: "Scene", of: Cooperative) -> None:
    keep, board = scene.secrets.keep, scene.people[OWNER]
    scene.things["draft resolution"] = resolutions.write_draft(of, _wording(scene, "draft resolution", OFFICES), by=board)
    for thing, sees in (("resolution", PART), ("public resolution", EVERYBODY)):
        word = thing.replace(" ", "")
        said = _wording(scene, thing, sees, visibility="public" if sees is EVERYBODY else "members")
        one = scene.things[thing] = resolutions.record(of, said, by=board)
        text = keep(f"massnahme{word}", f"a measure of a {thing}", sees)
        measure = resolutions.add_measure(one, text, person=scene.people[SECOND], by=board)
        scene.things[f"measure of a {thing}"] = measure
        report = keep(f"bericht{word}", f"a report on a {thing}", sees)
        resolutions.report(one, f"Es wurde {report} getan.", measure=measure, by=board)
        name = keep(f"nachweis{word}", f"the evidence of a {thing}", sees)
        scene.things[f"evidence of a {thing}"] = attach_file(one, pdf(), f"{name}.pdf", by=board)[0]
    why = keep("aufhebung", "why a resolution was revoked", PART)
    revoked = resolutions.record(of, _wording(scene, "revoked resolution", PART), by=board)
    scene.things["revoked resolution"] = resolutions.revoke(revoked, f"Wegen {why}.", on=TODAY, by=board)


def _wording(scene: "Scene", thing: str, sees: Circle, **more: Any) -> Any:
    keep, word = scene.secrets.keep, thing.replace(" ", "")
    told: dict[str, Any] = {
        name: f"Es gilt {keep(f'{part}{word}', f'the {name} of a {thing}', sees)}."
        for name, part in (("title", "beschluss"), ("wording", "wortlaut"), ("outcome", "folge"))
    }
    return resolutions.Wording(**told, decided_on=JOINED, responsible="Vorstand", **more)


def _calendar(scene: "Scene") -> None:
    word = str(scene.things["calendar key"].word).lower()
    scene.secrets.by_word[word] = Secret(word, "the address of somebody's calendar", frozenset({NEIGHBOUR}), "calendar")
