"""What the law says of votes holds from the roll to the published file: investing members, the tenth, small classes."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from allmende.ballots import actions, boxes, results, tally
from allmende.ballots.actions.preparing import obstacles
from allmende.ballots.counting import recount
from allmende.ballots.forms import RollForm
from allmende.ground.refusals import Refused
from allmende.ideas.models import Idea
from allmende.processes.models import Phase, Process
from tests import coops
from tests.ballots.scene import Scene, no, scene, voice, yes

pytestmark = pytest.mark.django_db

LIMITED = {"has_investing": True, "investing_vote": "limited"}
NAMES = {"rule": {"method": "approval"}, "options": ["A", "B"]}


def mixed(others: int, investing: int, **statute: Any) -> Scene:
    """So many members, and so many who only invest and may vote by the statute."""
    of = scene(others, **{**LIMITED, **statute})
    for _one in range(investing):
        of.member(kind="investing")
    return of


def sentences(of: Scene, ballot: Any) -> str:
    with translation.override("en"):
        return " ".join(results.shown(ballot, ballot.result).sentences)


def test_investing_members_vote_about_yes_and_no_and_otherwise_only_where_somebody_says_so() -> None:
    of = mixed(2, 1)
    asked: list[dict[str, Any]] = [
        {},
        NAMES,
        {"rule": {"method": "consent"}},
        {**NAMES, "basis": {"kind": "everybody", "without_investing": False}},
    ]
    assert [of.opened(**said).voters_count for said in asked] == [3, 2, 2, 3]
    draft = of.draft()
    for rule, without in (({"method": "consent"}, True), ({"method": "majority"}, False)):
        draft = actions.change(draft, by=of.board, rule=rule)
        assert draft.electorate.basis["without_investing"] is without


def test_the_step_of_who_votes_offers_the_switch_where_the_statute_gives_them_a_vote(client: Client) -> None:
    of, none = mixed(1, 1), scene(1, "Anderswo eG")
    ballot = of.draft()
    client.force_login(of.board)
    address = reverse("ballots:prepare", args=[of.slug, ballot.uuid]) + "?step=4"
    page = client.get(address).content.decode()
    assert 'name="without_investing"' in page
    assert "(§ 8 " in page
    client.post(address, {"kind": "everybody", "without_investing": "on", "day": ballot.electorate.day.isoformat()})
    ballot.electorate.refresh_from_db()
    assert ballot.electorate.basis["without_investing"] is True
    other = none.draft(**NAMES)
    form = RollForm(
        {"kind": "everybody", "day": "2026-01-01"}, cooperative=none.cooperative, basis=other.electorate.basis, day=other.electorate.day
    )
    assert "without_investing" not in form.fields
    assert form.is_valid()
    assert form.basis()["without_investing"] is True


def test_where_they_vote_about_names_it_is_counted_with_and_without_them_and_the_others_decide() -> None:
    of = mixed(2, 3)
    ballot = of.opened(**NAMES, basis={"kind": "everybody", "without_investing": False})
    for person, at in zip(of.people, (0, 0, 1, 1, 1), strict=True):
        of.cast(ballot, person, {"approved": [at]})
    done = of.ended(ballot)
    assert done.result["counted"]["elected"] == [0]
    assert "without investing members" in sentences(of, done)
    assert recount(tally.file_of(done))["same_as_published"] is True


def test_a_secret_ballot_about_names_is_without_them() -> None:
    of = mixed(5, 5)
    with pytest.raises(Refused, match="investing|investierende"):
        of.opened(**NAMES, box="detached", basis={"kind": "everybody", "without_investing": False})
    assert of.opened(**NAMES, box="detached").voters_count == 5


def test_few_investing_members_in_a_secret_box_are_counted_apart_and_not_shown() -> None:
    of = mixed(5, 5)
    ballot = of.opened(box="detached")
    for person, paper in zip(of.people[:7], (yes(), yes(), no(), no(), no(), yes(), yes()), strict=True):
        of.cast(ballot, person, paper)
    done = of.ended(ballot)
    counted = done.result["counted"]
    assert (done.outcome, counted["decided_by"], counted["without"], counted["without_hidden"]) == ("rejected", "without", None, True)
    said, file = sentences(of, done), tally.file_of(done)
    assert "The numbers are not shown" in said
    assert "cannot be made again from the file" in said
    assert "Without investing members:" not in said
    assert (file["hidden"], "result" in file, "classes" in file["rule"]) == (True, False, False)
    assert all(set(row) == {"choice", "code"} for row in file["ballots"])
    again = recount(file)
    assert (again["yes"], again["no"], again["same_as_published"]) == (counted["yes"], counted["no"], None)


def test_with_five_on_each_side_both_counts_are_shown_and_anybody_counts_the_same() -> None:
    of = mixed(5, 5)
    ballot = of.opened(box="detached")
    for person in of.people:
        of.cast(ballot, person, yes())
    done = of.ended(ballot)
    assert "Without investing members: 5 yes of 5" in sentences(of, done)
    assert recount(tally.file_of(done))["same_as_published"] is True


def test_several_votes_in_a_cooperative_of_businesses_count_up_to_a_tenth_of_those_who_take_part() -> None:
    of = scene(22, is_mostly_entrepreneurs=True, most_votes=9)
    many = {"kind": "everybody", "votes": {"by": "members", "members": {str(of.memberships[0].number): 9}, "place": "§ 30"}}
    ballot = of.opened(basis=many)
    assert (voice(ballot, of.people[0]).votes, ballot.rule["tenth"]) == (9, True)
    of.cast(ballot, of.people[0], yes())
    for person in of.people[1:19]:
        of.cast(ballot, person, no())
    done = of.ended(ballot)
    assert (done.result["counted"]["yes"], done.result["counted"]["cap"]) == ("2", 2)
    assert "more than 2 votes" in sentences(of, done)
    assert recount(tally.file_of(done))["same_as_published"] is True
    assert "tenth" not in of.opened().rule
    assert boxes.of(done).taken(done) == 19


# ------------------------------------------------------------------------------------------------------- phases of a process


@pytest.mark.parametrize(
    ("days", "doors", "method", "opens"),
    [
        ((-1, 1), ("arguments",), "majority", False),
        ((-1, 1), ("vote",), "majority", True),
        ((-1, 1), ("consent",), "majority", False),
        ((-1, 1), ("consent",), "consent", True),
        ((-1, 1), ("vote",), "consent", True),
        ((1, 2), ("arguments",), "majority", True),  # has not begun
        ((-2, -1), ("arguments",), "majority", True),  # over
    ],
)
def test_a_ballot_about_something_opens_when_its_phases_say_so(
    days: tuple[int, int], doors: tuple[str, ...], method: str, opens: bool
) -> None:
    of = scene(1)
    idea = Idea.objects.create(cooperative=of.cooperative, title="Lastenrad", text="Zum Ausleihen", author=of.people[0])
    begins, ends = (timezone.now() + timedelta(days=one) for one in days)
    process = Process.objects.create(
        cooperative=of.cooperative, title="Rad", template="decision", about_kind="ideas.idea", about_id=idea.pk, created_by=of.board
    )
    Phase.objects.create(process=process, position=0, kind="decision", doors=list(doors), starts_at=begins, ends_at=ends)
    draft = of.draft(about=idea, rule={"method": method})
    found = [one for one in obstacles(draft, timezone.now()) if "Rad" in one]
    assert (not found) is opens
    assert obstacles(of.draft(), timezone.now()) == []


# ------------------------------------------------------------------------------------------------ several votes, in the form


def roll_form(of: Scene, **said: Any) -> RollForm:
    data = {"kind": "everybody", "day": "2026-01-01", "place": "§ 30", "measure": "members", **said}
    return RollForm(data, cooperative=of.cooperative, basis={"kind": "everybody"}, day=timezone.localdate())


@pytest.mark.parametrize(
    ("scale", "table", "found"),
    [
        ("members", "12: 3\n\n15:2", {"by": "members", "place": "§ 30", "members": {"12": 3, "15": 2}}),
        ("groups", "höfe: 2", {"by": "groups", "place": "§ 30", "groups": {"farms": 2}}),
        (
            "size",
            "100: 1\n500: 2\nmehr: 3",
            {"by": "size", "place": "§ 30", "measure": "members", "steps": [[100, 1], [500, 2], [None, 3]]},
        ),
        ("", "12: 3", None),
    ],
)
def test_the_scale_of_the_statute_is_written_line_by_line(scale: str, table: str, found: dict[str, Any] | None) -> None:
    of = scene(0, most_votes=3)
    of.groups["farms"] = coops.group(of.cooperative, "farms", "Höfe")
    of.member("farms")
    form = roll_form(of, scale=scale, table=table)
    assert form.is_valid(), form.errors
    assert form.basis().get("votes") == found
    again = RollForm(cooperative=of.cooperative, basis=form.basis(), day=timezone.localdate())
    assert (again["scale"].value(), again["place"].value()) == (scale, "§ 30" if found else "")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"scale": "members", "table": ""}, "table"),
        ({"scale": "members", "table": "Anna: 3"}, "table"),
        ({"scale": "members", "table": "12: 0"}, "table"),
        ({"scale": "members", "table": "12: viele"}, "table"),
        ({"scale": "members", "table": "12"}, "table"),
        ({"scale": "groups", "table": "Niemand: 3"}, "table"),
        ({"scale": "size", "table": "100: 1"}, "table"),
        ({"scale": "size", "table": "500: 1\n100: 2\nmehr: 3"}, "table"),
        ({"scale": "members", "table": "12: 3", "place": " "}, "place"),
        ({"scale": "kings", "table": "12: 3"}, "scale"),
    ],
)
def test_a_scale_that_is_none_is_said_where_it_stands(said: dict[str, str], field: str) -> None:
    form = roll_form(scene(1, most_votes=3), **said)
    assert not form.is_valid()
    assert field in form.errors


def test_where_everybody_has_one_vote_no_scale_is_asked_for_and_an_old_one_stays() -> None:
    of = scene(1)
    old = {"kind": "everybody", "votes": {"by": "members", "members": {"1": 2}, "place": "§ 30"}}
    form = RollForm({"kind": "everybody", "day": "2026-01-01"}, cooperative=of.cooperative, basis=old, day=timezone.localdate())
    assert "scale" not in form.fields
    assert form.is_valid()
    assert form.basis()["votes"] == old["votes"]
