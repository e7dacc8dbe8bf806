"""Two at once, with transactions that really end: a double click is one paper, nothing slips in behind the end."""

import pytest

from allmende.ballots import actions, boxes
from allmende.ballots.actions.closing import finish
from allmende.ballots.models import Ballot, Paper, Participation, State, Vote
from allmende.ground.models import Entry
from allmende.resolutions.models import Resolution
from tests.ballots.scene import DAY, no, scene, voice, yes
from tests.members.test_at_once import both

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_double_click_is_one_paper_and_both_answers_show_the_same_code() -> None:
    of = scene()
    ballot, code = of.opened(box="detached"), boxes.new_code()
    mine, answers = voice(ballot, of.people[0]), list[str | None]()
    ends = both(*[lambda: answers.append(actions.cast(ballot, mine, yes(), by=of.people[0], code=code)) for _click in range(3)])
    assert (ends, answers) == (["done"] * 3, [code] * 3)
    assert (Paper.objects.count(), Participation.objects.count()) == (1, 1)


def test_two_windows_of_one_voter_leave_one_paper_and_everybody_at_once_loses_none() -> None:
    of = scene(6)
    ballot, open_ = of.opened(box="detached"), of.opened()
    mine = voice(ballot, of.people[0])
    ends = both(*[lambda: actions.cast(ballot, mine, yes(), by=of.people[0], code=boxes.new_code()) for _window in range(2)])
    assert sorted(end == "done" for end in ends) == [False, True]
    works = [lambda who=who: of.cast(ballot, who, no()) for who in of.people[1:]]
    works += [lambda who=who: of.cast(open_, who, no()) for who in of.people]
    assert both(*works) == ["done"] * 11
    assert (Paper.objects.count(), Participation.objects.count(), Vote.objects.count()) == (6, 6, 6)


def test_papers_race_with_the_end_and_what_was_accepted_is_counted() -> None:
    of = scene(6)
    ballot = of.opened(box="detached")
    end = ballot.closes_at
    works = [lambda who=who: of.cast(ballot, who, yes()) for who in of.people]
    ends = both(*works[:4], lambda: finish(Ballot.objects.get(pk=ballot.pk), end), *works[4:])
    ended = [one for one in (*ends[:4], *ends[5:]) if one == "done"]
    done = Ballot.objects.get(pk=ballot.pk)
    assert (ends[4], done.state) == ("done", State.COUNTED)
    assert done.result["turnout"]["papers"] == len(ended) == Paper.objects.count() == Participation.objects.count()  # type: ignore[index]


def test_servers_that_notice_the_end_together_count_once() -> None:
    of = scene()
    ballot = of.opened()
    for person in of.people:
        of.cast(ballot, person, yes())
    end = ballot.closes_at
    looks = [lambda: finish(Ballot.objects.get(pk=ballot.pk), end)] * 3
    assert both(*looks, lambda: actions.close_due(end)) == ["done"] * 4
    assert (Ballot.objects.get().outcome, Resolution.objects.count()) == ("accepted", 1)
    assert [Entry.objects.filter(verb=f"ballots.ballot_{verb}").count() for verb in ("closed", "counted")] == [1, 1]
    assert Ballot.objects.get().stuck == {}


def test_the_board_changes_its_mind_at_the_very_end_and_one_thing_happens() -> None:
    of = scene()
    ballot = of.opened()
    end = ballot.closes_at
    early = end - DAY / 24
    works = [
        lambda: actions.prolong(ballot, end + DAY, "Noch ein Tag", by=of.board, now=early),
        lambda: actions.cancel(ballot, "Doch nicht", by=of.board, now=early),
        lambda: finish(Ballot.objects.get(pk=ballot.pk), end),
    ]
    ends = both(*works)
    state = Ballot.objects.get().state
    assert ends[2] == "done"
    assert state == {"done": State.CANCELLED}.get(ends[1], State.COUNTED)
