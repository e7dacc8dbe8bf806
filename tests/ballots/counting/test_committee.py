"""Committees: examples of the "ABC book" that can be reckoned by hand, what holds for every profile, and the elections of abcvoting."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.ballots.counting import committee
from allmende.ballots.counting.abc_format import is_abc, read_abc
from allmende.ballots.counting.committee import RULES, count
from allmende.ballots.counting.documents import FormatError, read_text
from allmende.ballots.counting.profiles import CountError

BOOK = (
    "profile with 12 voters and 8 candidates:\n 3 x {a, b},\n 3 x {a, c},\n 2 x {a, d},\n 1 x {b, c, f},\n 1 x {e},\n 1 x {f},\n 1 x {g}\n"
)
EIGHT = "profile with 8 voters and 4 candidates:\n 3 x {c, d},\n 2 x {a, b},\n 2 x {a, c},\n 1 x {b, d}\n"
# Thiele's own example: PAV and its sequential form do not agree.
THIELE = """weighted profile with 10 voters and 4 candidates:
 960 x {a, c, d},
 3000 x {b, c, d},
 520 x {b, c},
 1620 x {a, b},
 1081 x {a, d},
 1240 x {a, c},
 360 x {b, d},
 360 x {d},
 120 x {c},
 60 x {b}
