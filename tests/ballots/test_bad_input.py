"""What people type while they prepare a ballot, and what nobody types."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from allmende.ballots import actions, rules
from allmende.ballots.models import Ballot
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.ideas.models import Idea
from tests.ballots.scene import Scene, scene

pytestmark = pytest.mark.django_db


def board(of: Scene) -> Client:
    client = Client()
    client.force_login(of.board)
    return client


def steps(ballot: Ballot) -> str:
    return f"/genossenschaft/{ballot.slug}/abstimmungen/{ballot.uuid}/vorbereiten/"


@pytest.mark.parametrize("year", ["0001", "1799", "9999"])
def test_no_year_breaks_the_preparation(year: str) -> None:
    of = scene(1)
    draft = of.draft()
    client, at = board(of), steps(draft)
    window: dict[str, Any] = {"opens_at": f"{year}-01-01T00:00", "closes_at": f"{year}-12-31T23:59", "box": "open", "visibility": "members"}
    answers = [client.post(f"{at}?step=5", window), client.post(f"{at}?step=4", {"kind": "everybody", "day": f"{year}-12-31"})]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert all("check the year" in answer.content.decode() or "das Jahr" in answer.content.decode() for answer in answers)
    with pytest.raises(Refused, match="year|Jahr"):
        actions.change(draft, day=date(int(year), 12, 31), by=of.board)
    assert client.get(f"{at}?step=4").status_code == 200


def test_a_hundred_projects_with_costs_go_through_the_form() -> None:
    of = scene(1)
    draft = of.draft(rule={"method": "budget", "budget": 100_000})
    actions.change(draft, options=[{"label": f"P{at}", "cost_cents": 100} for at in range(99)], by=of.board)
    said = {
        f"{name}{at}": value for at in range(100) for name, value in (("label", f"Projekt {at}"), ("text", "Näheres"), ("cost", "12,50"))
    }
    assert board(of).post(f"{steps(draft)}?step=2", said).status_code == 302
    assert list(draft.options.values_list("cost_cents", flat=True)) == [1250] * 100


@pytest.mark.parametrize("said", ["1e-9999999", "1E9", "٣/٤", "1/0", "-1/2", "5/4", "1/1001", "nan", "", "0" * 30, None])
def test_what_is_no_part_of_a_whole_is_none_at_once(said: Any) -> None:
    assert rules.share(said) is None


def test_a_reason_with_a_sign_no_database_keeps_is_no_paper() -> None:
    of = scene(1)
    ballot = of.opened(rule={"method": "consent"})
    with pytest.raises(BadInput):
        of.cast(ballot, of.people[0], {"answer": "objection", "reason": "zu\x00teuer"})


def test_nobody_decides_about_what_belongs_to_another_cooperative_or_shows_up_on_its_pages() -> None:
    of, elsewhere = scene(1), scene(1, "Anderswo eG")
    idea = Idea.objects.create(cooperative=elsewhere.cooperative, title="Hofladen", text="Los.", visibility="public")
    at = f"/genossenschaft/{of.slug}/abstimmungen/neu/?about=ideas.idea:{idea.pk}"
    said = {"title": "Unsinn", "question": "Ist das Unsinn?", "method": "majority"}
    assert board(of).post(at, said).status_code == 403
    with pytest.raises(NotAllowed):
        of.draft(about=idea, visibility="public")
    assert not Ballot.objects.exists()
    assert elsewhere.draft(about=idea).about_id == idea.pk
