"""Majorities: bases, thresholds, quorums, classes. The numbers of the law first."""

from fractions import Fraction

import pytest

from allmende.ballots.counting import CountError, count
from allmende.ballots.counting.majority import majority
from allmende.ballots.counting.profiles import Choices


def votes(yes: int, no: int, abstain: int = 0, group: str = "") -> list[tuple[str, int, str]]:
    return [("yes", 1, group)] * yes + [("no", 1, group)] * no + [("abstain", 1, group)] * abstain


@pytest.mark.parametrize(
    ("yes", "no", "abstain", "options", "outcome"),
    [
        (75, 25, 40, {"threshold": "3/4"}, "accepted"),
        (74, 26, 0, {"threshold": "3/4"}, "rejected"),
        (51, 50, 0, {}, "accepted"),
        (50, 50, 0, {}, "rejected"),
        (1, 0, 99, {}, "accepted"),
        (0, 0, 10, {}, "rejected"),
        (0, 0, 0, {}, "rejected"),
        (0, 0, 0, {"threshold": "3/4"}, "rejected"),
        (50, 49, 2, {"abstentions": "in"}, "rejected"),
        (50, 49, 2, {"base": "present"}, "rejected"),
        (50, 10, 0, {"base": "present", "present": 100}, "rejected"),
        (51, 10, 0, {"base": "present", "present": 100}, "accepted"),
        (75, 0, 0, {"base": "all", "eligible": 100, "threshold": "3/4"}, "accepted"),
        (74, 0, 0, {"base": "all", "eligible": 100, "threshold": "3/4"}, "rejected"),
        (2, 1, 0, {"threshold": "2/3"}, "accepted"),
        (2, 1, 0, {"threshold": "2/3", "strict": True}, "rejected"),
        (100, 0, 0, {"threshold": "1"}, "accepted"),
        (9, 0, 0, {"quorum": "1/10", "eligible": 100}, "no_quorum"),
        (5, 4, 1, {"quorum": "1/10", "eligible": 100}, "accepted"),
        (9, 0, 0, {"quorum": 10}, "no_quorum"),
        (9, 0, 0, {"quorum": "1/2", "quorum_base": "present", "present": 18}, "accepted"),
        (9, 0, 0, {"quorum": "1/2", "quorum_base": "present", "present": 19}, "no_quorum"),
        (24, 3, 0, {"approval_quorum": "1/4", "eligible": 100}, "no_quorum"),
        (25, 3, 0, {"approval_quorum": "1/4", "eligible": 100}, "accepted"),
    ],
)
def test_the_outcome_follows_from_numbers_base_and_quorum(
    yes: int, no: int, abstain: int, options: dict[str, object], outcome: str
) -> None:
    assert majority(Choices.of(votes(yes, no, abstain)), **options).outcome == outcome  # type: ignore[arg-type]


def test_the_working_is_exact_and_in_words() -> None:
    result = count("majority", Choices.of(votes(75, 25, 40)), threshold="3/4", quorum="1/2", eligible=300)
    assert (result["outcome"], result["yes"], result["base"], result["needed"]) == ("no_quorum", "75", "100", "75")
    assert result["quorums"] == [{"kind": "all", "counted": "140", "needed": "150", "of": "300", "reached": False}]
    assert result["rule_in_words"] == [
        "Accepted with at least 3/4 of the base.",
        "Base: the votes cast.",
        "Abstentions are not cast.",
        "At least 1/2 of all entitled have to take part.",
    ]


def test_votes_with_weight_count_as_many_but_people_are_heads() -> None:
    result = majority(Choices.of([("yes", 3), ("no", 1), ("no", 1)]), quorum=3)
    assert (result.counted.yes, result.counted.no, result.voters, result.outcome) == (3, 2, 3, "accepted")


# ----------------------------------------------------------------------------------------------------------------- classes


def test_members_who_invest_can_neither_outvote_nor_block() -> None:
    block = majority(Choices.of(votes(75, 25) + votes(0, 40, 0, "investing")), threshold="3/4")
    assert not block.counted.reached
    assert block.without is not None
    assert (block.without.yes, block.without.base) == (75, 100)
    assert (block.outcome, block.decided_by) == ("accepted", "without")
    outvote = majority(Choices.of(votes(40, 60) + votes(30, 0, 0, "investing")))
    assert outvote.counted.reached
    assert (outvote.outcome, outvote.decided_by) == ("rejected", "without")
    agree = majority(Choices.of(votes(60, 40) + votes(30, 0, 0, "investing")))
    assert (agree.outcome, agree.decided_by) == ("accepted", "all")


def test_where_there_are_no_others_those_who_invest_decide() -> None:
    alone = majority(Choices.of(votes(3, 1, 0, "investing")))
    assert (alone.outcome, alone.decided_by, alone.without) == ("accepted", "all", None)
    others_stayed_away = majority(Choices.of(votes(3, 1, 0, "investing")), eligible={"": 10, "investing": 4})
    assert (others_stayed_away.outcome, others_stayed_away.decided_by) == ("rejected", "without")


