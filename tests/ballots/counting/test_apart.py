"""Investing members counted apart in every way of counting, and the tenth in cooperatives of businesses (§§ 8 II, 43 III Nr. 2 GenG)."""

import json
from pathlib import Path
from typing import Any

import pytest

from allmende.ballots.counting import recount
from allmende.ballots.counting.__main__ import main
from allmende.ballots.counting.tenth import most_of


def document(rule: dict[str, Any], rows: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"format": "allmende-ballots/1", "rule": rule, "options": ["A", "B"], "ballots": rows, **more}


def papers(own: Any, others: int, apart: Any, investing: int) -> list[dict[str, Any]]:
    """So many papers of others, so many of those who invest."""
    return [{"choice": own, "times": others}, {"choice": apart, "times": investing, "investing": True}]


A, B = {"approved": [0]}, {"approved": [1]}


@pytest.mark.parametrize(
    ("rule", "own", "apart"),
    [
        ({"method": "approval"}, A, B),
        ({"method": "committee", "seats": 1}, A, B),
        ({"method": "score", "scale": [0, 5]}, {"grades": [5, 0]}, {"grades": [0, 5]}),
        ({"method": "irv"}, {"ranking": [[0]]}, {"ranking": [[1]]}),
        ({"method": "stv", "seats": 1}, {"ranking": [[0]]}, {"ranking": [[1]]}),
        ({"method": "schulze"}, {"ranking": [[0], [1]]}, {"ranking": [[1], [0]]}),
    ],
)
def test_those_who_invest_never_outvote_the_others_whatever_the_way_of_counting(rule: dict[str, Any], own: Any, apart: Any) -> None:
    result = recount(document(rule, papers(own, 3, apart, 4)))
    assert (result["elected"], result["investing"]["differs"]) == ([0], True)
    assert result["investing"]["with"]["elected"] == [1]
    agree = recount(document(rule, papers(own, 3, own, 4)))
    assert (agree["elected"], agree["investing"]["differs"]) == ([0], False)


def test_an_objection_of_those_who_invest_is_heard_and_stops_nothing() -> None:
    rows = papers({"answer": "consent"}, 3, {"answer": "objection", "reason": "Zu teuer"}, 1)
    result = recount(document({"method": "consent"}, rows))
    assert (result["outcome"], result["investing"]["with"]["outcome"]) == ("accepted", "objections")


def test_the_quorum_asks_all_and_where_only_those_who_invest_take_part_nothing_is_decided() -> None:
    rule = {"method": "approval", "quorum": "1/2"}
    assert recount(document(rule, papers(A, 3, B, 4), eligible=14))["quorums"][0]["reached"] is True
    assert recount(document(rule, papers(A, 3, B, 4), eligible=15))["outcome"] == "no_quorum"
    alone = recount(document({"method": "approval"}, papers(A, 3, B, 4)[1:]))
    assert (alone["outcome"], alone["investing"]["without"]) == ("no_quorum", None)


@pytest.mark.parametrize(
    ("votes", "most"),
    [
        ({}, 1),
        ({1: 5}, 1),
        ({50: 1, 1: 8}, 1),  # nine are there: a tenth is not even one vote, and one vote everybody keeps
        ({50: 1, 1: 17}, 1),
        ({50: 1, 1: 18}, 2),  # 2 of 20
        ({50: 1, 1: 27}, 3),
        ({3: 1, 1: 200}, 3),
        ({10: 20}, 10),
        ({10**12: 20, 1: 1}, 10**12),
    ],
)
def test_nobody_casts_more_than_a_tenth_of_what_counts(votes: dict[int, int], most: int) -> None:
    assert most_of(votes) == most


def test_the_tenth_is_taken_of_those_who_take_part() -> None:
    rows = [{"choice": "yes", "votes": 50}, {"choice": "no", "times": 3}, {"choice": "abstain", "times": 24}]
    result = recount(document({"method": "majority", "tenth": True}, rows))
    assert (result["yes"], result["no"], result["abstain"], result["cap"], result["outcome"]) == ("3", "3", "24", 3, "rejected")
    assert recount(document({"method": "majority"}, rows))["yes"] == "50"
    assert recount(document({"method": "approval", "tenth": True}, [{"choice": [0], "votes": 9}, {"choice": [1], "times": 2}]))[
        "elected"
    ] == [1]


def test_the_command_raises_the_money_by_the_step_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "budget.json"
    options = [{"name": "A", "cost_cents": 60}, {"name": "B", "cost_cents": 50}]
    rows = [{"choice": [0], "times": 3}, {"choice": [1], "times": 2}]
    file.write_text(json.dumps(document({"method": "budget", "budget": 110}, rows) | {"options": options}))
    runs = []
    for words in ([], ["--raise-by", "1/2"], ["--raise-by", "3"]):
        assert main([str(file), *words]) == 0
        said = json.loads(capsys.readouterr().out)
        runs.append((said["selected"], said["rule"]["raise_by"]))
    assert runs == [([0, 1], "1"), ([0, 1], "1/2"), ([0, 1], "3")]
    assert main([str(file), "--raise-by", "0"]) == 2
    assert "above 0" in capsys.readouterr().err
