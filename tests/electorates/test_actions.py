"""Rolls from the register: made, frozen, never changed, explained for everybody."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allmende.circles.models import Circle, CircleMember
from allmende.electorates import access, actions, queries
from allmende.electorates.models import Electorate, Excluded, Voter
from allmende.ground.refusals import NotAllowed, Refused
from allmende.members.actions import Named
from allmende.members.models import EndReason, Membership
from allmende.networks.models import Representative
from tests import cast, coops
from tests.electorates.scene import DAY, stage

pytestmark = pytest.mark.django_db
ALL: dict[str, Any] = {"kind": "everybody"}


def roll(scene: Any, basis: dict[str, Any] | None = None) -> Electorate:
    """A frozen roll of this basis."""
    return actions.freeze(actions.draft(scene.coop, basis or ALL, DAY, by=scene.board), by=scene.board)


def names(electorate: Electorate) -> dict[str, str]:
    """Family name to reason, of voters and of those left out."""
    rows = [*electorate.voters.all(), *electorate.excluded.all()]
    return {one.name.split()[-1].lower(): one.reason for one in rows}


def test_the_roll_holds_who_is_a_member_on_the_day_and_says_why_others_do_not_vote() -> None:
    scene = stage()
    frozen = roll(scene)
    assert names(frozen) == {"anna": "member", "ben": "member", "carla": "member", "dora": "joined_later", "emil": "investing_none"}
    assert [(one.category, one.votes, one.person) for one in frozen.voters.order_by("pk")] == [
        ("Beschäftigte", 1, scene.people.anna),
        ("Beschäftigte", 1, None),
        ("Partnerbetriebe", 1, scene.people.carla),
    ]
    assert queries.is_unchanged(frozen)


def test_investing_members_vote_where_the_statute_says_so_and_are_counted_apart() -> None:
    scene = stage(investing_vote="limited")
    assert [(one.name.split()[-1], one.is_investing, one.reason) for one in roll(scene).voters.filter(is_investing=True)] == [
        ("Emil", True, "investing")
    ]


def test_a_roll_may_be_without_investing_members_and_says_so_to_each() -> None:
    scene = stage(investing_vote="limited")
    WITHOUT = {"kind": "everybody", "without_investing": True}
    preview, whole = queries.preview(scene.coop, WITHOUT, DAY), queries.preview(scene.coop, {"kind": "everybody"}, DAY)
    assert (len(preview.voters), len(whole.voters), preview.voters_hash != whole.voters_hash) == (3, 4, True)
    frozen = actions.freeze(actions.draft(scene.coop, WITHOUT, DAY, by=scene.board), by=scene.board)
    assert names(frozen)["emil"] == "investing_left_out"
    assert queries.is_unchanged(frozen)
    assert queries.explain(frozen, scene.who.emil)[0].sentence.startswith("Investing member. This roll is without")
    assert any("outvote" in one for one in queries.in_words(frozen))
    assert [one.label for one in queries.figures(frozen).excluded][0].startswith("investing")


def test_every_single_person_is_answered() -> None:
    scene = stage()
    frozen = roll(scene)

    def said(who: Any) -> tuple[int, str]:
        (answer,) = queries.explain(frozen, who)
        return answer.votes, answer.reason

    assert said(scene.people.anna) == (1, "member")
    assert said(scene.who.ben) == (1, "member")
    assert queries.explain(frozen, scene.who.ben)[0].casting.startswith("Has no account")
    assert said(scene.people.dora) == (0, "joined_later")
    assert queries.explain(frozen, scene.people.dora)[0].sentence.startswith("Joined after the day of the roll: on ")
    assert said(scene.who.emil) == (0, "investing_none")
    assert said(coops.person("stranger")) == (0, "no_member")
    later = coops.member(scene.coop, scene.board, joined_on=date(2026, 9, 1))
    assert said(later) == (0, "joined_later")


def test_who_decides_about_themselves_has_no_vote() -> None:
    scene = stage()
    frozen = roll(scene, {"kind": "everybody", "barred": [scene.who.anna.number]})
    assert names(frozen)["anna"] == "own_interest"


def test_groups_and_lists_take_only_theirs() -> None:
    scene = stage()
    assert roll(scene, {"kind": "groups", "groups": ["partners"]}).voters.get().name == "Anna Carla"
    assert roll(scene, {"kind": "list", "members": [scene.who.ben.number]}).voters.get().membership == scene.who.ben
    with pytest.raises(Refused, match="Nobody may vote"):
        roll(scene, {"kind": "groups", "groups": ["unknown"]})


def test_offices_vote_each_person_once() -> None:
    scene = stage()
    coops.office(scene.coop, "supervisory", scene.people.anna)
    coops.office(scene.coop, "administration", scene.people.anna)
    frozen = roll(scene, {"kind": "offices", "offices": ["board", "supervisory", "administration"]})
    assert list(frozen.voters.values_list("person", "membership", "reason")) == [
        (scene.board.pk, None, "office"),
        (scene.people.anna.pk, scene.who.anna.pk, "office"),
    ]
    assert queries.explain(frozen, scene.who.ben)[0].reason == "not_meant"


def test_a_draft_follows_the_register_and_a_frozen_roll_does_not() -> None:
    scene = stage()
    draft = actions.draft(scene.coop, ALL, DAY, by=scene.board)
    assert queries.figures(draft).voters == 3
    Membership.objects.filter(pk=scene.who.ben.pk).update(ends_on=DAY - timedelta(days=1), end_reason=EndReason.NOTICE)
    assert queries.figures(draft).voters == 2
    frozen = actions.freeze(draft, by=scene.board)
    Membership.objects.filter(pk=scene.who.ben.pk).update(ends_on=None, end_reason="")
    assert queries.figures(frozen).voters == 2
    with pytest.raises(Refused, match="frozen"):
        actions.change(frozen, ALL, DAY, by=scene.board)
    with pytest.raises(Refused, match="frozen already"):
        actions.freeze(frozen, by=scene.board)


def test_the_database_refuses_to_change_a_frozen_roll() -> None:
    frozen = roll(stage())
    for table, change in (
        (Electorate.objects.filter(pk=frozen.pk), {"day": date(2026, 1, 1)}),
        (Electorate.objects.filter(pk=frozen.pk), {"state": "draft"}),
        (Voter.objects.filter(electorate=frozen), {"votes": 3}),
        (Voter.objects.filter(electorate=frozen), {"category": "Kundschaft"}),
        (Excluded.objects.filter(electorate=frozen), {"reason": "member"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            table.update(**change)
    with pytest.raises(ProtectedError), transaction.atomic():
        Voter.objects.filter(electorate=frozen).delete()
    first = frozen.voters.first()
    assert first is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        Voter.objects.create(electorate=frozen, key="m:twice", membership=first.membership, reason="member")


def test_only_board_and_administration_make_and_freeze_rolls() -> None:
    scene = stage()
    draft = actions.draft(scene.coop, ALL, DAY, by=coops.office(scene.coop, "administration"))
    for who in (scene.people.anna, coops.office(scene.coop, "audit"), coops.person("stranger")):
        with pytest.raises(NotAllowed):
            actions.draft(scene.coop, ALL, DAY, by=who)
        with pytest.raises(NotAllowed):
            actions.freeze(draft, by=who)


@pytest.mark.parametrize("basis", [{"kind": "kings"}, {"kind": "circle", "circle": "unknown"}, {"kind": "groups", "groups": []}])
def test_a_basis_that_cannot_be_used_is_refused(basis: dict[str, Any]) -> None:
    scene = stage()
    with pytest.raises(Refused):
        actions.draft(scene.coop, basis, DAY, by=scene.board)


def organisation(scene: Any, name: str, person: Any = None, acting: str = "all") -> Membership:
    """A member that is an organisation, with somebody confirmed to act for it."""
    one = coops.member(scene.coop, scene.board, named=Named(party="legal", firm=name, town="Jena"), organisation=cast.organisation(name))
    if person:
        Representative.objects.create(
            membership=one, person=person, acting=acting, since=date(2026, 1, 1), proof="Vollmacht", confirmed_at=timezone.now()
        )
    return one


def test_organisations_vote_by_who_represents_them_two_at_most() -> None:
    scene, agent = stage(), coops.person("agent")
    for name in ("Erste eG", "Zweite eG", "Dritte eG"):
        organisation(scene, name, agent)
    organisation(scene, "Vierte eG", coops.person("speaker"), acting="speak")
    frozen = roll(scene, {"kind": "representatives"})
    assert [(one.name, one.person, one.facts["casting"]) for one in frozen.voters.all()] == [
        ("Erste eG", agent, "representative"),
        ("Zweite eG", agent, "representative"),
        ("Dritte eG", None, "too_many"),
        ("Vierte eG", None, "no_representative"),
    ]
    assert queries.voters_for(agent).count() == 2
    assert names(frozen)["anna"] == "no_organisation"


def test_who_decides_about_own_matters_casts_for_nobody_else_either() -> None:
    scene = stage()
    organisation(scene, "Erste eG", scene.people.anna)
    frozen = roll(scene, {"kind": "everybody", "barred": [scene.who.anna.number]})
    voter = frozen.voters.get(name="Erste eG")
    assert (voter.person, voter.facts["casting"]) == (None, "own_interest")
    assert [one.label for one in queries.figures(frozen).missing if "own matters" in one.label]
    again = Representative.objects.get(membership=voter.membership)
    assert actions.give_representative(again) == 0
    again.person = coops.person("agent")
    again.save()
    assert actions.give_representative(again) == 1
    assert queries.explain(frozen, voter.membership)[0].casting == "The organisation votes by the person named to represent it."
    of_offices = queries.preview(scene.coop, {"kind": "offices", "offices": ["board"], "barred": [scene.who.anna.number]}, DAY)
    assert {row.line.reason for row in of_offices.excluded if row.membership == scene.who.anna.pk} == {"own_interest"}


def test_an_authority_that_was_withdrawn_casts_no_more_and_the_next_one_does() -> None:
    scene, agent = stage(), coops.person("agent")
    organisation(scene, "Erste eG", agent)
    voter = roll(scene).voters.get(name="Erste eG")
    assert access.may_cast(agent, voter)
    Representative.objects.filter(person=agent).update(until=date(2026, 6, 30))
    assert not access.may_cast(agent, voter)
    other = coops.person("next")
    late = Representative.objects.create(
        membership=voter.membership, person=other, acting="all", since=date(2026, 7, 1), proof="Vollmacht", confirmed_at=timezone.now()
    )
    assert actions.give_representative(late) == 1
    voter.refresh_from_db()
    assert access.may_cast(other, voter)
    assert actions.give_representative(late) == 0


def test_an_account_or_a_representative_that_comes_later_may_cast_and_the_hash_stays() -> None:
    scene = stage()
    organisation(scene, "Fünfte eG")
    frozen = roll(scene)
    ben = coops.person("ben")
    Membership.objects.filter(pk=scene.who.ben.pk).update(person=ben)
    assert actions.give_account(scene.who.ben, ben) == 1
    assert actions.give_account(scene.who.anna, ben) == 0  # Anna casts already
    assert queries.voters_for(ben).get().membership == scene.who.ben
    member = frozen.voters.get(name="Fünfte eG").membership
    late = Representative.objects.create(
        membership=member, person=coops.person("late"), since=DAY, proof="Vollmacht", confirmed_at=timezone.now()
    )
    assert actions.give_representative(late) == 1
    assert queries.is_unchanged(frozen)
    assert queries.explain(frozen, scene.who.ben)[0].casting == "Votes with the own account."


def test_who_takes_part_are_members_representatives_and_offices_of_today() -> None:
    scene, agent = stage(), coops.person("agent")
    organisation(scene, "Erste eG", agent)
    audit = coops.office(scene.coop, "audit")
    for who in (scene.board, audit, scene.people.anna, agent):
        assert access.takes_part(who, scene.coop)
    gone = coops.person("gone")
    member = coops.member(scene.coop, scene.board)
    Membership.objects.filter(pk=member.pk).update(person=gone, ends_on=date(2026, 1, 31), end_reason=EndReason.NOTICE)
    for who in (gone, coops.person("stranger"), AnonymousUser()):
        assert not access.takes_part(who, scene.coop)


def test_a_roll_takes_the_same_few_questions_however_many_members() -> None:
    scene = stage()

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            queries.preview(scene.coop, ALL, DAY)
        return len(asked)

    before = questions()
    for _one in range(3):
        coops.member(scene.coop, scene.board)
    assert questions() == before <= 9


def test_a_roll_forgets_names_with_the_register_and_accounts_with_the_person() -> None:
    scene = stage()
    frozen = roll(scene)
    actions.forget_person(scene.people.anna)
    assert list(frozen.voters.filter(membership=scene.who.anna).values_list("person", "name")) == [(None, "Anna Anna")]
    actions.forget_membership(scene.who.anna)
    assert frozen.voters.get(membership=scene.who.anna).name == ""
    assert queries.is_unchanged(frozen)


def test_of_a_circle_those_vote_who_are_members_of_the_cooperative_or_hold_an_office() -> None:
    scene = stage()
    circle = Circle.objects.create(name="Plattform", purpose="x", organisation=scene.coop.organisation)
    for who in (scene.people.anna, coops.person("guest"), scene.board):
        CircleMember.objects.create(circle=circle, person=who, state="in", since=timezone.now())
    basis = {"kind": "circle", "circle": str(circle.uuid)}
    frozen = roll(scene, basis)
    assert list(frozen.voters.values_list("person", "membership")) == [
        (scene.people.anna.pk, scene.who.anna.pk),
        (scene.board.pk, None),
    ]
    assert queries.in_words(frozen)[0] == "The circle Plattform."
    actions.forget_person(scene.people.anna)
    assert not frozen.voters.filter(name=str(scene.people.anna)).exists()
