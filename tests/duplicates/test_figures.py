"""The figures on labelled pairs hold, on the development half that lies beside the project; elsewhere these tests are skipped."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from allmende.duplicates import labelled, measuring, million
from allmende.duplicates.assigning import assign, kind_of_number
from allmende.duplicates.portraits import Portrait, Site
from allmende.duplicates.tally import Tally


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "directories"


def test_hard_pairs(folder: Path) -> None:
    entries = labelled.directories(folder)
    pairs = labelled.dach_pairs(folder / "gold" / "gold_dach_pairs.csv", entries)
    hard = [pair for pair in pairs if pair.label != "unsure" and not pair.is_verbatim]
    tally = measuring.score(hard, labelled.rarity_of(entries.values()))
    assert len(hard) == 81
    assert tally.precision >= 0.95 and tally.f1 >= 0.93 and tally.told_apart >= 0.90


def test_hard_pairs_by_their_columns_alone(folder: Path) -> None:
    pairs = labelled.dach_pairs(folder / "gold" / "gold_dach_pairs.csv", {})
    assert measuring.score([pair for pair in pairs if pair.label != "unsure"], labelled.rarity_of([])).f1 >= 0.88


def test_other_peoples_sets(folder: Path) -> None:
    tally = measuring.score(labelled.restaurants(folder / "gold" / "other_er"), labelled.rarity_of([]))
    assert tally.precision >= 0.99 and tally.recall >= 0.90


def test_two_editions_of_a_register(folder: Path) -> None:
    known = {row["cuk_id"] for row in labelled.rows(folder / "gold" / "gold_cuk_2017_2023.csv")}
    found = measuring.successors(folder, known)
    assert found.recall >= 0.99 and found.in_proportion >= 0.995 and found.precision >= 0.99


def test_the_bench_prints_what_was_used_for_what(folder: Path) -> None:
    lines: list[str] = []
    measuring.figures(lines.append, folder / "gold" / "gold_dach_pairs.csv", None)
    text = "\n".join(lines)
    assert "126 pairs" in text and "only the columns" in text and "greenmap-greenmap" in text
    assert measuring.is_register_file(folder / "gold" / "gold_cuk_2017_2023.csv")


# --------------------------------------------------------------------------------------------------- without shared data


COLUMNS = "a,b,label,reason,name_a,name_b,city_a,city_b,host_a,host_b,distance_m,name_ratio"
ROWS = (
    "susy:1,susy:2,same,entered twice,Wandeltreppe,Wandel-Treppe,Hohenems,Hohenems,wandeltreppe.net,wandeltreppe.net,0,0.9",
    "susy:1,inkota:3,different,one address,Wandeltreppe,ProKonTra,Hohenems,Hohenems,wandeltreppe.net,prokontra.at,0,0.3",
    "susy:4,susy:5,branch,other site,CONTIGO Shop Linz,CONTIGO Shop Graz,Linz,Graz,linz.contigo.de,graz.contigo.de,161000,0.8",
    "susy:6,susy:7,unsure,project,Feierwerk e.V.,Radio Feierwerk,München,München,feierwerk.de,feierwerk.de,8,0.7",
)


def test_any_file_of_these_columns_is_scored(tmp_path: Path) -> None:
    path, out = tmp_path / "pairs.csv", StringIO()
    path.write_text("\n".join((COLUMNS, *ROWS)), encoding="utf-8")
    call_command("bench", "duplicates", pairs=path, data=tmp_path, rows=0, stdout=out)
    assert (
        "hard pairs                        precision 1.000  recall 1.000  F1 1.000  branch/same 1.000  (1 same, 1 branch, 1 different)"
        in out.getvalue()
    )
    assert "inkota-susy" in out.getvalue() and "labelled unsure: 1" in out.getvalue()


def test_a_file_that_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        call_command("bench", "duplicates", pairs=tmp_path / "none.csv", rows=0)


@pytest.mark.django_db
def test_the_invented_house_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the invented house stands on SQLite")
    monkeypatch.setattr(million, "ASKED", 10)
    lines: list[str] = []
    million.measure(lines.append, 300, None)
    text = "\n".join(lines)
    assert "330 entries written and indexed" in text and "scan of 30 imported rows against 300" in text
    assert "came first in 100.0%" in text or "came first in 90.0%" in text
    with pytest.raises(CommandError, match="only an empty one"):
        call_command("duplicates", "measure", rows=10)


def entry(name: str, street: str, postcode: str, register: str = "") -> Portrait:
    return Portrait(name, name, (Site(street, postcode, "", "GB"),), register=register)


def test_successors_are_found_by_number_name_and_address_each_once() -> None:
    before = {
        "number": entry("Noah's Ark Nursery Ltd", "1 Close", "B98 0EW", "03736789"),
        "moved": entry("Ekopia Weavers Limited", "2 Road", "IV36 3TZ", "29924R"),
        "renamed": entry("Quarry Bank Labour Club Limited", "144 High Street", "DY5 2AF", "30706R"),
        "refounded": entry("Whittlesey Ivy Leaf Club Limited", "Gracious Street", "PE7 1AP", "8599R"),
        "gone": entry("Acorn Co-operative Limited", "3 Lane", "PA31 8UU", "1R"),
        "company": entry("Sheffield Wholefoods Limited", "4 Road", "S10 1BA", "01234567"),
    }
    after = {
        "number": entry("Noah's Ark Nursery C.I.C.", "9 Elsewhere", "SW1 1AA", "03736789"),
        "moved": entry("Ekopia Weavers Ltd", "77 Far Away", "TR16 5EZ"),
        "renamed": entry("Quarry Bank Social Club Limited", "144 High Street", "DY5 2AF"),
        "new": entry("The Ivy Leaf Club Whittlesey 2019 Limited", "Gracious Street", "PE7 1AP"),
        "other": entry("Acorn Social Club Limited", "5 Winchester Road", "SO50 7GW"),
        "namesake": entry("Sheffield Wholefoods Limited", "1 Barber Road", "S10 1EA"),
    }
    links = assign(before, after)
    assert {(link.before, link.after) for link in links} == {("number", "number"), ("moved", "moved"), ("renamed", "renamed")}


def test_kinds_of_register_numbers() -> None:
    assert [kind_of_number(number) for number in ("03736789", "SC481029", "525R", "")] == ["#", "sc#", "#r", ""]


def test_counting() -> None:
    tally = Tally()
    for label, judged, number in (
        ("same", "same", 8),
        ("same", "unsure", 2),
        ("different", "same", 2),
        ("branch", "branch", 3),
        ("branch", "same", 0),
    ):
        for _ in range(number):
            tally.add(label, judged)
    assert (tally.precision, tally.recall, tally.told_apart) == (0.8, 0.8, 11 / 13)
    assert tally.f1 == pytest.approx(0.8)
    assert str(Tally()).startswith("precision   -")
