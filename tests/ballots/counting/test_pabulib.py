"""Pabulib files: read in their dialects, refused with a line, and counted as the cities did."""

from fractions import Fraction
from pathlib import Path

import pytest

from allmende.ballots.counting.budget_result import Payment
from allmende.ballots.counting.documents import FormatError, read_text
from allmende.ballots.counting.pabulib import is_pabulib, read_pabulib
from allmende.ballots.counting.profiles import CountError


def ids(result):
    return "".join(result.projects[one].id for one in result.selected)


PB = """META
key;value
description;Garden money
num_projects;2
num_votes;3
budget;100
vote_type;approval
rule;greedy-no-skip
PROJECTS
project_id;cost;votes;name;selected
1;60;2;Shed;1
2;50;2;"Pond; with ""fish\"\"";0
VOTES
voter_id;age;vote
a;31;1,2
b;;2
c;70;1
"""


def test_a_budget_file_is_read_and_counted_by_its_own_rule():
    file = read_pabulib(PB)
    assert is_pabulib(PB)
    assert [(one.id, one.cost, one.name) for one in file.projects] == [("1", 60, "Shed"), ("2", 50, 'Pond; with "fish"')]
    assert file.ballots == (({0: 1, 1: 1}, 1), ({1: 1}, 1), ({0: 1}, 1))
    assert (file.budget, file.title, file.official, file.remarks) == (100, "Garden money", frozenset({0}), ())
    assert file.rule == {"method": "greedy", "unaffordable": "stop", "threshold": 0}
    assert ids(file.count(lot=[0, 1])) == "2"  # with as many votes the cheaper one goes first


DIALECTS = [
    PB.replace("\n", ";;\n").replace("META;;", "meta;;"),
    PB.replace("META", " Meta ").replace("key;value", "Key; Value").replace("project_id;cost", "PROJECT_ID ; Cost"),
    PB.replace("budget;100", "budget;100,00").replace("1;60;", "1;60.0;"),
    PB.replace('"Pond; with ""fish"""', "Pond").replace(";", "\t"),
    PB.replace('"Pond; with ""fish"""', "Pond").replace("1,2", '"1,2"').replace(";", ","),
    PB.replace('"Pond; with ""fish"""', '"Pond').replace("a;31;1,2", "a;31;1,2 "),
    PB.replace("a;31;1,2", 'a;31;"1;2"'),
    PB.replace("description;Garden money", "description;Garden; money\nunit;X\nsubunit;Y | small\nneighborhoods;a,b\n\n"),
    PB.replace("rule;greedy-no-skip", "rule;greedy-no-skip\nmin_length;1\nmax_length;2\nmax_sum_cost;200"),
]


@pytest.mark.parametrize("text", DIALECTS)
def test_dialects_of_the_same_file_say_the_same(text):
    file = read_pabulib(text)
    assert file.ballots == read_pabulib(PB).ballots
    assert [one.cost for one in file.projects] == [60, 50]
    assert (file.budget, file.remarks) == (100, ())


