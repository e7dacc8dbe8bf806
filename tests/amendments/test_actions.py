"""Amendments: who may, what they make of the text, what overtakes them, what a vote decides, and the chain of it all."""

import pytest

from allmende.amendments import access, actions, queries
from allmende.amendments.chain import links
from allmende.amendments.models import Amendment
from allmende.amendments.rules import CHANGE, DELETE, INSERT, Edit
from allmende.ground import queue
from allmende.ground.models import Entry
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.ideas.models import Idea
from allmende.people.models import Notice, Person
from allmende.proposals import actions as proposals
from allmende.proposals import queries as texts
from allmende.proposals.models import Proposal
from allmende.resolutions.actions import draft_from_ballot
from allmende.resolutions.models import Resolution
from tests.proposals import scene as scenes
from tests.proposals.scene import Scene, ballot_about, count_it, deliberated, draft, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Scene:
    return scenes.scene()


def words(proposal: Proposal) -> list[str]:
    proposal.refresh_from_db()
    return [one.text for one in texts.parts_of(texts.version_of(proposal))]


def propose(proposal: Proposal, by: Person, *changes: tuple[str, int, str]) -> Amendment:
    """Changes as (kind, number of the paragraph, words)."""
    proposal.refresh_from_db()
    parts = texts.parts_of(texts.version_of(proposal))
    edits = [Edit(kind, parts[n - 1].key, parts[n - 1].text, text) for kind, n, text in changes]
    return actions.propose_amendment(proposal, edits, title="Anders", reason="Darum.", base=proposal.newest, by=by)


def state(amendment: Amendment) -> str:
    amendment.refresh_from_db()
    return amendment.state


def test_amendments_are_proposed_by_members_while_it_is_deliberated(here: Scene) -> None:
    with pytest.raises(Refused):
        propose(draft(here), here.anna, (CHANGE, 1, "Anders."))
    proposal = deliberated(here)
    with pytest.raises(NotAllowed):
        propose(proposal, here.stranger, (CHANGE, 1, "Anders."))
    one, two = propose(proposal, here.ben, (CHANGE, 1, "Anders.")), propose(proposal, here.anna, (DELETE, 2, ""))
    assert [one.number, two.number] == ["Ä1", "Ä2"]
    seen = [access.amendments_visible_to(viewer).count() for viewer in (here.ben, here.board, here.stranger, None)]
    assert seen == [2, 2, 0, 0]


def test_nothing_unchanged_empty_unknown_or_out_of_date_is_proposed(here: Scene) -> None:
    proposal = deliberated(here)
    part = texts.parts_of(texts.version_of(proposal))[0]
    wrong = [
        [],
        [Edit(CHANGE, part.key, part.text, part.text)],
        [Edit(CHANGE, part.key, part.text, " ")],
        [Edit("turn", part.key, part.text, "x")],
        [Edit(CHANGE, None, "", "x")],
        [Edit(CHANGE, scenes.Ballot().uuid, "", "x")],
        [Edit(CHANGE, part.key, "Etwas anderes.", "x")],
        [Edit(CHANGE, part.key, part.text, "x" * 8_001)],
        [Edit(CHANGE, part.key, part.text, "x"), Edit(DELETE, part.key, part.text)],
    ]
    for edits in wrong:
        with pytest.raises(Refused):
            actions.propose_amendment(proposal, edits, title="x", reason="", base=1, by=here.ben)
    with pytest.raises(BadInput):
        actions.propose_amendment(proposal, [Edit(INSERT, None, "", "x")], title=" ", reason="", base=1, by=here.ben)
    with pytest.raises(Refused):
        propose(proposal, here.ben, (DELETE, 1, ""), (DELETE, 2, ""), (DELETE, 3, ""))