def test_double_majority_needs_every_class() -> None:
    cast = Choices.of(votes(90, 10, 0, "users") + votes(5, 6, 0, "workers"))
    assert majority(cast).outcome == "accepted"
    both = majority(cast, classes=True)
    assert (both.outcome, both.failing, both.decided_by) == ("rejected", ("workers",), "classes")
    own = majority(cast, classes=[{"name": "workers", "majority": "1/4"}])
    assert (own.outcome, own.failing) == ("accepted", ())


def test_a_class_that_has_to_agree_and_stays_away_does_not_agree() -> None:
    result = majority(Choices.of(votes(9, 0, 0, "users")), classes=[{"name": "workers", "majority": "1/2"}])
    assert (result.outcome, result.failing) == ("rejected", ("workers",))


def test_a_cap_reduces_a_class_to_exactly_its_share_of_the_whole() -> None:
    result = majority(Choices.of(votes(60, 40, 0, "users") + votes(0, 50, 0, "firms")), classes=[{"name": "firms", "cap": "1/10"}])
    assert result.counted.base == Fraction(1000, 9)
    assert result.counted.no - 40 == result.counted.base / 10
    assert result.outcome == "accepted"


def test_two_caps_hold_both_of_the_smaller_whole() -> None:
    rules = [{"name": "a", "cap": "1/4"}, {"name": "b", "cap": "1/4"}]
    cast = Choices.of(votes(100, 0, 0, "a") + votes(0, 26, 0, "b") + votes(20, 20, 0, "c"))
    result = majority(cast, classes=rules)
    assert (result.counted.base, result.counted.yes, result.counted.no) == (80, 40, 40)


def test_fixed_shares_weigh_classes_however_many_vote() -> None:
    rules = [{"name": "users", "share": "1/2"}, {"name": "workers", "share": "1/2"}]
    result = majority(Choices.of(votes(900, 100, 0, "users") + votes(0, 4, 0, "workers")), classes=rules)
    assert (result.counted.yes, result.counted.no, result.outcome) == (Fraction(9, 20), Fraction(11, 20), "rejected")


def test_small_classes_are_shown_together() -> None:
    cast = Choices.of(votes(1, 0, 0, "a") + votes(2, 1, 0, "b") + votes(20, 5, 0, "c") + votes(7, 0, 0, "d"))
    shown = majority(cast).classes
    assert [(one.names, one.voters) for one in shown] == [(("a", "b", "d"), 11), (("c",), 25)]


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"threshold": "0"}, "above 0"),
        ({"threshold": "5/4"}, "at most 1"),
        ({"threshold": 0.75}, "fraction"),
        ({"threshold": "75 %"}, "75 %"),
        ({"threshold": "1/0"}, "fraction"),
        ({"base": "world"}, "base"),
        ({"abstentions": "maybe"}, "in or out"),
        ({"base": "all"}, "eligible"),
        ({"quorum": "1/2"}, "eligible"),
        ({"eligible": 1}, "More votes"),
        ({"present": 1}, "More votes"),
        ({"classes": "all"}, "list"),
        ({"classes": [{"cap": "1/2"}]}, "name"),
        ({"classes": [{"name": "a", "cap": "1/2", "share": "1/2"}]}, "not both"),
        ({"classes": [{"name": "a", "wight": 1}]}, "wight"),
        ({"classes": [{"name": "a"}, {"name": "a"}]}, "twice"),
        ({"treshold": "3/4"}, "treshold"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_a_sentence(options: dict[str, object], word: str) -> None:
    with pytest.raises(CountError, match=word):
        count("majority", Choices.of(votes(3, 1)), **options)


def test_other_answers_are_refused() -> None:
    with pytest.raises(CountError, match="maybe"):
        Choices.of(["yes", "maybe"])


# ---------------------------------------------------------------------------------------------------- what so few tell is not shown


@pytest.mark.parametrize(("others", "investing", "hidden"), [(5, 5, False), (5, 4, True), (4, 5, True), (5, 0, False), (1, 1, True)])
def test_a_count_without_those_who_invest_is_shown_from_five_on_each_side(others: int, investing: int, hidden: bool) -> None:
    cast = Choices.of([*votes(others, 0), *votes(0, investing, 0, "investing")])
    result = majority(cast, eligible={"": 20, "investing": 20}).as_json()
    assert (result["without_hidden"], result["without"] is None) == (hidden, hidden)
    assert majority(cast, eligible={"": 20, "investing": 20}, small=0).as_json()["without"]["yes"] == str(others)


def test_a_small_count_without_those_who_invest_still_binds() -> None:
    result = count("majority", Choices.of(votes(2, 3) + votes(3, 0, 0, "investing")))
    assert (result["outcome"], result["decided_by"], result["without"], result["without_hidden"]) == ("rejected", "without", None, True)


def test_a_small_class_without_a_majority_of_its_own_is_not_named() -> None:
    cast = Choices.of(votes(9, 0, 0, "users") + votes(0, 1, 0, "workers") + votes(1, 4, 0, "partners"))
    result = count("majority", cast, classes=True)
    assert (result["outcome"], result["failing"], result["failing_few"]) == ("rejected", ["partners"], 1)
    assert count("majority", cast, classes=True, small=0)["failing"] == ["partners", "workers"]
