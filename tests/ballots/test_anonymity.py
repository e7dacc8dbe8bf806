"""The detached box against somebody who holds the whole database: nothing orders, dates or joins papers as participations."""

import random
from itertools import combinations
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from allmende.ballots import actions, boxes, rules, tally
from allmende.ballots.models import Ballot, Paper, Participation
from tests.ballots.scene import Scene, scene, voice, yes

pytestmark = pytest.mark.django_db(transaction=True)
VOTERS = 24


def voted(of: Scene, ballot: Ballot, seed: int) -> list[tuple[int, str]]:
    """Everybody votes in some order, some change their minds; says in which order who cast under which hash."""
    people = list(of.people)
    random.Random(seed).shuffle(people)
    order = []
    for at, person in enumerate(people):
        code = of.cast(ballot, person, {"answer": "yes" if at % 3 else "no"})
        order.append((voice(ballot, person).pk, rules.code_hash(ballot.uuid, code or "")))
        if at % 5 == 0:
            of.cast(ballot, person, yes(), code)
    return order


def dump(table: str) -> list[dict[str, Any]]:
    """Every column, also those nobody asks for, in the order in which the database hands rows out by itself."""
    hidden = "rowid AS hidden_row, *" if connection.vendor == "sqlite" else "ctid::text AS hidden_row, xmin::text AS hidden_transaction, *"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {hidden} FROM {table}")
        return [dict(zip([one[0] for one in cursor.description], row, strict=True)) for row in cursor.fetchall()]


def place(row: dict[str, Any]) -> Any:
    """Where a row lies: its hidden number, or its page and line."""
    where = row["hidden_row"]
    return where if isinstance(where, int) else tuple(int(part) for part in where.strip("()").split(","))


def joined(papers: list[dict[str, Any]], people: list[dict[str, Any]], order: list[tuple[int, str]]) -> int:
    """How many pairs somebody gets right who lays both tables side by side in the order in which they lie."""
    truth = dict(order)
    return sum(truth[one["voter_id"]] == other["code_hash"] for one, other in zip(people, papers, strict=True))


@pytest.mark.parametrize("moment", ["small and open", "large, after the job", "large and closed"])
def test_no_order_no_time_no_transaction_joins_papers_and_voters(moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "SMALL_BALLOT", 200 if "small" in moment else 0)
    of = scene(VOTERS)
    ballot = of.opened(box="detached")
    order = voted(of, ballot, 7)
    if "job" in moment:
        assert actions.shuffle_open() == 1
    if "closed" in moment:
        actions.close(ballot, ballot.closes_at)
    papers, people = dump("ballots_paper"), dump("ballots_participation")
    assert (len(papers), len(people)) == (VOTERS, VOTERS)
    by_time = [hashed for _voter, hashed in order]
    people_by_time = [one for one, _hashed in order]
    for sorting in ("id", "place"):
        keys = {"id": lambda row: row["id"], "place": place}[sorting]
        lying, sitting = sorted(papers, key=keys), sorted(people, key=keys)
        assert joined(lying, sitting, order) <= VOTERS // 4
        assert [one["code_hash"] for one in lying] != by_time
        assert [one["voter_id"] for one in sitting] != people_by_time
        if connection.vendor == "sqlite":
            assert lying == sorted(papers, key=lambda row: row["id"])  # where they lie is the order of the random numbers
    assert set(papers[0]) - {"hidden_row", "hidden_transaction"} == {
        "id", "ballot_id", "code_hash", "choice", "votes", "category", "is_investing",
    }  # fmt: skip
    assert set(people[0]) - {"hidden_row", "hidden_transaction"} == {"id", "ballot_id", "voter_id"}
    if connection.vendor == "postgresql":
        assert len({row["hidden_transaction"] for row in papers + people}) == 1  # all were written by one transaction


def test_no_value_of_a_paper_stands_in_any_other_table_of_the_database() -> None:
    of = scene(VOTERS)
    ballot = of.opened(box="detached")
    order = voted(of, ballot, 11)
    of.ended(ballot)
    hashes = {hashed for _voter, hashed in order} | {str(one) for one in Paper.objects.values_list("pk", flat=True)}
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if table in {"ballots_paper"}:
            continue
        text = repr(dump(table))
        assert not [one for one in hashes if one in text], table
    assert not {one.pk for one in Paper.objects.all()} & {one.pk for one in Participation.objects.all()}


def test_keys_of_both_tables_follow_no_order_of_casting() -> None:
    of = scene(VOTERS)
    ballot = of.opened(box="detached")
    order = voted(of, ballot, 3)
    by_hash = dict(Paper.objects.values_list("code_hash", "pk"))
    by_voter = dict(Participation.objects.values_list("voter_id", "pk"))
    for keys in ([by_hash[hashed] for _voter, hashed in order], [by_voter[one] for one, _hashed in order]):
        rising = sum(one < other for one, other in combinations(keys, 2))
        assert 0.25 < rising / (VOTERS * (VOTERS - 1) / 2) < 0.75
        assert min(keys) > 0 and max(keys) > 2**50


def test_small_groups_and_single_weights_are_refused_a_secret_box_and_shown_together() -> None:
    of = scene(0)
    for _five in range(5):
        of.member("employees")
    rest = [of.member("partners") for _four in range(4)]
    rule = {"method": "majority", "classes": True}
    with pytest.raises(Exception, match="five|fünf"):
        of.opened(box="detached", rule=rule)
    of.member("partners")
    ballot = of.opened(box="detached", rule=rule)
    for person in [*of.people[:5], rest[0]]:
        of.cast(ballot, person, yes())
    done = of.ended(ballot)
    assert done.outcome == "accepted"
    assert [one["classes"] for one in done.result["counted"]["classes"]] == [["Employees", "Partners"]]  # type: ignore[index]
    papers = boxes.of(done).slips(done)
    assert set(Paper.objects.values_list("votes", "category", "is_investing")) == {(1, "", False)}  # the only partner cannot be found
    assert tally.hash_of(tally.file_of(done)["ballots"]) == done.papers_hash
    assert all(set(row) == {"choice", "code"} for row in tally.published(done, papers))


@pytest.mark.parametrize(("visibility", "keys"), [("members", {"choice", "class"}), ("public", {"choice"})])
def test_papers_of_an_open_box_name_no_small_group_to_the_whole_world(visibility: str, keys: set[str]) -> None:
    of = scene(0)
    for group in ("employees",) * 5 + ("farms",):
        of.member(group)
    ballot = of.opened(rule={"method": "majority", "classes": True}, visibility=visibility)
    for person in of.people:
        of.cast(ballot, person, yes())
    file = tally.file_of(of.ended(ballot))
    assert {key for row in file["ballots"] for key in row} == keys
    assert tally.hash_of(file["ballots"]) == file["papers_hash"]
