"""What members decide together: each idea, proposal, ballot and resolution is there for exactly those whom decided.py names."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import OperationalError, connection
from django.db.models import Q
from django.utils.timezone import now

from allmende.ballots import rules
from allmende.ballots.letters import tell_due
from allmende.ballots.models import Paper, Participation
from allmende.electorates.models import Voter
from allmende.ground import queue
from allmende.ground.models import Entry, Letter
from allmende.people.models import Notice
from allmende.processes.actions import tell_of_phases
from tests.leaks import decided
from tests.leaks.conftest import Walks
from tests.leaks.deciding import PART
from tests.leaks.doors import Address, routes, written
from tests.leaks.scene import Scene
from tests.leaks.secrets import GUEST, LEFT, MEMBER, NEIGHBOUR, OUTSIDER, OWNER, VIEWERS, WRITER, Secret
from tests.leaks.test_every_channel import leaks
from tests.leaks.test_every_door import NO, PLAUSIBLE, UNTOUCHED, is_kept_out
from tests.leaks.walk import Answer, Walker, searcher, taken_back

pytestmark = pytest.mark.django_db
Looks = Callable[[str], dict[str, Answer]]


def _addresses(scene: Scene) -> list[tuple[Address, decided.Row]]:
    by_name = {route.name: route for route in routes()}
    found = []
    for row in decided.ROWS:
        filling = row.filling(scene)
        query = filling.pop("queries", ("",))[0]
        found.append((Address(by_name[row.route], f"/{written(by_name[row.route].pattern, filling)}{query}"), row))
    return found


@pytest.fixture(scope="module")
def looks(scene: Scene, walks: Walks) -> Looks:
    """`looks(viewer)`: what this viewer gets at the addresses of decided.py, of their walk or of one that goes there alone."""
    made: dict[str, dict[str, Answer]] = {}

    def look(viewer: str) -> dict[str, Answer]:
        if viewer not in made:
            here = [address for address, _row in _addresses(scene)]
            answers = walks(viewer) if viewer in VIEWERS else [Walker(scene, viewer).get(address) for address in here]
            made[viewer] = {answer.address.path: answer for answer in answers}
        return made[viewer]

    return look


@pytest.mark.parametrize("viewer", [*VIEWERS, *decided.WALKERS])
def test_each_thing_is_there_for_exactly_these(scene: Scene, looks: Looks, viewer: str) -> None:
    wrong = []
    for address, row in _addresses(scene):
        answer = looks(viewer)[address.path]
        if answer.status != 405 and is_kept_out(answer) == (viewer in row.sees):
            wrong.append(f"{row.thing}: {answer}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("viewer", decided.WALKERS)
def test_who_wrote_it_and_who_left_read_no_more_than_theirs(looks: Looks, viewer: str) -> None:
    answers = list(looks(viewer).values())
    assert leaks(answers) == []
    assert [f"{answer}: {answer.fault}" for answer in answers if answer.status >= 500 or answer.writes] == []


def test_what_only_its_author_reads_comes_out_there(scene: Scene, looks: Looks) -> None:
    """The other half: if nothing came out, the tests of the no would prove nothing."""
    found = {secret.word for answer in looks(WRITER).values() for secret in answer.secrets}
    theirs = [one for one in scene.secrets.by_word.values() if one.sees == frozenset({WRITER})]
    assert len(theirs) > 6
    assert [one.what for one in theirs if one.word not in found] == []


@pytest.mark.parametrize("viewer", [MEMBER, NEIGHBOUR, LEFT])
def test_what_offices_do_nobody_else_does(scene: Scene, viewer: str) -> None:
    """Whoever takes part, and whoever did once, changes nothing that is for offices or for who wrote it."""
    walker, wrong = Walker(scene, viewer, looks=False), []
    for address, row in _addresses(scene):
        if viewer not in row.sees:
            answer = walker.post(address, PLAUSIBLE | {"what": "withdraw"})
            if answer.writes - UNTOUCHED or not (is_kept_out(answer) or answer.status in NO):
                wrong.append(f"{row.thing}: {answer} {sorted(answer.writes)} {answer.fault}")
    assert not wrong, "\n".join(wrong)


def test_the_board_of_another_cooperative_finds_nothing_of_it_under_its_own_address(scene: Scene) -> None:
    """There it may do everything, but only with what is there."""
    walker, wrong, own = Walker(scene, OUTSIDER, looks=False), [], f"/genossenschaft/{scene.entries['fern'].slug}/"
    assert walker.client.get(f"{own}abstimmungen/neu/").status_code == 200
    for address, row in _addresses(scene):
        path = address.path.replace(f"/genossenschaft/{scene.offen.slug}/", own)
        if path != address.path:
            answers = [walker.get(replace(address, path=path)), walker.post(replace(address, path=path), PLAUSIBLE)]
            right = [is_kept_out(one) or one.status == 405 or one.headers.get("Location") == address.path for one in answers]
            wrong += [] if all(right) and not answers[1].writes - UNTOUCHED else [f"{row.thing}: {answers[0]}, {answers[1]}"]
    assert not wrong, "\n".join(wrong)


# ------------------------------------------------------------------------------------------------------- who chose what

SECRET = ("secret ballot", "secret result")


@pytest.mark.parametrize("viewer", [OWNER, MEMBER, WRITER])
def test_no_page_of_a_secret_ballot_names_who_is_on_its_roll(scene: Scene, looks: Looks, viewer: str) -> None:
    """Neither who voted nor who did not: the roll itself is another page."""
    names = {one.what for one in scene.secrets.by_word.values() if one.what.startswith("the name of") or "_name of" in one.what}
    pages = [looks(viewer)[address.path] for address, row in _addresses(scene) if row.route.startswith("ballots:") and row.thing in SECRET]
    assert sum(answer.status == 200 for answer in pages) > 5
    own = {f"the name of {viewer}"}
    assert [f"{page}: {one.what}" for page in pages for one in page.secrets if one.what in names - own] == []


def test_a_code_finds_its_paper_and_nobody_else_does(scene: Scene) -> None:
    at = f"/genossenschaft/{scene.offen.slug}/abstimmungen/{scene.uuid('secret result')}/quittung/"
    with taken_back() as tables:
        client = Walker(scene, GUEST).client
        found = client.post(at, {"code": rules.write_code(scene.things["code of the result"])})
        other = client.post(at, {"code": rules.write_code(scene.things["code"])})
    assert (found.status_code, other.status_code) == (200, 400)
    assert tables == set()


def test_voting_on_a_page_writes_a_paper_and_a_participation_and_nothing_else(scene: Scene) -> None:
    """No session, no letter, no line of the trail; and in all bytes of the database no code, and nothing of the paper beside it."""
    ballot = scene.things["secret ballot"]
    voter = Voter.objects.get(electorate=ballot.electorate_id, person=scene.people[MEMBER])
    walker, code = Walker(scene, MEMBER), "23456789ABCDEFGHJKMN"
    at = f"/genossenschaft/{scene.offen.slug}/abstimmungen/{ballot.uuid}/stimme/"
    with taken_back() as tables:
        sent = walker.client.post(at, {"voter": voter.pk, "code": code, f"v{voter.pk}-answer": "no"})
        assert (sent.status_code, tables) == (200, {"ballots_paper", "ballots_participation"})
        paper = Paper.objects.get(ballot=ballot, code_hash=rules.code_hash(ballot.uuid, code))
        there = Participation.objects.get(ballot=ballot, voter=voter)
        traces = {
            "code": code,
            "written code": rules.write_code(code),
            "hash": paper.code_hash,
            "paper": str(paper.pk),
            "part": str(there.pk),
        }
        found = _where(traces)
    assert found == {"hash": {"ballots_paper"}, "paper": {"ballots_paper"}, "part": {"ballots_participation"}}


def _where(traces: dict[str, str]) -> dict[str, set[str]]:
    """In which tables, also those of no model, some row holds these words; a word without a row in the raw bytes of the file is `bytes`."""
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            try:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            except OperationalError:  # a table of a search index that is only asked by words; what it is made of are tables, too
                continue
            text = repr(cursor.fetchall())
            for name, word in traces.items():
                if word in text:
                    found.setdefault(name, set()).add(table)
    if connection.vendor == "sqlite":
        raw = connection.connection.serialize().lower()
        assert traces["hash"].encode() in raw  # what was just written is in it
        for name, word in traces.items():
            if name not in found and word.lower().encode() in raw:
                found[name] = {"bytes"}
    return found


# ------------------------------------------------------------------------------------------------- letters and the trail

KINDS = tuple(f"{room}." for room in decided.ROOMS)


def _may_read(scene: Scene, address: str, secret: Secret) -> bool:
    keys = [key for key, person in scene.people.items() if person.email == address]
    # Members without an account are written to at the address of the register
    return keys[0] in secret.sees if keys else secret.sees >= PART or GUEST in secret.sees


def test_nobody_is_written_what_they_may_not_read(scene: Scene) -> None:
    search = searcher(scene)
    with taken_back():
        tell_due(now())
        tell_of_phases(now())
        queue.run_all()
        letters = [(one.to, one.kind, one.subject, one.body) for one in Letter.objects.all() if one.kind.startswith(KINDS)]
        of_house = Notice.objects.select_related("person")
        notices = [(one.person.email, one.kind, one.subject, one.text) for one in of_house if one.kind.startswith(KINDS)]
    told = [
        f"{kind} to {to}: {one.what}"
        for to, kind, subject, text in [*letters, *notices]
        for one in search(subject, text.encode(), to)
        if not _may_read(scene, to, one)
    ]
    assert not told, "\n".join(told)
    rooms = {kind.partition(".")[0] for _to, kind, _subject, _text in [*letters, *notices]}
    assert rooms >= {"ideas", "proposals", "arguments", "processes", "opinions", "ballots", "resolutions"}


def test_the_trail_names_nobody_and_no_vote(scene: Scene) -> None:
    """Ids, counts and states, no words; and nothing at all of papers that fell into a box, or of answers to statements."""
    lines = Entry.objects.filter(_any(KINDS))
    assert len(lines) > 40
    assert [one.verb for one in lines if searcher(scene)("", json.dumps(one.facts).encode(), "")] == []
    assert [one.verb for one in lines if any(word in one.verb for word in ("cast", "paper", "vote", "answered")) and "idea" not in one.verb
            and "argument" not in one.verb] == []  # fmt: skip


def _any(kinds: tuple[str, ...]) -> Q:
    found = Q(pk__in=())
    for kind in kinds:
        found |= Q(verb__startswith=kind)
    return found
