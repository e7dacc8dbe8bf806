"""Real elections with results computed elsewhere: ../shared/data/votes (its README says by whom). Skipped where the data is absent."""

import json
from pathlib import Path

import pytest

from allmende.ballots.counting import count
from allmende.ballots.counting.documents import Document
from allmende.ballots.counting.formats import read_file

RULES = {"scottish": "-scotland-fixed-p5-d5", "wigm-prf": "-wigm-prf-fixed-p4-d4"}
SMALL = ("42", "513", "M135", "SC", "SC-Vm-12")


@pytest.fixture(scope="module")
def votes(shared_data: Path) -> Path:
    folder = shared_data / "votes"
    if not folder.is_dir():
        pytest.skip("SKIPPED: ../shared/data/votes is absent")
    return folder


def dump(path: Path) -> tuple[list[tuple[str, list[str]]], set[str]]:
    """Droop's dump: (non-transferable, votes) after every stage, and who is elected."""
    rows = [line.rstrip("\n").split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    stages = [(row[3], row[6::3]) for row in rows if row[1] in {"begin", "transfer"}]
    end = next(row for row in rows if row[1] == "end")
    return stages, {name for name, state in zip(end[4::3], end[5::3], strict=True) if state == "E"}


def stages_of(document: Document, rule: str) -> tuple[list[tuple[str, list[str]]], set[str]]:
    lot = list(range(len(document.profile.options)))  # Droop takes whoever stands first on the ballot
    result = count("stv", document.profile, seats=document.rule["seats"], rule=rule, ties="lot", lot=lot)
    return [(stage["non_transferable"], stage["votes"]) for stage in result["stages"]], set(result["elected_names"])


def test_glasgow_2007_stage_by_stage(votes: Path) -> None:
    expected = json.loads((votes / "expected.json").read_text(encoding="utf-8"))["stv_elected"]
    wards = sorted((votes / "stv_glasgow2007").glob("*.blt"))
    assert len(wards) == 11
    for ward in wards:
        document = read_file(ward)
        assert stages_of(document, "scottish") == dump(ward.with_name(f"{ward.stem}.expected.tsv")), ward.name
        result = count("stv", document.profile, seats=document.rule["seats"])  # no lot is needed
        assert sorted(result["elected_names"]) == sorted(expected[ward.stem]["elected"])
        assert result["quota"] == f"{expected[ward.stem]['quota']}.00000"


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", SMALL)
def test_small_and_hard_files_stage_by_stage(votes: Path, name: str, rule: str) -> None:
    path = votes / "stv_small" / f"{name}.blt"
    assert stages_of(read_file(path), rule) == dump(path.with_name(f"{name}{RULES[rule]}.expected.tsv"))


def test_burlington_2009(votes: Path) -> None:
    document = read_file(votes / "irv_burlington2009" / "us_vt_btv_2009_03_mayor.normalized.csv")
    options = document.profile.options
    result = count("irv", document.profile)
    last = result["rounds"][-1]
    assert result["elected_names"] == ["Bob Kiss"]
    assert {name: number for name, number in zip(options, last["votes"], strict=True) if number} == {"Bob Kiss": 4313, "Kurt Wright": 4060}
    assert (result["ballots"], last["exhausted"], result["tie"]) == (8980, 607, None)
    assert max(zip(result["rounds"][0]["votes"], options, strict=True)) == (2951, "Kurt Wright")
    pairs = count("schulze", document.profile)
    assert pairs["elected_names"] == ["Andy Montroll"] == [options[pairs["condorcet_winner"]]]
    place = {name.split()[-1]: number for number, name in enumerate(options)}
    for loser, won, lost in (("Kiss", 4064, 3476), ("Wright", 4597, 3664), ("Smith", 4570, 2997)):
        montroll, other = place["Montroll"], place[loser]
        assert (pairs["pairs"][montroll][other], pairs["pairs"][other][montroll]) == (won, lost)


def test_debian_2010(votes: Path) -> None:
    document = read_file(votes / "schulze_debian" / "debian-2010-leader.toc")
    result = count("schulze", document.profile)
    assert (result["ballots"], result["elected_names"]) == (436, ["Stefano Zacchiroli"])
    assert [place["options"] for place in result["places"]] == [[0], [1], [3], [2], [4]]
    pairs = result["pairs"]
    assert (pairs[0][1], pairs[1][0], pairs[0][3], pairs[3][0], pairs[1][3], pairs[3][1]) == (323, 102, 305, 124, 215, 207)
