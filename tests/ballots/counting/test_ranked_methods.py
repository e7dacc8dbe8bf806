"""Instant run-off, STV and Schulze on examples small enough to count by hand."""

import pytest

from allmende.ballots.counting import CountError, count
from allmende.ballots.counting.profiles import Rankings

FIVE = ["A", "B", "C", "D", "E"]


def ranked(options: list[str], *rows: tuple[int, str]) -> Rankings:
    """`(3, "AB")`: three ballots with A before B; brackets hold equals: "A(BC)"."""
    ballots: list[list[list[int]]] = []
    for times, row in rows:
        places: list[list[int]] = []
        together = False
        for letter in row:
            if letter in "()":
                together = letter == "("
                places += [[]] if together else []
            elif together:
                places[-1].append(options.index(letter))
            else:
                places.append([options.index(letter)])
        ballots += [places] * times
    return Rankings.of(options, ballots)  # type: ignore[arg-type]


# ---------------------------------------------------------------------------------------------------------------- run-off


def test_the_weakest_goes_out_until_one_has_more_than_half() -> None:
    result = count("irv", ranked(FIVE[:3], (4, "A"), (3, "BC"), (2, "CB")))
    assert [one["votes"] for one in result["rounds"]] == [[4, 3, 2], [4, 5, None]]
    assert (result["elected_names"], result["rounds"][0]["excluded"], result["outcome"]) == (["B"], [2], "elected")


def test_exhausted_ballots_count_no_more_and_empty_ones_from_the_beginning() -> None:
    result = count("irv", ranked(FIVE[:3], (4, "A"), (3, "B"), (2, "C"), (1, "")))
    assert [one["exhausted"] for one in result["rounds"]] == [1, 3]
    assert result["elected_names"] == ["A"]


def test_the_last_ones_go_out_together_when_their_order_cannot_matter() -> None:
    result = count("irv", ranked(FIVE, (5, "A"), (4, "B"), (1, "CB"), (1, "DB"), (0, "E")))
    assert result["rounds"][0]["excluded"] == [4]
    assert result["rounds"][1]["excluded"] == [2, 3]
    assert (result["elected_names"], result["tie"]) == (["B"], None)


def test_an_open_tie_says_who_could_win() -> None:
    result = count("irv", ranked(FIVE[:3], (3, "A"), (2, "BC"), (2, "CB")))
    assert (result["outcome"], result["tie"]["between"], result["possible"]) == ("tie", [1, 2], [[1], [2]])
    assert count("irv", ranked(FIVE[:3], (3, "A"), (2, "BC"), (2, "CB")), lot=[1, 2, 0])["elected_names"] == ["C"]


def test_an_open_tie_that_changes_nothing_does_not_stop_the_outcome() -> None:
    result = count("irv", ranked(FIVE[:3], (3, "A"), (2, "BA"), (2, "CA")))
    assert (result["outcome"], result["elected_names"], result["possible"]) == ("elected", ["A"], [[0]])
    assert result["tie"]["between"] == [1, 2]
    assert [(one["votes"], one["ties"]) for one in result["rounds"]] == [
        ([3, 2, 2], [{"between": [1, 2], "about": "exclusion", "how": "assumed", "taken": 1}]),
        ([5, None, 2], []),
    ]


def test_two_marks_at_one_place_end_the_ballot_there() -> None:
    result = count("irv", ranked(FIVE[:3], (2, "A"), (3, "(AB)C"), (1, "B")))
    assert (result["rounds"][0]["votes"], result["rounds"][0]["exhausted"]) == ([2, 1, 0], 3)


# -------------------------------------------------------------------------------------------------------------------- STV


def test_a_surplus_passes_on_with_five_decimals_and_the_rest_is_shown_as_lost() -> None:
    result = count("stv", ranked(FIVE[:4], (7, "AB"), (2, "B"), (2, "C"), (1, "D")), seats=2)
    assert result["quota"] == "5.00000"
    first, surplus = result["stages"][:2]
    assert (first["votes"], first["elected_names"]) == (["7.00000", "2.00000", "2.00000", "1.00000"], ["A"])
    assert (surplus["action"], surplus["name"], surplus["votes"][1], surplus["lost"]) == ("surplus", "A", "3.99997", "0.00003")
    assert (result["elected_names"], result["outcome"]) == (["A", "B"], "elected")