@pytest.mark.parametrize(
    ("kind", "columns", "row", "ballot"),
    [
        ("choose-1", "vote", "2", {1: 1}),
        ("cumulative", "vote;points", "2,1;7,3", {0: 3, 1: 7}),
        ("cumulative", "vote;points", "2,1;7,0", {1: 7}),
        ("scoring", "points;vote", "2.5,1;1,2", {0: Fraction(5, 2), 1: 1}),
        ("ordinal", "vote", "2,1", {1: 2, 0: 1}),
        ("ordinal", "vote", "1", {0: 2}),
        ("approval", "vote", "", {}),
    ],
)
def test_all_kinds_of_votes_are_read(kind, columns, row, ballot):
    head, _, _ = PB.partition("VOTES")
    file = read_pabulib(f"{head.replace('approval', kind)}VOTES\nvoter_id;{columns}\na;{row}\n")
    assert file.ballots == ((ballot, 1),)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("META\n", "", "Line 1: A .pb file begins with a line META"),
        ("PROJECTS\n", "", "The section PROJECTS is missing"),
        ("VOTES\n", "VOTE\n", "There are 1 values|section VOTES is missing"),
        ("budget;100\n", "", "has no budget"),
        ("budget;100", "budget;much", "The budget should be a number, not “much”"),
        ("project_id;cost", "project_id;price", "Line 10: The section PROJECTS has no column cost"),
        ("1;60;", "1;sixty;", "Line 11: The cost of project 1 should be a number, not “sixty”"),
        ("1;60;", "1;-60;", "Line 11: The cost of project 1 is below 0"),
        ("1;60;", "2;60;", "Line 12: The project 2 stands here a second time"),
        ("b;;2", "b;;9", "Line 16: A vote names the project “9”"),
        ("b;;2", "b;;2;x;y", "Line 16: There are 5 values, but only 3 columns"),
        ("approval", "ranking", "of the kind “ranking”"),
        ("approval", "cumulative", "need a column points"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(old, new, sentence):
    assert old in PB
    with pytest.raises(FormatError, match=sentence):
        read_pabulib(PB.replace(old, new, 1))


def test_points_have_to_fit_their_projects():
    head, _, _ = PB.partition("VOTES")
    for row, sentence in [("1,2;3", "names 2 projects, but 1"), ("1,1;3,4", "twice"), ("1;-3", "below 0"), ("1;x", "number of points")]:
        with pytest.raises(FormatError, match=f"Line 15: .*{sentence}"):
            read_pabulib(f"{head.replace('approval', 'cumulative')}VOTES\nvoter_id;vote;points\na;{row}\n")


@pytest.mark.parametrize(
    ("old", "new", "remark"),
    [
        ("num_votes;3", "num_votes;4", "The file states 4 votes, and there are 3."),
        ("1;60;2;", "1;60;3;", "Project 1: 3 votes are stated, 2 were counted."),
        ("b;;2", "a;;2", "Line 16: a voter stands there a second time; both ballots are counted."),
        ("b;;2", "b;;2,2", "Line 16: a vote names a project twice; it counts once."),
        ("rule;", "max_length;1\nrule;", "Line 16: a vote names more projects than 1."),
        ("Shed;1", "Shed;2", "Line 11: “selected” is 2, so the project was taken or left for a reason of its own."),
        ("1;60;", "1;999999999;", "Project 1 costs 999999999: it counts as withdrawn."),
    ],
)
def test_what_does_not_fit_together_becomes_a_remark(old, new, remark):
    assert read_pabulib(PB.replace(old, new, 1)).remarks == (remark,)


def test_a_city_s_own_rule_has_to_be_replaced_by_a_known_one():
    file = read_pabulib(PB.replace("greedy-no-skip", "greedy-custom"))
    with pytest.raises(CountError, match="“greedy-custom”, which is not known"):
        file.count()
    assert ids(file.count({"method": "equal-shares"})) == "2"


def test_a_threshold_in_the_file_counts():
    file = read_pabulib(PB.replace("rule;greedy-no-skip", "rule;greedy-threshold\nmin_project_score_threshold;3"))
    assert (ids(file.count()), file.rule["threshold"]) == ("", 3)


@pytest.mark.parametrize(
    ("name", "selected"),
    [
        ("Netherlands_Assen_2024", 9),
        ("Poland_Gdynia_2020_Chylonia__small", 6),
        ("Poland_Gdynia_2020_Dzialki_Lesne__small", 4),
        ("Poland_Gdynia_2020_Karwiny__small", 3),
        ("Poland_Gdynia_2021_Cisowa__small", 5),
    ],
)
def test_the_official_outcome_of_real_budgets_comes_out(shared_data: Path, name, selected):
    file = read_pabulib(read_text(shared_data / "votes" / "pb" / f"{name}.pb"))
    result = file.count()
    assert frozenset(result.selected) == file.official
    assert (len(result.selected), result.outcome, file.remarks) == (selected, "elected", ())


def test_assen_s_last_raise_and_what_its_supporters_paid(shared_data: Path):
    result = read_pabulib(read_text(shared_data / "votes" / "pb" / "Netherlands_Assen_2024.pb")).count()
    assert (result.runs, result.ended, result.raised) == (845, "overspent", Fraction(100_000, 84) + 843)
    stage = next(line for line in result.lines if line.project.id == "3")
    assert (stage.round, stage.payments) == (1, (Payment(Fraction(7200, 43), 43),))
    assert result.spent == sum(line.project.cost for line in result.lines if line.selected) == 76_700
