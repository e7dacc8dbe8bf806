"""The platform's own published ballots: whoever has the file comes to the same result as the house."""

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from allmende.ballots.counting import CountError, count, recount
from allmende.ballots.counting.__main__ import main
from allmende.ballots.counting.profiles import Approvals, Choices, Grades, Rankings

STV: dict[str, Any] = {
    "format": "allmende-ballots/1",
    "title": "Board 2026",
    "rule": {"method": "stv", "seats": 1, "ties": "lot", "seed": "4 May", "quorum": "1/2", "matter": "ordinary"},
    "options": ["Anna", {"name": "Ben", "key": "b"}, {"name": "Cem", "withdrawn": True}],
    "eligible": 6,
    "ballots": [
        {"code": "4F2A", "choice": {"ranking": [[2], [0]]}},
        {"code": "77B1", "choice": ["b", "Anna"]},
        {"code": "0C3D", "choice": [[1], 0]},
        {"choice": [], "name": "somebody"},
    ],
}
SOURCES = Path(__file__).resolve().parents[3] / "src"


def document(method: str, ballots: list[dict[str, Any]], options: list[Any] | None = None, **rule: Any) -> dict[str, Any]:
    return {"format": "allmende-ballots/1", "rule": {"method": method, **rule}, "options": options or [], "ballots": ballots}


def test_a_published_election_is_counted_as_in_the_house() -> None:
    house = count(
        "stv",
        Rankings.of(["Anna", "Ben", "Cem"], [[2, 0], [1, 0], [1, 0], []], [2]),
        seats=1,
        ties="lot",
        seed="4 May",
        quorum="1/2",
        eligible=6,
    )
    again = recount(STV)
    assert again.pop("same_as_published") is None
    assert again == house
    assert (again["elected_names"], again["outcome"]) == (["Ben"], "elected")


def test_the_published_result_is_compared_and_not_believed() -> None:
    published = copy.deepcopy(STV) | {"result": json.loads(json.dumps(recount(STV)))}
    assert recount(published)["same_as_published"] is True
    published["ballots"][1]["choice"] = ["Anna"]
    assert recount(published)["same_as_published"] is False


@pytest.mark.parametrize(
    ("published", "same"),
    [
        (
            document("majority", [{"choice": "yes"}, {"choice": {"answer": "no"}, "votes": 2}, {"choice": "abstain", "times": 3}]),
            count("majority", Choices.of(["yes", ("no", 2), "abstain", "abstain", "abstain"])),
        ),
        (
            document("majority", [{"choice": "yes", "class": "a"}, {"choice": "no", "investing": True, "votes": 3}], classes=True),
            count("majority", Choices.of([("yes", 1, "a"), ("no", 3, "investing")]), classes=True),
        ),
        (
            document("approval", [{"choice": {"approved": [0, 1]}}, {"choice": ["B"], "votes": 2}], ["A", "B"]),
            count("approval", Approvals.of(["A", "B"], [[0, 1], [1], [1]])),
        ),
        (
            document("score", [{"choice": {"grades": [5, None]}}, {"choice": {"B": 3}}], ["A", "B"], scale=[0, 5]),
            count("score", Grades.of(["A", "B"], [[5, None], [None, 3]])),
        ),
        (
            document("committee", [{"choice": [0]}, {"choice": [0, 1]}, {"choice": [1]}], ["A", "B", "C"], way="pav", seats=2),
            count("seqpav", Approvals.of(["A", "B", "C"], [[0], [0, 1], [1]]), seats=2),
        ),
        (
            document(
                "budget", [{"choice": [0]}, {"choice": [1]}], [{"name": "A", "cost_cents": 9}, {"name": "B", "cost_cents": 10}], budget=9
            ),
            count("mes", Approvals.of(["A", "B"], [[0], [1]], [9, 10]), budget=9),
        ),
    ],
)
def test_every_kind_of_choice_is_read(published: dict[str, Any], same: dict[str, Any]) -> None:
    assert recount(published | {"result": json.loads(json.dumps(recount(published)))})["same_as_published"] is True
    assert recount(published) | {"same_as_published": None, "method": ""} == same | {"same_as_published": None, "method": ""}


