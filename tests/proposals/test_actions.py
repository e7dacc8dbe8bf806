"""From the draft to what was decided: who may, what follows, what stays when two save at once."""

from typing import Any

import pytest

from allmende.ground import queue
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.ideas.models import Idea
from allmende.people.models import Notice
from allmende.people.personal import AREAS, FORGETS
from allmende.people.queries import Viewer
from allmende.proposals import access, actions, queries
from allmende.proposals.models import Author, Proposal, Support
from tests import coops
from tests.proposals import scene as scenes
from tests.proposals.scene import Scene, ballot_about, count_it, deliberated, draft, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Scene:
    return scenes.scene()


def sees(viewer: Viewer, proposal: Proposal) -> bool:
    return access.proposals_visible_to(viewer).filter(pk=proposal.pk).exists()


def texts(proposal: Proposal) -> list[str]:
    proposal.refresh_from_db()
    return [one.text for one in queries.parts_of(queries.version_of(proposal))]


def test_a_stranger_proposes_nothing_and_a_member_gets_the_next_number(here: Scene) -> None:
    with pytest.raises(NotAllowed):
        actions.start_proposal(here.cooperative, said(), by=here.stranger)
    one, two = draft(here), draft(here)
    assert [two.serial - one.serial, one.number.startswith("V 20"), len(texts(one))] == [1, True, 3]


@pytest.mark.parametrize(
    "wrong", [{"title": " "}, {"text": "\n \n"}, {"text": "x" * 8_001}, {"text": "a\n\n" * 301}, {"summary": "x" * 1_001}]
)
def test_what_is_missing_or_too_long_is_refused(here: Scene, wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        draft(here, **wrong)
    assert not Proposal.objects.exists()


def test_a_draft_is_seen_by_its_author_alone_and_then_by_members_and_when_public_by_everybody(here: Scene) -> None:
    proposal = draft(here)
    assert [sees(one, proposal) for one in (here.anna, here.ben, here.board, here.stranger, None)] == [True, False, False, False, False]
    actions.bring_in_proposal(proposal, by=here.anna)
    assert [sees(one, proposal) for one in (here.anna, here.ben, here.board, here.stranger, None)] == [True, True, True, False, False]
    with pytest.raises(NotAllowed):
        actions.set_visibility(proposal, "public", by=here.anna)
    actions.set_visibility(proposal, "public", by=here.board)
    assert [sees(one, proposal) for one in (here.stranger, None)] == [True, True]
    here.cooperative.organisation.state = "archived"
    here.cooperative.organisation.save()
    assert [sees(one, proposal) for one in (here.ben, here.stranger, None)] == [True, False, False]
    actions.hide_proposal(proposal, by=here.board)
    assert not sees(here.ben, proposal)


def test_two_authors_who_save_at_once_lose_nothing(here: Scene) -> None:
    proposal = draft(here)
    actions.invite_author(proposal, "BEN", by=here.anna)
    with pytest.raises(NotAllowed):
        actions.save_version(proposal, said(), base=1, by=here.ben)
    actions.answer_invitation(proposal, accepts=True, by=here.ben)
    actions.save_version(proposal, said("Eins.\n\nZwei."), base=1, by=here.anna)
    with pytest.raises(actions.Overtaken) as told:
        actions.save_version(proposal, said("Drei."), base=1, by=here.ben)
    assert (told.value.newest.number, texts(proposal)) == (2, ["Eins.", "Zwei."])
    actions.save_version(proposal, said("Drei."), base=2, by=here.ben)
    again = actions.save_version(proposal, said("Drei."), base=3, by=here.ben)
    assert (again.number, texts(proposal)) == (3, ["Drei."])


@pytest.mark.parametrize(
    ("who", "is_found"), [("ben@coops.example", True), ("Ben", True), ("Stranger", False), ("", False), ("Anna", False)]
)
def test_authors_are_invited_by_name_or_address_of_an_account_that_takes_part(here: Scene, who: str, is_found: bool) -> None:
    proposal = draft(here)
    if not is_found:
        with pytest.raises(Refused):
            actions.invite_author(proposal, who, by=here.anna)
        return
    assert actions.invite_author(proposal, who, by=here.anna).person == here.ben
    assert sees(here.ben, proposal)
    queue.run_all()
    assert Notice.objects.get(person=here.ben).kind == "proposals.author_invited"
    actions.answer_invitation(proposal, accepts=False, by=here.ben)
    assert not sees(here.ben, proposal)


def test_the_last_author_does_not_leave(here: Scene) -> None:
    proposal = draft(here)
    with pytest.raises(Refused):
        actions.leave_proposal(proposal, by=here.anna)
    actions.answer_invitation(actions.invite_author(proposal, "Ben", by=here.anna).proposal, accepts=True, by=here.ben)
    actions.leave_proposal(proposal, by=here.anna)
    assert [access.may_write(one, proposal) for one in (here.anna, here.ben, here.board)] == [False, True, False]


def test_a_proposal_whose_authors_are_gone_is_written_by_the_board(here: Scene) -> None:
    proposal = deliberated(here)
    Author.objects.all().delete()
    assert [access.may_write(one, proposal) for one in (here.board, here.ben)] == [True, False]


def test_the_last_supporter_admits_it_unless_an_office_does(here: Scene) -> None:
    with pytest.raises(NotAllowed):
        actions.set_admission(here.cooperative, supporters_needed=2, needs_office=False, by=here.anna)
    actions.set_admission(here.cooperative, supporters_needed=2, needs_office=False, by=here.board)
    proposal = deliberated(here)
    assert (proposal.state, queries.supporters(proposal)) == ("collecting", 1)
    with pytest.raises(NotAllowed):
        actions.support_proposal(proposal, by=here.stranger)
    actions.set_admission(here.cooperative, supporters_needed=9, needs_office=True, by=here.board)
    assert actions.support_proposal(proposal, by=here.ben).state == "deliberation"
    assert actions.support_proposal(proposal, by=here.ben).supports.count() == 2
    other = deliberated(here)
    with pytest.raises(NotAllowed):
        actions.admit_proposal(other, by=here.anna)
    assert actions.send_back_proposal(other, "Bitte Kosten nennen.", by=here.board).state == "draft"
    again = actions.bring_in_proposal(other, by=here.anna)
    assert (again.last_word, actions.admit_proposal(again, by=here.board).state) == ("", "deliberation")


def test_withdrawing_needs_a_reason_and_can_be_undone(here: Scene) -> None:
    proposal = deliberated(here)
    with pytest.raises(NotAllowed):
        actions.withdraw_proposal(proposal, "weg", by=here.ben)
    with pytest.raises(BadInput):
        actions.withdraw_proposal(proposal, " ", by=here.anna)
    assert actions.withdraw_proposal(proposal, "Überholt.", by=here.anna).state == "withdrawn"
    with pytest.raises(Refused):
        actions.support_proposal(proposal, by=here.ben)
    assert actions.reopen_proposal(proposal, by=here.anna).state == "draft"


def test_the_text_is_fixed_while_it_is_decided_and_a_yes_accepts_it(here: Scene) -> None:
    with pytest.raises(Refused):
        ballot_about(draft(here), here.cooperative)
    proposal = deliberated(here)
    ballot = ballot_about(proposal, here.cooperative)
    for refused in (
        lambda: actions.save_version(proposal, said("Neu."), base=1, by=here.anna),
        lambda: actions.withdraw_proposal(proposal, "weg", by=here.anna),
        lambda: ballot_about(proposal, here.cooperative),
    ):
        with pytest.raises(Refused):
            refused()
    count_it(ballot, "accepted")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_at is not None, proposal.rounds.get().outcome) == ("accepted", True, "accepted")


