"""Who acts for a member: named by one side, confirmed by the other, with an authority in text form."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from allmende.ground.models import Letter
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.members import actions as members
from allmende.members.actions import Named
from allmende.members.models import Party
from allmende.networks import actions, personal, queries
from allmende.networks.actions.representing import Naming
from allmende.networks.models import Representative
from allmende.people.models import Notice
from tests import coops

pytestmark = pytest.mark.django_db
TODAY = localdate()


@pytest.fixture
def scene():
    made = coops.cooperative("Bund eG")
    coops.statute(made)
    board, voice = coops.office(made), coops.person("stimme")
    one = coops.member(made, board, named=Named(party=Party.LEGAL, firm="Klein eG"), person=voice)
    return made, board, one, voice


def _naming(**fields: object) -> Naming:
    return Naming(**{"name": "A. Muster", "proof": "Mail des Vorstands", "since": TODAY, **fields})  # type: ignore[arg-type]


def test_the_member_names_and_the_network_confirms(scene) -> None:
    _bund, board, one, voice = scene
    made = actions.name_representative(one, _naming(email="muster@firm.example"), by=voice)
    assert not queries.representatives_on(one, TODAY).exists()
    assert Notice.objects.filter(person=board, kind="networks.representative_named").exists()
    for by in (voice, coops.person("fremd")):
        with pytest.raises(NotAllowed):
            actions.confirm_representative(made, by=by)
    actions.confirm_representative(made, by=board)
    actions.confirm_representative(made, by=board)
    assert [found.name for found in queries.representatives_on(one, TODAY)] == ["A. Muster"]
    assert Letter.objects.filter(to="muster@firm.example").count() == 1


def test_the_network_writes_down_and_the_member_confirms(scene) -> None:
    bund, board, one, voice = scene
    made = actions.name_representative(one, _naming(), by=board)
    assert made.confirmed_at is None
    actions.confirm_representative(made, by=voice)
    lone = coops.member(bund, board, named=Named(party=Party.LEGAL, firm="Allein eG"))
    assert actions.name_representative(lone, _naming(), by=board).confirmed_at  # nobody of it is here; the authority is enough


def test_one_votes_at_a_time(scene) -> None:
    _bund, board, one, voice = scene
    actions.name_representative(one, _naming(until=TODAY + timedelta(days=30)), by=voice)
    with pytest.raises(Refused):
        actions.name_representative(one, _naming(acting="vote"), by=voice)
    actions.name_representative(one, _naming(acting="speak"), by=voice)
    actions.name_representative(one, _naming(acting="vote", since=TODAY + timedelta(days=31)), by=board)


@pytest.mark.parametrize("wrong", [{"name": " "}, {"proof": ""}, {"acting": "alles"}, {"until": date(2020, 1, 1)}])
def test_what_makes_no_sense_is_refused(scene, wrong: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        actions.name_representative(scene[2], _naming(**wrong), by=scene[3])


def test_either_side_ends_it_and_so_does_the_exit(scene) -> None:
    _bund, board, one, voice = scene
    made = actions.confirm_representative(actions.name_representative(one, _naming(since=date(2025, 2, 1)), by=voice), by=board)
    with pytest.raises(NotAllowed):
        actions.end_representative(made, until=TODAY, by=coops.person("fremd"))
    members.end_membership(one, ends_on=TODAY, reason="notice", declared_on=TODAY, by=board)
    made.refresh_from_db()
    assert made.until == TODAY
    assert actions.end_representative(made, until=TODAY - timedelta(days=1), by=voice)
    made.refresh_from_db()
    assert made.until == TODAY - timedelta(days=1)
    with pytest.raises(Refused):
        actions.end_representative(made, until=TODAY, by=voice)


def test_an_account_that_goes_acts_for_nobody(scene) -> None:
    _bund, board, one, voice = scene
    acting = coops.person("handelnd")
    made = actions.name_representative(one, _naming(email=acting.email, since=date(2025, 2, 1)), by=voice)
    actions.confirm_representative(made, by=board)
    assert [row["what"] for row in personal.data(acting)] == ["representative"]
    personal.forget(acting)
    made.refresh_from_db()
    assert (made.person, made.email, made.until, made.name) == (None, "", TODAY - timedelta(days=1), "A. Muster")


def test_names_go_three_years_after_the_year_of_the_end(scene) -> None:
    _bund, board, one, voice = scene
    made = actions.confirm_representative(
        actions.name_representative(one, _naming(since=date(2025, 2, 1), until=date(2025, 6, 30)), by=voice), by=board
    )
    assert actions.forget_names(date(2028, 12, 31)) == 0
    assert actions.forget_names(date(2029, 1, 1)) == 1
    assert Representative.objects.get(pk=made.pk).name == ""