def test_an_adopted_amendment_becomes_a_version_that_names_it_and_overtakes_its_rivals(here: Scene) -> None:
    proposal = deliberated(here)
    one = propose(proposal, here.ben, (CHANGE, 1, "Drei Jahre."), (INSERT, 3, "Neu am Ende."))
    rival, other = propose(proposal, here.anna, (DELETE, 1, "")), propose(proposal, here.ben, (CHANGE, 2, "25 €."))
    row = queries.rows_of_page([one], proposal)[0]
    assert row.against == [rival.serial]
    with pytest.raises(NotAllowed):
        actions.accept_amendment(one, by=here.ben)
    actions.accept_amendment(one, by=here.anna)
    assert words(proposal) == ["Drei Jahre.", "Jedes Mitglied zahlt höchstens 40 € im Monat.", "Ein Ausschuss berichtet.", "Neu am Ende."]
    version = texts.version_of(proposal)
    assert (version.number, version.amendment, [one.origin for one in texts.parts_of(version)]) == (2, 1, [1, None, None, 1])
    assert [state(one), state(rival), state(other)] == ["accepted", "overtaken", "open"]
    with pytest.raises(Refused):
        actions.accept_amendment(rival, by=here.anna)
    queue.run_all()
    assert Notice.objects.filter(person=here.anna, kind="proposals.amendment_overtaken").count() == 1


def test_adopting_is_undone_while_nothing_newer_stands_on_it(here: Scene) -> None:
    proposal = deliberated(here)
    before = words(proposal)
    one, two = propose(proposal, here.ben, (CHANGE, 1, "Drei Jahre.")), propose(proposal, here.ben, (CHANGE, 1, "Vier Jahre."))
    actions.accept_amendment(one, by=here.anna)
    actions.undo_acceptance(one, by=here.anna)
    assert (words(proposal), state(one), state(two), proposal.newest) == (before, "open", "open", 3)
    actions.accept_amendment(one, by=here.anna)
    proposals.save_version(proposal, said("Ganz anders."), base=4, by=here.anna)
    with pytest.raises(Refused):
        actions.undo_acceptance(one, by=here.anna)


def test_an_overtaken_amendment_is_fitted_to_the_text_by_its_author(here: Scene) -> None:
    proposal = deliberated(here)
    one = propose(proposal, here.ben, (CHANGE, 1, "Drei Jahre."))
    proposals.save_version(proposal, said(scenes.TEXT.replace("fünf Jahre", "sechs Jahre")), base=1, by=here.anna)
    assert state(one) == "overtaken"
    now = texts.parts_of(texts.version_of(proposal, 2))[0]
    edits = [Edit(CHANGE, now.key, now.text, "Drei Jahre.")]
    with pytest.raises(NotAllowed):
        actions.change_amendment(one, edits, title="x", reason="", base=2, by=here.anna)
    actions.change_amendment(one, edits, title="Anders", reason="", base=2, by=here.ben)
    actions.accept_amendment(one, by=here.anna)
    assert words(proposal)[0] == "Drei Jahre."


def test_an_amendment_to_a_struck_paragraph_says_so(here: Scene) -> None:
    proposal = deliberated(here)
    one = propose(proposal, here.ben, (CHANGE, 3, "Zwei Ausschüsse berichten."))
    proposals.save_version(proposal, said("\n\n".join(words(proposal)[:2])), base=1, by=here.anna)
    assert state(one) == "overtaken"
    one.proposal.refresh_from_db()
    assert queries.rows_of_page([one], one.proposal)[0].changes[0].trouble == "gone"
    proposals.save_version(proposal, said(), base=2, by=here.anna)
    assert state(one) == "overtaken"  # it is another paragraph, with a key of its own


def test_rejecting_needs_a_reason_and_members_can_still_vote(here: Scene) -> None:
    proposal = deliberated(here)
    one = propose(proposal, here.ben, (CHANGE, 1, "Drei Jahre."))
    with pytest.raises(BadInput):
        actions.reject_amendment(one, " ", by=here.anna)
    assert actions.reject_amendment(one, "Zu kurz.", by=here.anna).answer == "Zu kurz."
    count_it(ballot_about(one, here.cooperative), "accepted")
    assert (state(one), words(proposal)[0]) == ("accepted", "Drei Jahre.")
    with pytest.raises(Refused):
        actions.undo_acceptance(one, by=here.anna)