total weight: 9321"""
RAISED = "equal-shares-with-increment-completion"  # its published results name one of the equal committees, that of the list's order


def counted(text, rule, seats, lot=None):
    profile = read_abc(text).profile
    return count(rule, profile.options, profile.ballots, seats, lot=lot)


def letters(result):
    return {"".join(result.options[option] for option in members) for members in result.committees}


@pytest.mark.parametrize(
    ("text", "rule", "seats", "committees"),
    [
        (BOOK, "av", 4, {"abcd", "abcf"}),
        (BOOK, "pav", 4, {"abcf"}),
        (BOOK, "seqphragmen", 4, {"abcd"}),
        (BOOK, "equal-shares", 4, {"abcd"}),
        (EIGHT, "equal-shares", 3, {"acd"}),
        (EIGHT, "seqphragmen", 3, {"bcd"}),
        (THIELE, "pav", 2, {"ab"}),
        (THIELE, "seqpav", 2, {"ac"}),
        (THIELE, "revseqpav", 2, {"bd"}),
        (BOOK, "cc", 4, {"aefg"}),
    ],
)  # fmt: skip
def test_the_examples_of_the_book_come_out(text, rule, seats, committees):
    assert letters(counted(text, rule, seats)) == committees


def test_the_working_of_phragmen_is_shown_with_exact_loads():
    result = counted(EIGHT, "seqphragmen", 3)
    assert [(result.options[stage.taken], stage.values[stage.taken]) for stage in result.stages] == [
        ("c", Fraction(1, 5)),
        ("b", Fraction(1, 3)),
        ("d", Fraction(29, 60)),
    ]


def test_the_working_of_equal_shares_is_shown_with_what_is_left():
    result = counted(EIGHT, "equal-shares", 3)
    assert result.share == Fraction(3, 8)
    steps = [(stage.phase, result.options[stage.taken], stage.values[stage.taken], stage.left) for stage in result.stages]
    assert steps == [
        ("price", "c", Fraction(1, 5), Fraction(2)),
        ("price", "a", Fraction(13, 40), Fraction(1)),
        ("load", "d", Fraction(1, 40), None),
    ]


def test_the_score_of_the_best_committee_is_exact():
    assert counted(BOOK, "pav", 4).score == Fraction(83, 6)
    assert counted(THIELE, "seqpav", 2).score == 9641


def test_equal_committees_are_all_named_and_nobody_is_elected():
    result = counted(BOOK, "av", 4)
    assert (result.outcome, result.elected, result.decided_by) == ("tie", None, "open")
    assert [result.options[one] for one in result.certain] == ["a", "b", "c"]
    assert [result.options[one] for one in result.contested] == ["d", "f"]


@pytest.mark.parametrize(("lot", "seated"), [([0, 1, 2, 3, 4, 5, 6, 7], (0, 1, 2, 3)), ([5, 4, 3, 2, 1, 0, 6, 7], (0, 1, 2, 5))])
def test_a_recorded_lot_decides_between_equal_ones(lot, seated):
    result = counted(BOOK, "av", 4, lot)
    assert (result.elected, result.decided_by, result.lot) == (seated, "lot", tuple(lot))
    assert result.stages[-1].tied == (3, 5)


def test_of_equally_dispensable_options_the_one_drawn_first_stays():
    ballots = [(frozenset({0}), 1), (frozenset({1}), 1)]
    assert count("revseqpav", ["Anna", "Ben"], ballots, 1, lot=[1, 0]).elected == (1,)


@pytest.mark.parametrize("rule", RULES)
def test_without_any_ballot_everybody_is_equal(rule):
    result = count(rule, list("abc"), [], 2)
    assert result.committees == ((0, 1), (0, 2), (1, 2))
    assert result.outcome == "tie"


@pytest.mark.parametrize("rule", RULES)
def test_with_as_many_seats_as_options_all_are_elected(rule):
    assert count(rule, list("abc"), [(frozenset({0, 1}), 4)], 3).elected == (0, 1, 2)


def test_more_equal_committees_than_can_be_listed_are_said_to_be_more():
    result = count("av", [str(number) for number in range(30)], [(frozenset({0}), 2)], 9)
    assert len(result.committees) == committee.MOST_COMMITTEES
    assert not result.complete and result.certain == () and result.elected is None


def test_too_many_committees_to_try_are_refused_in_a_sentence():
    with pytest.raises(CountError, match="10,272,278,170 possible committees of 10 out of 50 options"):
        count("pav", [str(number) for number in range(50)], [(frozenset({0}), 2)], 10)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"rule": "borda"}, "is not a rule for committees"),
        ({"seats": 0}, "at least 1 seat and at most 2"),
        ({"seats": 3}, "at least 1 seat and at most 2"),
        ({"ballots": [(frozenset({2}), 1)]}, "not on the list"),
        ({"ballots": [(frozenset({0}), 0)]}, "at least 1"),
        ({"lot": [0, 0]}, "names each option once"),
    ],
)
def test_what_cannot_be_counted_is_refused_in_a_sentence(change, sentence):
    call = {"rule": "seqpav", "options": ["a", "b"], "ballots": [(frozenset({0}), 1)], "seats": 1} | change
    with pytest.raises(CountError, match=sentence):
        count(**call)


def test_the_published_form_has_no_floating_numbers():
    shown = counted(EIGHT, "equal-shares", 3).as_json()
    assert shown["elected_names"] == ["a", "c", "d"]
    assert shown["share"] == "3/8"
    assert shown["stages"][1]["values"] == ["13/40", "1/3", None, None]


profiles = st.lists(st.tuples(st.frozensets(st.integers(0, 4)), st.integers(1, 3)), max_size=7)


@settings(max_examples=25, deadline=None)
@given(ballots=profiles, seats=st.integers(1, 4), rule=st.sampled_from(list(RULES)), data=st.data())
def test_the_order_of_ballots_and_their_grouping_change_nothing(ballots, seats, rule, data):
    single = [(approved, 1) for approved, times in ballots for _ in range(times)]
    mixed = data.draw(st.permutations(single))
    assert count(rule, "abcde", ballots, seats) == count(rule, "abcde", mixed, seats)


@settings(max_examples=25, deadline=None)
@given(ballots=profiles, seats=st.integers(1, 4), rule=st.sampled_from(list(RULES)), lot=st.permutations(range(5)))
def test_the_lot_elects_one_of_the_equal_committees(ballots, seats, rule, lot):
    result = count(rule, "abcde", ballots, seats, lot=lot)
    assert result.elected in result.committees
    assert len(result.elected) == seats


@settings(max_examples=25, deadline=None)
@given(
    ballots=profiles, seats=st.integers(1, 4), rule=st.sampled_from(["seqpav", "pav", "seqphragmen", "equal-shares", "av"]), data=st.data()
)
def test_names_do_not_matter(ballots, seats, rule, data):
    order = data.draw(st.permutations(range(5)))
    renamed = [(frozenset(order[option] for option in approved), times) for approved, times in ballots]
    expected = {tuple(sorted(order[option] for option in members)) for members in count(rule, "abcde", ballots, seats).committees}
    assert set(count(rule, "abcde", renamed, seats).committees) == expected


# ------------------------------------------------------------------------------------------------------------ abcvoting

YAML = """description: "a small one,
  over two lines"