def test_equal_numbers_look_back_to_the_stage_where_they_differed() -> None:
    # After D went out, B and C have 4 each; before that C had 3.
    result = count("stv", ranked(FIVE[:4], (6, "A"), (4, "B"), (3, "C"), (1, "DC")), seats=1)
    broken = [tie for stage in result["stages"] for tie in stage["ties"]]
    assert broken == [{"between": [1, 2], "about": "exclusion", "how": "backward", "taken": 2}]


def test_ties_at_the_first_stage_stay_open_or_go_to_the_lot() -> None:
    ballots = ranked(FIVE[:3], (3, "A"), (2, "BC"), (2, "CB"))
    open_result = count("stv", ballots, seats=1)
    assert (open_result["outcome"], open_result["possible"]) == ("tie", [[1], [2]])
    drawn = count("stv", ballots, seats=1, lot=[2, 1, 0])
    assert (drawn["outcome"], drawn["elected_names"]) == ("elected", ["B"])
    assert drawn["ties"]["broken"] == [{"between": [1, 2], "about": "exclusion", "how": "lot", "taken": 2}]


def test_who_withdrew_is_passed_over_and_their_ballots_count_for_the_next() -> None:
    profile = ranked(FIVE[:3], (5, "AB"), (3, "B"), (4, "C"))
    gone = Rankings(profile.options, profile.ballots, frozenset({0}))
    result = count("stv", gone, seats=1)
    assert result["stages"][0]["states"] == ["withdrawn", "elected", "excluded"]
    assert (result["stages"][0]["votes"], result["elected_names"]) == (["0.00000", "8.00000", "4.00000"], ["B"])


def test_more_seats_than_people_elect_them_all() -> None:
    assert count("stv", ranked(FIVE[:2], (1, "A")), seats=3)["elected_names"] == ["A", "B"]


def test_nobody_is_elected_twice_nor_forgotten() -> None:
    result = count("stv", ranked(FIVE, (9, "AB"), (8, "BA"), (1, "C"), (1, "D"), (1, "E")), seats=3, seed="x")
    assert len(set(result["elected"])) == 3


@pytest.mark.parametrize("seats", [0, -1, 1.5, "2", True])
def test_seats_are_a_whole_number(seats: object) -> None:
    with pytest.raises(CountError, match="seats"):
        count("stv", ranked(FIVE[:2], (1, "A")), seats=seats)


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(CountError, match="scottish"):
        count("stv", ranked(FIVE[:2], (1, "A")), rule="meek")


# ---------------------------------------------------------------------------------------------------------------- Schulze


def test_the_strongest_chains_decide_a_circle() -> None:
    # Markus Schulze's own example (2011, section 3.1), 45 voters: order E, A, C, B, D.
    rows = ((5, "ACBED"), (5, "ADECB"), (8, "BEDAC"), (3, "CABED"), (7, "CAEBD"), (2, "CBADE"), (7, "DCEBA"), (8, "EBADC"))
    result = count("schulze", ranked(FIVE, *rows))
    assert [[FIVE[option] for option in place["options"]] for place in result["places"]] == [["E"], ["A"], ["C"], ["B"], ["D"]]
    assert (result["pairs"][0][1], result["chains"][0][1], result["condorcet_winner"]) == (20, 28, None)


def test_who_is_not_ranked_stands_below_and_equals_are_equal() -> None:
    result = count("schulze", ranked(FIVE[:4], (1, "A(BC)")))
    assert result["pairs"] == [[0, 1, 1, 1], [0, 0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 0]]
    assert [place["options"] for place in result["places"]] == [[0], [1, 2], [3]]
    assert (result["elected"], result["condorcet_winner"]) == ([0], 0)


def test_a_tie_of_chains_is_said_and_a_lot_breaks_it() -> None:
    ballots = ranked(FIVE[:2], (1, "AB"), (1, "BA"))
    assert count("schulze", ballots)["tie"]["between"] == [0, 1]
    assert count("schulze", ballots, lot=[1, 0])["elected_names"] == ["B"]


def test_who_withdrew_takes_no_part_in_chains() -> None:
    profile = ranked(FIVE[:3], (2, "ABC"), (1, "BCA"))
    result = count("schulze", Rankings(profile.options, profile.ballots, frozenset({0})))
    assert [place["options"] for place in result["places"]] == [[1], [2]]


# --------------------------------------------------------------------------------------------------------------- profiles


@pytest.mark.parametrize("ballots", [[[0, 0]], [[3]], [[[0, 1], 1]], [[[]]], [[-1]], [["A"]]])
def test_impossible_rankings_are_refused(ballots: list[list[object]]) -> None:
    with pytest.raises(CountError):
        Rankings.of(FIVE[:3], ballots)  # type: ignore[arg-type]