def test_what_is_voted_on_stays_as_it_is_until_the_count(here: Scene) -> None:
    proposal = deliberated(here)
    one, rival = propose(proposal, here.ben, (CHANGE, 1, "Drei Jahre.")), propose(proposal, here.anna, (CHANGE, 1, "Ein Jahr."))
    ballot = ballot_about(one, here.cooperative)
    for refused in (
        lambda: proposals.save_version(proposal, said("Neu."), base=1, by=here.anna),
        lambda: actions.accept_amendment(rival, by=here.anna),
        lambda: ballot_about(rival, here.cooperative),
        lambda: ballot_about(proposal, here.cooperative),
        lambda: proposals.withdraw_proposal(proposal, "weg", by=here.anna),
        lambda: actions.withdraw_amendment(one, by=here.ben),
    ):
        with pytest.raises(Refused):
            refused()
    assert (words(proposal)[0][:3], proposal.newest, state(rival)) == ("Der", 1, "open")
    count_it(ballot, "rejected")
    assert [state(one), state(rival)] == ["rejected", "open"]
    ballot.outcome, ballot.rule = "rejected", {"method": "majority", "threshold": "1/2", "base": "cast", "quorum": "0"}
    assert draft_from_ballot(ballot)
    assert Resolution.objects.get(ballot=ballot).wording.endswith("\n\n> Drei Jahre.")
    actions.withdraw_amendment(rival, by=here.anna)
    ballot_about(proposal, here.cooperative)
    assert Proposal.objects.get().state == "decision"


@pytest.mark.parametrize("outcome", ["tie", "no_quorum", "cancelled"])
def test_a_vote_without_result_leaves_it_open(here: Scene, outcome: str) -> None:
    one = propose(deliberated(here), here.ben, (CHANGE, 1, "Drei Jahre."))
    ballot = ballot_about(one, here.cooperative)
    if outcome == "cancelled":
        scenes.trail.record("ballots.ballot_cancelled", about=ballot)
    else:
        count_it(ballot, outcome)
    assert (state(one), one.ballot) == ("open", None)


def test_the_chain_is_walked_both_ways_by_those_who_may_see_it(here: Scene) -> None:
    idea = Idea.objects.create(cooperative=here.cooperative, title="Hosting zusammen", text="Los.", author=here.ben)
    proposal = proposals.start_proposal(here.cooperative, said(), idea=idea, by=here.anna)
    proposal = proposals.bring_in_proposal(proposal, by=here.anna)
    one = propose(proposal, here.ben, (CHANGE, 1, "Drei Jahre."))
    actions.accept_amendment(one, by=here.anna)
    ballot = ballot_about(proposal, here.cooperative)
    kinds = ["Idee", "Vorschlag", "Änderungsanträge", "Entscheidung"]
    for thing in (idea, proposal, ballot):
        found = links(here.ben, thing)
        assert len(found) == len(kinds)
        assert sum(link.is_here for link in found) == 1
    assert [len(links(viewer, ballot)) for viewer in (here.stranger, None)] == [0, 0]


def test_erasing_a_person_leaves_the_amendment_without_a_name(here: Scene) -> None:
    one = propose(deliberated(here), here.ben, (CHANGE, 1, "Drei Jahre."))
    Person.objects.filter(pk=here.ben.pk).update(is_active=False)
    assert queries.rows_of_page([Amendment.objects.select_related("author").get()], one.proposal)[0].author != "Ben"


def test_two_votes_that_strike_all_there_is_are_both_counted_and_the_text_stays_whole(here: Scene) -> None:
    proposal = deliberated(here)
    texts_left = words(proposal)
    struck = [propose(proposal, here.ben, (DELETE, n, "")) for n in range(1, len(texts_left) + 1)]
    ballots = [ballot_about(one, here.cooperative) for one in struck]
    for ballot in ballots:
        count_it(ballot, "accepted")  # raises nothing: a count is never held up by what follows from it
    assert [state(one) for one in struck] == ["accepted"] * (len(struck) - 1) + ["open"]
    assert words(proposal) == texts_left[-1:]
    assert "one paragraph" in struck[-1].answer or "einen Absatz" in struck[-1].answer
    assert (struck[-1].ballot, struck[-1].merged) == (ballots[-1], None)
    assert Entry.objects.filter(verb="amendments.vote_not_merged", about=struck[-1].pk).count() == 1


def test_a_hidden_amendment_that_is_voted_on_still_holds_back_the_decision(here: Scene) -> None:
    proposal = deliberated(here)
    one, other = propose(proposal, here.ben, (CHANGE, 1, "Drei Jahre.")), propose(proposal, here.ben, (CHANGE, 2, "Vier."))
    ballot = ballot_about(one, here.cooperative)
    for hidden in (one, other):
        actions.hide_amendment(hidden)
    with pytest.raises(Refused, match="Ä1"):
        ballot_about(proposal, here.cooperative)  # or its text would change while members vote about it
    count_it(ballot, "rejected")
    ballot_about(proposal, here.cooperative)
    assert Proposal.objects.get().state == "decision"