profile: [[0, 1], [1],   # who comes first
  [], [2]]
num_cand: 4
committeesize: 2
compute:
- rule_id: av
  result: [[0, 1], [1,
      2]]
  resolute: false
- rule_id: rsd
  result:
  resolute: true
"""


def test_a_file_of_abcvoting_is_read():
    document = read_abc(YAML)
    assert document.title == "a small one, over two lines"
    assert document.rule == {"seats": 2}
    assert document.profile.options == ("0", "1", "2", "3")
    assert dict(document.profile.ballots) == {frozenset({0, 1}): 1, frozenset({1}): 1, frozenset(): 1, frozenset({2}): 1}
    assert document.published["compute"] == [
        {"rule": "av", "committees": [[0, 1], [1, 2]], "resolute": False},
        {"rule": "rsd", "committees": None, "resolute": True},
    ]


@pytest.mark.parametrize(
    "text",
    [
        "profile:\n- [0, 1]\n- [1]\n- []\n",
        '{"profile": [[0, 1], [1], []], "num_cand": 2}',
        "profile: [[0,1],[1],[]]\r\n".replace("\r", ""),
        "profile with 3 voters and 2 candidates:\n 1 x {a, b},\n 1 x {b},\n 1 x {}\n",
        "profile: [[0, 1], [1], []]\nvoter_weights: [0.5, 1/2, 0.5]\n",
    ],
)
def test_other_ways_to_write_the_same_are_read(text):
    assert is_abc(text)
    assert dict(read_abc(text).profile.ballots) == {frozenset({0, 1}): 1, frozenset({1}): 1, frozenset(): 1}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("num_cand: 3\n", "There is no profile"),
        ("profile: [[0],\n  [1, x]]\n", "Line 2: A candidate should be a whole number, not “x”"),
        ("profile: [[0],\n\n  [5]]\nnum_cand: 3\n", "Line 3: A ballot approves candidate 5"),
        ("profile: [[0], [1]\n", "Line 1: The profile is a list of lists"),
        ("profile: [0, 1]\n", "Line 1: The profile is a list of lists"),
        ("profile: [[0]]\nprofile: [[1]]\n", "Line 2: “profile” stands here a second time"),
        ("profile: [[0]]\ncommitteesize: 4\n", "Line 2: committeesize is 4; it lies from 1 to 1"),
        ("profile: [[0]]\nvoter_weights: [1, 2]\n", "Line 2: There are 1 ballots and 2 weights"),
        ("profile: [[0]]\nvoter_weights: [-1]\n", "Line 2: A weight should be a number"),
        ("profile: [[], []]\n", "There are no candidates"),
        ('{"profile": [[0]', "This is not JSON"),
        (BOOK + "\n" + BOOK, "Line 10: There is more than one profile"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(text, sentence):
    with pytest.raises(FormatError, match=sentence):
        read_abc(text)


def test_every_election_of_abcvoting_comes_out(shared_data: Path):
    """All rules that we know, all instances: the same equal committees."""
    files = sorted((shared_data / "votes" / "abc").glob("*.abc.yaml"))
    assert len(files) == 108
    known = 0
    for file in files:
        document = read_abc(read_text(file))
        profile, seats = document.profile, document.rule["seats"]
        wanted = {
            facts["rule"]: [tuple(members) for members in facts["committees"]]
            for facts in document.published["compute"]
            if facts["committees"]
        }
        for rule in RULES:
            lot = range(len(profile.options)) if rule == RAISED else None
            result = count(rule, profile.options, profile.ballots, seats, lot=lot)
            found = [result.elected] if rule == RAISED else list(result.committees)
            assert found == wanted[rule], (file.name, rule)
            known += 1
    assert known == 108 * len(RULES)
