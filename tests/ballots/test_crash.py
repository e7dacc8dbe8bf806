"""A failure at every single write of casting, closing and counting leaves nothing or everything; the next try succeeds. What cannot be
counted says so, holds up nothing else, and is tried again. Clocks that jump lead nowhere."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from allmende.ballots import actions, rules, tally
from allmende.ballots.actions import closing
from allmende.ballots.counting import CountError
from allmende.ballots.models import Ballot, Paper, Participation, State, Vote
from allmende.ground.models import Entry
from allmende.ground.refusals import NotAllowed, Refused
from allmende.members.models import Membership
from allmende.people.personal import FORGETS
from allmende.resolutions.models import Resolution
from tests.ballots.scene import DAY, Scene, no, scene, voice, yes

pytestmark = pytest.mark.django_db

WRITES = ("INSERT", "UPDATE", "DELETE")


class Cut(RuntimeError):
    """The power went off."""


@contextmanager
def cut_at(place: int) -> Iterator[list[str]]:
    """The power goes off before the write of this number; says which writes there were."""
    seen: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITES):
            seen.append(sql)
            if len(seen) == place:
                raise Cut(sql[:80])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield seen


def at_every_write(do: Callable[[], Any], state: Callable[[], Any]) -> int:
    """Cut `do` at its first write, its second and so on until it comes through; each time nothing may have changed. How many writes."""
    before, place = state(), 1
    while True:
        with cut_at(place) as seen:
            try:
                do()
            except Cut:
                assert state() == before, seen[-1]
            else:
                return len(seen)
        place += 1
        assert place < 60, "it never comes through"


def papers() -> Any:
    return (
        sorted(Paper.objects.values_list("code_hash", "choice__answer")),
        Participation.objects.count(),
        list(Vote.objects.values("choice")),
    )


def counted() -> Any:
    entries = Entry.objects.filter(verb__in=["ballots.ballot_counted", "ballots.ballot_closed"]).count()
    return list(Ballot.objects.values("state", "result", "papers_hash")), entries, Resolution.objects.count(), papers()


@pytest.mark.parametrize("box", ["open", "detached"])
def test_a_crash_at_any_write_of_a_paper_leaves_nothing_and_of_a_change_the_old_one(box: str) -> None:
    of = scene()
    ballot, code = of.opened(box=box), "ABCDEFGH23456789ABCD"
    of.cast(ballot, of.people[1], no())
    assert at_every_write(lambda: of.cast(ballot, of.people[0], yes(), code), papers) >= (1 if box == "open" else 2)
    assert at_every_write(lambda: of.cast(ballot, of.people[0], no(), code), papers) >= 1
    done = of.ended(ballot)
    assert (done.outcome, done.result["turnout"]["papers"]) == ("rejected", 2)  # type: ignore[index]


@pytest.mark.parametrize("box", ["open", "detached"])
def test_a_crash_at_any_write_of_closing_or_counting_leaves_the_step_undone(box: str) -> None:
    of = scene()
    ballot = of.opened(box=box)
    of.cast(ballot, of.people[0], yes())
    assert at_every_write(lambda: actions.close(ballot, ballot.closes_at), counted) >= 2
    assert at_every_write(lambda: actions.count(ballot, ballot.closes_at), counted) >= 3
    assert (Ballot.objects.get().state, Resolution.objects.count()) == (State.COUNTED, 1)
    assert Entry.objects.filter(verb="ballots.ballot_counted").count() == 1


def stuck_ballot(of: Scene, monkeypatch: pytest.MonkeyPatch, fault: Exception) -> tuple[Ballot, pytest.MonkeyPatch]:
    ballot = of.opened()
    of.cast(ballot, of.people[0], yes())

    def count(_ballot: Ballot) -> Any:
        raise fault

    monkeypatch.setattr(tally, "count", count)
    return ballot, monkeypatch


@pytest.mark.parametrize("fault", [CountError("Too many equal committees."), ZeroDivisionError("a fault of the house")])
def test_what_cannot_be_counted_is_noted_and_tried_again_ever_more_seldom(
    fault: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    of, end = scene(), timezone.now() + DAY
    caplog.set_level(logging.CRITICAL, "allmende")
    with monkeypatch.context() as broken:
        ballot, _broken = stuck_ballot(of, broken, fault)
        fine = of.opened()
        end = fine.closes_at
        assert actions.close_due(end) == 0  # and nothing is raised
        now = Ballot.objects.get(pk=ballot.pk)
        assert (now.state, now.stuck["tries"]) == (State.CLOSED, 1)
        assert now.stuck["why"] == ("Too many equal committees." if isinstance(fault, CountError) else "ZeroDivisionError")
        for later, tries in ((timedelta(seconds=60), 1), (timedelta(minutes=2), 2), (timedelta(minutes=4), 2), (timedelta(minutes=6), 3)):
            assert closing.finish(Ballot.objects.get(pk=ballot.pk), end + later).stuck["tries"] == tries
        with pytest.raises(Refused, match=now.stuck["why"]):
            actions.count_again(ballot, by=of.board, now=end)
        with pytest.raises(NotAllowed):
            actions.count_again(ballot, by=of.people[0])
        assert Ballot.objects.get(pk=ballot.pk).stuck["tries"] == 4
    assert actions.count_again(ballot, by=of.board, now=end).outcome == "accepted"
    assert (Ballot.objects.get(pk=ballot.pk).stuck, actions.count_again(ballot, by=of.board).state) == ({}, State.COUNTED)
    assert Entry.objects.filter(verb="ballots.ballot_counted", about=ballot.pk).count() == 1
    with pytest.raises(Refused, match="nothing to count|nichts auszuzählen"):
        actions.count_again(of.opened(), by=of.board)


def test_one_ballot_that_cannot_even_be_closed_holds_up_no_other_one(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    of = scene()
    bad, good = of.opened(), of.opened()
    caplog.set_level(logging.CRITICAL, "allmende")
    real = closing.shut

    def shut(ballot: Ballot, now: datetime) -> None:
        if ballot.pk == bad.pk:
            raise RuntimeError("the disk")
        real(ballot, now)

    with monkeypatch.context() as broken:
        broken.setattr(closing, "shut", shut)
        assert actions.close_due(good.closes_at) == 1
    assert [Ballot.objects.get(pk=one.pk).state for one in (bad, good)] == [State.OPEN, State.COUNTED]
    assert actions.close_due(good.closes_at) == 1


def test_what_follows_from_a_count_can_hold_it_up_and_says_so(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    from allmende.resolutions import actions as register

    of = scene()
    ballot = of.opened()
    caplog.set_level(logging.CRITICAL, "allmende")

    def full(_ballot: Ballot) -> None:
        raise Refused("The register is closed for today.")

    with monkeypatch.context() as broken:
        broken.setattr(register, "draft_from_ballot", full)
        assert closing.finish(ballot, ballot.closes_at).stuck["why"] == "The register is closed for today."
    late = ballot.closes_at + 3 * DAY
    assert closing.finish(Ballot.objects.get(), late).state == State.COUNTED
    assert Resolution.objects.get().decided_on == timezone.localdate(ballot.closes_at)


def test_a_resolution_is_dated_by_the_end_not_by_who_noticed_it_days_later() -> None:
    of = scene()
    ballot = of.opened()
    of.cast(ballot, of.people[0], yes())
    closing.finish(ballot, ballot.closes_at + 3 * DAY)
    assert Resolution.objects.get().decided_on == timezone.localdate(ballot.closes_at)


def test_waiting_grows_and_a_clock_set_back_keeps_nobody_waiting() -> None:
    now = timezone.now()
    for tries, minutes in ((1, 2), (2, 4), (5, 32), (6, 60), (400, 60)):
        stuck = {"at": now.isoformat(), "tries": tries}
        assert not rules.may_count_again(stuck, now + timedelta(minutes=minutes) - timedelta(seconds=1))
        assert rules.may_count_again(stuck, now + timedelta(minutes=minutes))
    assert rules.may_count_again({"at": now.isoformat(), "tries": 6}, now - DAY) and rules.may_count_again({}, now)


def test_a_clock_read_twice_around_the_end_closes_for_good_and_dates_no_paper_after_it() -> None:
    of = scene()
    ballot = of.opened()
    end = ballot.closes_at
    hands = iter([end - timedelta(microseconds=1), end + DAY])  # it jumps between two looks
    of.cast(ballot, of.people[0], yes(), clock=lambda: next(hands))
    assert Vote.objects.get().cast_at < end
    hands = iter([end, end - DAY, end - DAY])  # and back
    with pytest.raises(Refused, match="ended|beendet"):
        of.cast(ballot, of.people[1], yes(), clock=lambda: next(hands))
    assert Ballot.objects.get().state == State.CLOSED
    with pytest.raises(Refused, match="ended|beendet"):
        of.cast(ballot, of.people[1], yes(), clock=lambda: end - DAY)


def test_a_clock_before_the_opening_lets_nothing_in_and_closes_nothing() -> None:
    of = scene()
    ballot = of.opened()
    assert ballot.opens_at
    early = ballot.opens_at - timedelta(microseconds=1)
    with pytest.raises(Refused, match="not begun|nicht begonnen"):
        of.cast(ballot, of.people[0], yes(), clock=lambda: early)
    assert (closing.finish(ballot, early).state, actions.close_due(early)) == (State.OPEN, 0)


@pytest.mark.parametrize("box", ["open", "detached"])
def test_who_is_erased_in_mid_vote_keeps_the_paper_that_lies_in_the_box_and_casts_no_other(box: str) -> None:
    of = scene()
    ballot = of.opened(box=box)
    voted, late = of.people[:2]
    code = of.cast(ballot, voted, yes())
    voices = [voice(ballot, one) for one in (voted, late)]
    for one in (voted, late):
        for room in ("ballots", "electorates"):
            FORGETS[room][1](one)
    for mine, person in zip(voices, (voted, late), strict=True):
        mine.refresh_from_db()
        with pytest.raises(NotAllowed):
            actions.cast(ballot, mine, no(), by=person, code=code or "ABCDEFGH23456789ABCD")
    done = of.ended(ballot)
    assert (done.outcome, done.result["turnout"]) == ("accepted", {"papers": 1, "voters": 3, "needed": "0", "reached": True})  # type: ignore[index]


def test_nobody_signs_in_with_a_closed_account_and_the_roll_outlives_the_register() -> None:
    of = scene()
    ballot = of.opened()
    of.people[0].is_active = False
    of.people[0].save()
    with pytest.raises(NotAllowed):
        of.cast(ballot, of.people[0], yes())
    Membership.objects.filter(person=of.people[1]).update(person=None)  # the account was taken off the register
    of.cast(ballot, of.people[1], yes())
    assert of.ended(ballot).outcome == "accepted"


def test_a_count_that_failed_stands_on_the_page_and_the_board_has_a_button(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    of, member, board = scene(), Client(), Client()
    caplog.set_level(logging.CRITICAL, "allmende")
    with monkeypatch.context() as broken:
        ballot, _broken = stuck_ballot(of, broken, CountError("Too many equal committees."))
        closing.finish(ballot, ballot.closes_at)
        member.force_login(of.people[0])
        board.force_login(of.board)
        at = f"/genossenschaft/{of.slug}/abstimmungen/{ballot.uuid}/"
        seen, shown = member.get(at).content.decode(), board.get(at).content.decode()
        assert "auszaehlen/" not in seen and 'role="alert"' in seen
        assert "auszaehlen/" in shown and "Too many equal committees." in shown
        assert (member.post(f"{at}auszaehlen/").status_code, board.post(f"{at}auszaehlen/").status_code) == (404, 409)
    assert board.post(f"{at}auszaehlen/").status_code == 302
    assert Ballot.objects.get().outcome == "accepted"
