"""Participatory budgets: examples to reckon along, and what holds for every budget."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.ballots.counting import budget, budget_rounds
from allmende.ballots.counting.budget import equal_shares, greedy
from allmende.ballots.counting.budget_result import Payment, Project
from allmende.ballots.counting.profiles import CountError


def projects(*costs):
    return [Project("PQRSTUVW"[place], cost) for place, cost in enumerate(costs)]


def approvals(*ballots):
    """ "PQ" approves P and Q."""
    return [({"PQRSTUVW".index(letter): 1 for letter in ballot}, 1) for ballot in ballots]


def ids(result):
    return "".join(result.projects[one].id for one in result.selected)


def reasons(result):
    return {line.project.id: line.reason for line in result.lines}


# --------------------------------------------------------------------------------------------------------- equal shares

# Three voters hold 30 each. P: two pay 20 each. Q: one of its two supporters has 10 left, so the other pays 30. R: its supporter has 10.
THREE = (projects(40, 40, 20), approvals("PR", "PQ", "Q"), 90)


def test_the_poor_give_what_they_have_and_the_others_pay_the_rest_equally():
    result = equal_shares(*THREE, completion=None, lot=[0, 1, 2])
    assert ids(result) == "PQ"
    first, second, third = result.lines
    assert (first.price, first.effective_votes, first.payments) == (20, 2, (Payment(Fraction(20), 2),))
    assert (second.price, second.effective_votes) == (30, Fraction(4, 3))
    assert second.payments == (Payment(Fraction(30), 1), Payment(Fraction(10), 1))
    assert (third.reason, third.missing) == ("supporters_cannot_pay", 10)
    assert result.paid == ({0: 20}, {0: 20, 1: 10}, {1: 30})
    assert (result.spent, result.budget - result.spent) == (80, 10)


def test_equal_projects_stay_open_until_a_lot_was_drawn():
    result = equal_shares(*THREE)
    assert result.outcome == "tie"
    assert [(tie.between, tie.taken, tie.by, tie.share) for tie in result.open_ties] == [((0, 1), 0, "order", 30)]
    drawn = equal_shares(*THREE, lot=[2, 1, 0])
    assert (drawn.outcome, ids(drawn), [tie.by for tie in drawn.ties]) == ("elected", "QP", ["lot"])


@pytest.mark.parametrize(
    ("costs", "ballots", "utility", "by", "first"),
    [
        ((40, 30), ("PQ", "PQ"), "cost", "cost", "Q"),  # both have two votes: the cheaper one
        ((60, 30), ("P", "P", "Q"), "one", "cost", "Q"),  # both cost their supporters 30 each
        ((20, 20), ("P", "PQ", "Q"), "cost", "order", "P"),
    ],
)
def test_ties_are_broken_by_cost_then_votes_and_reported(costs, ballots, utility, by, first):
    result = equal_shares(projects(*costs), approvals(*ballots), 90, utility=utility, completion=None)
    assert (result.rounds[0].by, ids(result)[0], result.ties[0].by) == (by, first, by)


def test_of_equal_projects_that_cost_the_same_the_one_with_more_votes_is_taken():
    market = budget._Count.of(projects(30, 30, 40), approvals("PQR", "QR"), 90, None).market(by_cost=True)
    assert market.decide([0, 1, 2]) == (1, "votes")


def test_what_a_project_is_worth_decides_between_large_and_small():
    # The large one has three votes, the small one two: by cost the large one is better, by number the small one (15 each against 20).
    costs, ballots = (60, 30), approvals("PQ", "PQ", "P")
    assert ids(equal_shares(projects(*costs), ballots, 90, completion=None)) == "P"
    assert ids(equal_shares(projects(*costs), ballots, 60, utility="one", completion=None)) == "Q"


def test_everybody_gets_one_more_until_the_next_raise_would_cost_too_much():
    # 25 each. P takes 20 from A and B; Q needs 40 from B and C together (5 + 25), R 45 from D.
    result = equal_shares(projects(40, 40, 45), approvals("P", "PQ", "Q", "R"), 100)
    assert ids(result) == "PQ"
    assert (result.share, result.raised, result.runs, result.ended) == (25, 30, 6, "exhausted")
    assert [(payment.amount, payment.voters) for payment in result.lines[1].payments] == [(30, 1), (10, 1)]


# 50 each pay P. At 55 each Q would be paid too, and both cost more than there is; R would fit, but its supporter cannot pay it.
SCARCE = (projects(50, 110, 60), approvals("PR", "Q", "Q"), 150)


def test_the_run_before_counts_when_a_raise_overspends():
    result = equal_shares(*SCARCE)
    assert (ids(result), result.raised, result.runs, result.ended, result.beyond) == ("P", 54, 6, "overspent", (1, 0))
    assert [line.missing for line in result.lines] == [None, 2, 56]


def test_money_in_cents_is_raised_by_greater_steps():
    result = equal_shares(projects(5000, 11_000, 6000), SCARCE[1], 15_000, raise_by=100)
    assert (ids(result), result.raised, result.runs) == ("P", 5400, 6)


def test_after_the_greatest_number_of_runs_the_last_one_counts(monkeypatch):
    monkeypatch.setattr(budget, "MOST_RUNS", 4)
    result = equal_shares(*SCARCE)
    assert (ids(result), result.raised, result.ended, result.runs) == ("P", 53, "limit", 4)


def test_free_projects_with_support_are_taken_and_others_never():
    result = equal_shares([Project("P", 0), Project("Q", 0), Project("R", 5, withdrawn=True)], [({0: 1, 2: 1}, 2)], 10)
    assert reasons(result) == {"P": "free", "Q": "no_votes", "R": "withdrawn"}
    assert (ids(result), result.spent) == ("P", 0)


def test_an_empty_ballot_holds_its_share_too():
    assert ids(equal_shares(projects(40), approvals("P", ""), 60, completion=None)) == ""
    assert ids(equal_shares(projects(40), approvals("P"), 60, completion=None)) == "P"


def test_points_are_worth_more_the_more_there_are():
    result = equal_shares(projects(40), [({0: 3}, 1), ({0: 1}, 1)], 80, utility="one", completion=None)
    assert result.lines[0].payments == (Payment(Fraction(30), 1), Payment(Fraction(10), 1))
    assert (result.lines[0].price, result.lines[0].points, result.lines[0].votes) == (10, 4, 2)


def test_nobody_voted_so_nothing_is_paid():
    result = equal_shares(projects(40), [], 60)
    assert (result.outcome, result.voters, result.selected) == ("rejected", 0, ())


def test_payments_are_shown_exactly_and_rounded():
    result = equal_shares(projects(10), approvals("P", "P", "P"), 12, completion=None).as_json()
    assert result["projects"][0]["payments"] == [{"amount": "10/3", "about": "3.33", "voters": 3}]
    assert (result["spent"], result["left"], result["share"]) == ("10", "2", "4")


def test_fractions_decide_where_floating_numbers_cannot(monkeypatch):
    asked = []
    monkeypatch.setattr(budget, "quick", lambda market, share: asked.append(share))
    assert equal_shares(*THREE, lot=[0, 1, 2]).selected == (0, 1)
    assert asked


# --------------------------------------------------------------------------------------------------------------- greedy

VOTED = approvals("PQ", "PQ", "PR", "P", "Q", "S")  # P 4, Q 3, R 1, S 1


@pytest.mark.parametrize(
    ("way", "selected", "told"),
    [
        ("skip", "PRS", {"Q": "does_not_fit"}),
        ("stop", "P", {"Q": "does_not_fit", "R": "after_the_first_that_did_not_fit", "S": "after_the_first_that_did_not_fit"}),
    ],
)
def test_at_a_project_that_does_not_fit_the_count_stops_or_looks_further(way, selected, told):
    result = greedy(projects(50, 60, 10, 20), VOTED, 100, unaffordable=way)
    assert ids(result) == selected
    assert {one: reason for one, reason in reasons(result).items() if reason != "selected"} == told
    assert result.lines[1].missing == 10


def test_projects_below_the_threshold_are_passed_over_without_stopping():
    result = greedy(projects(50, 60, 10, 20), VOTED, 200, unaffordable="stop", threshold=2)
    assert (ids(result), reasons(result)["R"], result.lines[2].missing) == ("PQ", "too_few_votes", 1)


def test_of_equal_votes_the_cheaper_one_goes_first_and_then_the_lot():
    cheaper = greedy(projects(20, 10), approvals("PQ"), 20)
    assert (ids(cheaper), cheaper.ties[0].by, cheaper.outcome) == ("Q", "cost", "elected")
    equal = greedy(projects(20, 20), approvals("PQ"), 20)
    assert (equal.outcome, equal.ties[0].between) == ("tie", (0, 1))
    drawn = greedy(projects(20, 20), approvals("PQ"), 20, lot=[1, 0])
    assert (ids(drawn), drawn.ties[0].by, drawn.outcome) == ("Q", "lot", "elected")


def test_equal_votes_are_no_tie_where_all_are_paid():
    assert greedy(projects(20, 20), approvals("PQ"), 40).ties == ()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"budget": 1.5}, "whole number or a fraction"),
        ({"budget": -1}, "0 or more"),
        ({"projects": [Project("P", 1), Project("P", 2)]}, "same id"),
        ({"projects": projects(-1)}, "Costs are"),
        ({"ballots": [({3: 1}, 1)]}, "not on the list"),
        ({"ballots": [({0: 0}, 1)]}, "above 0"),
        ({"ballots": [({0: 1}, 0)]}, "at least 1"),
        ({"lot": [1]}, "names each project once"),
    ],
)
@pytest.mark.parametrize("way", [equal_shares, greedy])
def test_what_cannot_be_counted_is_refused_in_a_sentence(way, change, sentence):
    call = {"projects": projects(10), "ballots": approvals("P"), "budget": 10} | change
    with pytest.raises(CountError, match=sentence):
        way(call.pop("projects"), call.pop("ballots"), call.pop("budget"), **call)


@pytest.mark.parametrize("options", [{"utility": "votes"}, {"completion": "greedy"}, {"raise_by": 0}])
def test_unknown_options_of_equal_shares_are_refused(options):
    with pytest.raises(CountError):
        equal_shares(*THREE, **options)


# ------------------------------------------------------------------------------------------------------- for all budgets

ballot_lists = st.lists(st.tuples(st.dictionaries(st.integers(0, 4), st.integers(1, 3)), st.integers(1, 3)), max_size=8)
cost_lists = st.lists(st.sampled_from([0, 7, 10, 15, 20, 33]), min_size=5, max_size=5)
ways = st.fixed_dictionaries({"utility": st.sampled_from(["cost", "one"]), "completion": st.sampled_from([None, "add-one"])})
LOT = [3, 1, 4, 0, 2]


@settings(max_examples=25, deadline=None)
@given(costs=cost_lists, ballots=ballot_lists, total=st.integers(0, 90), options=ways)
def test_nothing_is_overspent_nobody_pays_more_than_she_holds_and_payments_add_up(costs, ballots, total, options):
    result = equal_shares(projects(*costs), ballots, total, lot=LOT, **options)
    assert result.spent <= total
    for (points, _), paid in zip(ballots, result.paid, strict=True):
        assert set(paid) <= set(points) and sum(paid.values()) <= (result.raised or 0)
    for one, line in enumerate(result.lines):
        paid = sum((payer.get(one, 0) * times for (_, times), payer in zip(ballots, result.paid, strict=True)), Fraction(0))
        shown = sum((payment.amount * payment.voters for payment in line.payments), Fraction(0))
        assert paid == shown == (costs[one] if line.selected else 0)
        assert line.missing is None or line.missing > 0


@settings(max_examples=25, deadline=None)
@given(costs=cost_lists, ballots=ballot_lists, total=st.integers(0, 90), options=ways, data=st.data())
def test_the_order_of_ballots_and_their_grouping_change_nothing(costs, ballots, total, options, data):
    single = data.draw(st.permutations([(points, 1) for points, times in ballots for _ in range(times)]))
    for way in (
        lambda given: equal_shares(projects(*costs), given, total, **options),
        lambda given: greedy(projects(*costs), given, total),
    ):
        assert way(ballots).as_json() == way(single).as_json()


@settings(max_examples=25, deadline=None)
@given(costs=cost_lists, ballots=ballot_lists, share=st.fractions(1, 40, max_denominator=30), by_cost=st.booleans())
def test_a_quick_run_says_what_an_exact_one_says_or_nothing(costs, ballots, share, by_cost):
    market = budget._Count.of(projects(*costs), ballots, 90, None).market(by_cost)
    quick = budget_rounds.quick(market, share)
    assert quick is None or quick == budget._outcome(market, budget_rounds.exact(market, share))


@settings(max_examples=25, deadline=None)
@given(costs=cost_lists, ballots=ballot_lists, total=st.integers(0, 90), way=st.sampled_from(["stop", "skip"]))
def test_greedy_never_overspends_and_stopping_takes_a_part_of_skipping(costs, ballots, total, way):
    result = greedy(projects(*costs), ballots, total, unaffordable=way)
    assert result.spent <= total
    assert set(greedy(projects(*costs), ballots, total, unaffordable="stop").selected) <= set(
        greedy(projects(*costs), ballots, total).selected
    )
