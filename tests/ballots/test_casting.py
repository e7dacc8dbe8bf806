"""Papers fall into the box: once for each voice, until the end, changed by their owners only; counted once."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from allmende.ballots import actions, boxes, tally
from allmende.ballots.actions import closing
from allmende.ballots.counting import CountError, recount
from allmende.ballots.models import Ballot, Paper, Participation, State, Vote
from allmende.ground.models import Entry
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from tests.ballots.scene import DAY, no, scene, voice, yes

pytestmark = pytest.mark.django_db


def test_an_open_box_keeps_the_last_vote_of_each_voice_and_is_counted_once() -> None:
    of = scene()
    ballot = of.opened()
    for person, choice in zip(of.people, (yes(), no(), yes()), strict=True):
        assert of.cast(ballot, person, choice) is None
    of.cast(ballot, of.people[1], yes())
    of.cast(ballot, of.people[1], yes())
    assert Vote.objects.filter(ballot=ballot).count() == 3
    done = of.ended(ballot)
    assert (done.state, done.outcome, done.result["counted"]["yes"]) == (State.COUNTED, "accepted", "3")  # type: ignore[index]
    assert closing.finish(done, timezone.now()).counted_at == done.counted_at
    assert Entry.objects.filter(verb="ballots.ballot_counted").count() == 1


def test_a_detached_box_gives_a_code_and_changes_the_paper_only_with_it() -> None:
    of = scene()
    ballot = of.opened(box="detached")
    code = of.cast(ballot, of.people[0], yes())
    assert code and (Paper.objects.count(), Participation.objects.count()) == (1, 1)
    assert of.cast(ballot, of.people[0], yes(), code) == code  # the same form twice
    assert of.cast(ballot, of.people[0], no(), code) == code
    with pytest.raises(Refused, match="not the receipt code|nicht der Quittungscode"):
        of.cast(ballot, of.people[0], yes())
    with pytest.raises(Refused, match="used already|schon vergeben"):
        of.cast(ballot, of.people[1], yes(), code)  # somebody who has not voted brings the code of another paper
    assert (Paper.objects.count(), Participation.objects.count()) == (1, 1)
    assert Paper.objects.get().choice == no()
    with pytest.raises(BadInput):
        actions.cast(ballot, voice(ballot, of.people[1]), yes(), by=of.people[1])


def test_nobody_votes_for_somebody_else_or_with_a_voice_of_another_ballot() -> None:
    of = scene()
    ballot, other = of.opened(), of.opened()
    for stranger, where in ((of.people[1], ballot), (of.board, ballot), (of.people[0], other)):
        with pytest.raises(NotAllowed):
            actions.cast(where, voice(ballot, of.people[0]), yes(), by=stranger)
    assert not Vote.objects.exists()


def test_closed_to_the_second_and_no_clock_leads_back() -> None:
    of = scene()
    ballot = of.opened()
    end = ballot.closes_at
    of.cast(ballot, of.people[0], yes(), clock=lambda: end - timedelta(microseconds=1))
    with pytest.raises(Refused, match="ended|beendet"):
        of.cast(ballot, of.people[1], no(), clock=lambda: end)
    assert Ballot.objects.get(pk=ballot.pk).state == State.CLOSED
    with pytest.raises(Refused, match="ended|beendet"):
        of.cast(ballot, of.people[1], no(), clock=lambda: end - timedelta(hours=1))  # the clock jumped back
    with pytest.raises(Refused):
        actions.prolong(ballot, end + DAY, "Zu kurz", by=of.board, now=end - timedelta(hours=1))
    assert closing.finish(Ballot.objects.get(pk=ballot.pk), end).outcome == "accepted"


def test_before_the_beginning_nothing_falls_into_the_box() -> None:
    of = scene()
    ballot = of.opened(opens_at=timezone.now() + DAY / 2)
    with pytest.raises(Refused, match="not begun|nicht begonnen"):
        of.cast(ballot, of.people[0], yes())


MALFORMED: list[Any] = [
    {}, {"answer": "maybe"}, {"approved": [0]}, "yes", None, [1] * 100_000, {"answer": "yes", "x": 1}, {"answer": ["yes"]},
]  # fmt: skip


@pytest.mark.parametrize("box", ["open", "detached"])
def test_a_malformed_paper_is_refused_and_leaves_nothing(box: str) -> None:
    of = scene(1)
    ballot = of.opened(box=box)
    for choice in MALFORMED:
        with pytest.raises(BadInput):
            of.cast(ballot, of.people[0], choice)
    assert not (Vote.objects.exists() or Paper.objects.exists() or Participation.objects.exists())


@pytest.mark.parametrize("place", ["Participation.save", "Paper.save"])
def test_a_crash_between_the_two_writes_of_a_secret_paper_leaves_neither(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    of = scene()
    ballot = of.opened(box="detached")
    where: Any = {"Participation": Participation, "Paper": Paper}[place.split(".")[0]]
    real = where.save

    def crash(*args: Any, **options: Any) -> None:
        real(*args, **options)
        raise RuntimeError(place)

    with monkeypatch.context() as broken:
        broken.setattr(where, "save", crash)
        with pytest.raises(RuntimeError):
            of.cast(ballot, of.people[0], yes())
    assert (Paper.objects.count(), Participation.objects.count()) == (0, 0)
    assert of.cast(ballot, of.people[0], yes())


@pytest.mark.parametrize("place", ["tally.count", "trail.record", "Ballot.save"])
def test_a_crash_while_counting_leaves_a_closed_ballot_that_the_next_look_counts(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    of = scene()
    ballot = of.opened(box="detached")
    of.cast(ballot, of.people[0], yes())
    closed = actions.close(ballot, ballot.closes_at)
    where: Any = closing
    *path, name = place.split(".")
    for step in path:
        where = getattr(where, step)
    real = getattr(where, name)

    def crash(*args: Any, **options: Any) -> None:
        real(*args, **options)
        raise RuntimeError(place)

    with monkeypatch.context() as broken:
        broken.setattr(where, name, crash)
        with pytest.raises(RuntimeError):
            actions.count(closed, ballot.closes_at)
    assert Ballot.objects.get(pk=ballot.pk).state == State.CLOSED
    assert not Entry.objects.filter(verb="ballots.ballot_counted").exists()
    assert actions.close_due(ballot.closes_at) == 1
    assert Ballot.objects.get(pk=ballot.pk).outcome == "accepted"


def test_what_cannot_be_counted_stays_closed_and_holds_no_other_ballot(monkeypatch: pytest.MonkeyPatch) -> None:
    of = scene()
    stuck, fine = of.opened(), of.opened()
    for one in (stuck, fine):
        of.cast(one, of.people[0], yes())
    real = tally.count

    def count(ballot: Ballot) -> tally.Counted:
        if ballot.pk == stuck.pk:
            raise CountError("Too many equal committees.")
        return real(ballot)

    with monkeypatch.context() as broken:
        broken.setattr(tally, "count", count)
        assert actions.close_due(fine.closes_at) == 1
    assert Ballot.objects.get(pk=stuck.pk).state == State.CLOSED
    assert actions.close_due(fine.closes_at + timedelta(minutes=2)) == 1  # tried again by itself


def test_who_leaves_in_mid_vote_still_votes_for_the_roll_is_frozen() -> None:
    of = scene()
    ballot = of.opened()
    of.memberships[0].ends_on, of.memberships[0].end_reason = timezone.localdate() - DAY, "exclusion"
    of.memberships[0].save()
    of.cast(ballot, of.people[0], yes())
    assert Vote.objects.filter(ballot=ballot).count() == 1


RULES: list[tuple[dict[str, Any], list[Any], list[dict[str, Any]], str]] = [
    ({"method": "consent"}, [], [{"answer": "consent"}, {"answer": "objection", "reason": "Zu teuer"}], "objections"),
    ({"method": "majority", "threshold": "3/4", "quorum": "1/2"}, [], [yes(), yes(), no()], "rejected"),
    ({"method": "majority", "quorum": "1"}, [], [yes()], "no_quorum"),
    ({"method": "approval"}, ["A", "B"], [{"approved": [1]}, {"approved": []}], "elected"),
    ({"method": "approval"}, ["A", "B"], [{"approved": [0]}, {"approved": [1]}], "tie"),
    ({"method": "approval", "ties": "lot"}, ["A", "B"], [{"approved": [0]}, {"approved": [1]}], "elected"),
    ({"method": "score", "scale": [0, 5]}, ["A", "B"], [{"grades": [5, None]}, {"grades": [1, 4]}], "elected"),
    ({"method": "dots", "dots": 4, "seats": 1}, ["A", "B"], [{"grades": [3, 1]}, {"grades": [None, 2]}], "tie"),
    ({"method": "irv"}, ["A", "B", "C"], [{"ranking": [[0], [1]]}, {"ranking": [[2]]}, {"ranking": [[2], [0]]}], "elected"),
    ({"method": "stv", "seats": 2, "ties": "lot"}, ["A", "B", "C"], [{"ranking": [[0], [1]]}, {"ranking": [[2]]}], "elected"),
    ({"method": "schulze"}, ["A", "B"], [{"ranking": [[0, 1]]}, {"ranking": [[1], [0]]}], "elected"),
    ({"method": "committee", "seats": 1}, ["A", "B"], [{"approved": [1]}, {"approved": [0, 1]}], "elected"),
    ({"method": "committee", "seats": 1, "way": "mes"}, ["A", "B"], [{"approved": [1]}, {"approved": [0, 1]}], "elected"),
    (
        {"method": "budget", "budget": 10_000},
        [{"label": "A", "cost_cents": 4000}, {"label": "B", "cost_cents": 9000}],
        [{"approved": [0]}, {"approved": [0, 1]}],
        "elected",
    ),
]


@pytest.mark.parametrize("box", ["open", "detached"])
@pytest.mark.parametrize(("rule", "options", "papers", "outcome"), RULES)
def test_every_way_of_deciding_from_draft_to_a_file_that_counts_the_same(
    rule: dict[str, Any], options: list[Any], papers: list[dict[str, Any]], outcome: str, box: str
) -> None:
    of = scene()
    ballot = of.opened(rule=rule, options=options, box=box)
    for person, paper in zip(of.people, papers, strict=False):
        of.cast(ballot, person, paper)
    done = of.ended(ballot)
    assert (done.state, done.outcome) == (State.COUNTED, outcome)
    again = recount(tally.file_of(done))
    assert again["same_as_published"] is True
    assert tally.hash_of(tally.file_of(done)["ballots"]) == done.papers_hash
    assert boxes.of(done).taken(done) == len(papers)