def test_a_round_of_consent_is_read_with_its_reasons() -> None:
    result = recount(document("consent", [{"choice": "consent"}, {"choice": {"answer": "objection", "reason": "No money."}}]))
    assert (result["outcome"], result["objections"]) == ("objections", ["No money."])


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"format": "other/1"}, "format"),
        ({"rule": None}, "rule"),
        ({"rule": {"method": "dice"}}, "dice"),
        ({"rule": {"method": "stv", "seats": 0}}, "seats"),
        ({"options": "Anna"}, "options"),
        ({"options": [{"title": "Anna"}]}, "Option 0"),
        ({"options": []}, "empty"),
        ({"ballots": {}}, "ballots"),
        ({"ballots": [{}]}, "choice"),
        ({"ballots": [{"choice": ["Dora"]}]}, "Ballot 1: “Dora”"),
        ({"ballots": [{"choice": [7]}]}, "Ballot 1"),
        ({"ballots": [{"choice": [True]}]}, "Ballot 1"),
        ({"ballots": [{"choice": [0]}, {"choice": [[0], [0]]}]}, "Ballot 2: an option is ranked twice"),
        ({"ballots": [{"choice": 5}]}, "Ballot 1"),
        ({"ballots": [{"choice": [0], "votes": -1}]}, "votes"),
        ({"ballots": [{"choice": [0], "times": 0.5}]}, "times"),
        ({"ballots": [{"choice": [0], "code": "A"}, {"choice": [1], "code": "A"}]}, "more than one ballot"),
        ({"options": ["Anna", "Anna"], "ballots": [{"choice": ["Anna"]}]}, "more than one"),
    ],
)
def test_a_file_that_makes_no_sense_is_said(change: dict[str, Any], word: str) -> None:
    with pytest.raises(CountError, match=word):
        recount(STV | change)


@pytest.mark.parametrize("choice", ["perhaps", {"answer": None}, ["yes"], {"answer": "yes", "reason": 5}])
def test_answers_that_are_none_are_said_with_their_ballot(choice: Any) -> None:
    with pytest.raises(CountError, match="Ballot 2"):
        recount(document("majority", [{"choice": "yes"}, {"choice": choice}]))


# --------------------------------------------------------------------------------------------------------------- command


def written(folder: Path, name: str, content: Any) -> str:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


def test_the_command_counts_without_database_or_django(tmp_path: Path) -> None:
    path = written(tmp_path, "board.json", STV)
    code = "import sys; from allmende.ballots.counting.__main__ import main; main(sys.argv[1:]); sys.exit('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, env={"PYTHONPATH": str(SOURCES)})
    result = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert (result["file"], result["title"], result["elected_names"], len(result["stages"])) == ("board.json", "Board 2026", ["Ben"], 1)


def test_the_command_takes_seats_and_method_from_the_file_or_from_its_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, "x.blt", '3 2\n5 1 2 0\n3 2 0\n3 3 0\n0\n"A"\n"B"\n"C"\n"Title"\n')

    def asked(*words: str) -> dict[str, Any]:
        assert main([path, *words]) == 0
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        return answer

    assert (asked()["method"], asked()["seats"], asked()["quota"]) == ("stv", 2, "4.00000")
    assert asked("--seats", "1")["quota"] == "6.00000"
    assert asked("--method", "irv")["tie"]["between"] == [1, 2]
    assert asked("--method", "irv", "--lot", "3,2,1")["rounds"][0]["excluded"] == [2]
    assert asked("--method", "schulze")["condorcet_winner"] == 0
    assert asked("--withdrawn", "1")["stages"][0]["states"][0] == "withdrawn"
    assert asked("--rule", "wigm-prf")["quota"] == "3.6667"


def test_the_command_says_whether_the_published_result_is_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([written(tmp_path, "a.json", STV | {"result": recount(STV)})]) == 0
    assert json.loads(capsys.readouterr().out)["same_as_published"] is True
    assert main([written(tmp_path, "b.json", STV | {"result": {"outcome": "tie"}})]) == 0
    assert json.loads(capsys.readouterr().out)["same_as_published"] is False


@pytest.mark.parametrize(
    ("content", "words", "said"),
    [
        ("2 1\n1 3 0\n0\n", [], "Line 2"),
        ("", [], "empty"),
        ("{", [], "Line 1"),
        ("[1, 2]\n", [], "format is not known"),
        ('{"format": "allmende-ballots/1", "rule": {"method": "stv"}, "options": ["A"], "ballots": []}', ["--seats", "0"], "seats"),
        ('{"format": "allmende-ballots/1", "rule": {"method": "majority"}, "ballots": []}', ["--threshold", "75%"], "threshold"),
        ('1 1\n1 1 0\n0\n"A"\n', ["--method", "score"], "grade"),
        ('1 1\n1 1 0\n0\n"A"\n', ["--lot", "7"], "lot"),
        ('1 1\n1 1 0\n0\n"A"\n', ["--withdrawn", "x"], "whole numbers"),
        ("[" * 100_000, ["--format", "allmende"], "nested"),
    ],
)
def test_faults_are_said_in_a_sentence_with_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, words: list[str], said: str
) -> None:
    assert main([written(tmp_path, "x", content), *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert "Traceback" not in err


def test_a_file_that_is_not_there_is_a_fault_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "no.blt")]) == 2
    assert "cannot be read" in capsys.readouterr().err