def test_objections_lead_into_another_round_with_their_words(here: Scene) -> None:
    proposal = deliberated(here)
    count_it(ballot_about(proposal, here.cooperative, "consent"), "objections", objections=["Ein Betreiber für alle ist ein Risiko."])
    proposal.refresh_from_db()
    found = queries.newest_objections(proposal)
    assert (proposal.state, proposal.round, found and found.objections) == ("deliberation", 2, ["Ein Betreiber für alle ist ein Risiko."])
    actions.save_version(proposal, said("Zwei Betreiber."), base=1, by=here.anna)
    count_it(ballot_about(proposal, here.cooperative), "rejected")
    proposal.refresh_from_db()
    assert (proposal.state, [one.version for one in queries.rounds_of(proposal)]) == ("rejected", [2, 1])
    assert actions.reopen_proposal(proposal, by=here.anna).round == 3


def test_a_partial_decision_changes_nothing_and_a_cancelled_one_leads_back(here: Scene) -> None:
    proposal = deliberated(here)
    count_it(ballot_about(proposal, here.cooperative, "score"), "elected")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.rounds.count()) == ("deliberation", 0)
    ballot = ballot_about(proposal, here.cooperative)
    scenes.trail.record("ballots.ballot_cancelled", about=ballot)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.round) == ("deliberation", 1)


def test_supporters_and_authors_hear_once_what_happens(here: Scene) -> None:
    proposal = deliberated(here)
    actions.support_proposal(proposal, by=here.ben)
    actions.save_version(proposal, said("Neu."), base=1, by=here.anna)
    count_it(ballot_about(proposal, here.cooperative), "accepted")
    queue.run_all()
    kinds = list(Notice.objects.filter(person=here.ben).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["proposals.version_saved", "proposals.decision_opened", "proposals.proposal_decided"]
    assert not Notice.objects.filter(person=here.anna, kind="proposals.version_saved").exists()
    assert not Notice.objects.filter(person=here.stranger).exists()


def test_an_idea_becomes_a_proposal_only_in_its_own_cooperative(here: Scene) -> None:
    idea = Idea.objects.create(cooperative=here.cooperative, title="Hosting", text="Zusammen.", author=here.ben)
    other = Idea.objects.create(cooperative=coops.cooperative("Anderes eG"), title="Fremd", text="Fremd.")
    assert actions.start_proposal(here.cooperative, said(), idea=idea, by=here.anna).idea == idea
    with pytest.raises(BadInput):
        actions.start_proposal(here.cooperative, said(), idea=other, by=here.anna)


def test_erasing_a_person_keeps_what_was_brought_in_without_the_name(here: Scene) -> None:
    kept, gone = deliberated(here), draft(here)
    assert len(AREAS["proposals"].rows(here.anna)) == 3
    assert AREAS["proposal-versions"].rows(here.anna)[0]["text"] == scenes.TEXT
    FORGETS["proposals"][1](here.anna)
    here.anna.delete()
    assert list(Proposal.objects.values_list("pk", flat=True)) == [kept.pk]
    assert gone.pk != kept.pk
    assert queries.version_of(kept).by is None
    assert not Support.objects.exists()
