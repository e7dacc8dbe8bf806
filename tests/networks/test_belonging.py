"""Memberships are what both sides say; networks run in no circle; the map follows."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from django.utils.timezone import localdate

from allmende.constitution.models import Cooperative
from allmende.directory.models import Belonging, Kind, Organisation, Proof, Role, Stewardship
from allmende.duplicates.actions import merge_organisations
from allmende.ground.refusals import NotAllowed, Refused
from allmende.members import actions as members
from allmende.members.actions import Named
from allmende.members.models import Membership, Party
from allmende.networks import access, actions, queries
from allmende.networks.models import Bond
from allmende.people.models import Notice, Person
from tests import cast, coops

pytestmark = pytest.mark.django_db


def network(name: str = "Bund eG") -> tuple[Cooperative, object]:
    made = coops.cooperative(name)
    Organisation.objects.filter(pk=made.organisation_id).update(kind=Kind.NETWORK)
    made.organisation.refresh_from_db()
    coops.statute(made)
    return made, coops.office(made)


def joined(of: Cooperative, board, organisation: Organisation, **fields: object) -> Membership:
    named = Named(party=Party.LEGAL, firm=organisation.name)
    return coops.member(of, board, named=named, organisation=organisation, **fields)


def steward(of: Organisation, who: Person) -> None:
    Stewardship.objects.create(organisation=of, person=who, role=Role.OWNER, proof=Proof.GRANTED, since=timezone.now())


def belongs(of: Cooperative, member: Organisation) -> bool:
    return Belonging.objects.filter(network=of.organisation, member=member).exists()


def test_the_organisation_is_asked_and_the_map_waits_for_its_answer() -> None:
    bund, board = network()
    member = cast.organisation("Bauhof eG")
    owner, editor, stranger = coops.person("owner"), coops.person("editor"), coops.person("fremd")
    steward(member, owner)
    one = joined(bund, board, member)
    assert Notice.objects.filter(person=owner, kind="networks.asked").count() == 1
    assert [found.pk for found in access.asked_of(owner)] == [one.pk]
    assert not access.memberships_of(owner).exists()
    for by in (stranger, editor, board):
        with pytest.raises(NotAllowed):
            actions.answer(one, says_yes=True, by=by)
    assert not belongs(bund, member)
    actions.answer(one, says_yes=True, by=owner)
    assert belongs(bund, member)
    assert [found.pk for found in queries.confirmed_in(bund.organisation)] == [member.pk]
    assert [found.pk for found in queries.confirmed_of(member)] == [one.pk]
    assert [found.pk for found in access.memberships_of(owner)] == [one.pk]
    assert not access.asked_of(owner).exists()


def test_a_no_shows_nothing_and_can_become_a_yes() -> None:
    bund, board = network()
    member, owner = cast.organisation("Bauhof eG"), coops.person("owner")
    steward(member, owner)
    one = joined(bund, board, member)
    actions.answer(one, says_yes=True, by=owner)
    actions.answer(one, says_yes=False, by=owner)
    assert not belongs(bund, member)
    assert queries.confirmed_of(member) == []
    assert not access.memberships_of(owner).exists()
    actions.answer(one, says_yes=True, by=owner)
    assert belongs(bund, member)


def test_its_own_application_counts_as_confirmation() -> None:
    bund, board = network()
    member, owner, stranger = cast.organisation("Bauhof eG"), coops.person("owner"), coops.person("fremd")
    other = cast.organisation("Anderes eG")
    steward(member, owner)
    joined(bund, board, member, person=owner, facts={"application": 1})
    joined(bund, board, other, person=stranger, facts={"application": 2})
    assert list(Bond.objects.values_list("organisation", "is_by_application")) == [(member.pk, True)]
    assert (belongs(bund, member), belongs(bund, other)) == (True, False)


def test_what_is_no_network_changes_nothing_on_the_map() -> None:
    coop = coops.cooperative("Laden eG")
    coops.statute(coop)
    board = coops.office(coop)
    member, owner = cast.organisation("Bauhof eG"), coops.person("owner")
    steward(member, owner)
    actions.answer(joined(coop, board, member), says_yes=True, by=owner)
    assert not belongs(coop, member)


def test_the_map_follows_the_exit_and_its_taking_back() -> None:
    bund, board = network()
    member, owner = cast.organisation("Bauhof eG"), coops.person("owner")
    steward(member, owner)
    one = joined(bund, board, member)
    actions.answer(one, says_yes=True, by=owner)
    today = localdate()
    members.end_membership(one, ends_on=today, reason="notice", declared_on=today, by=board)
    assert belongs(bund, member)  # a member all that day
    assert actions.sync_all() == 0
    Membership.objects.filter(pk=one.pk).update(ends_on=today - timedelta(days=1))
    assert actions.sync_all() == 1
    assert not belongs(bund, member)


def test_another_entry_is_asked_anew() -> None:
    bund, board = network()
    first, second, owner = cast.organisation("Bauhof eG"), cast.organisation("Werkhof eG"), coops.person("owner")
    steward(first, owner)
    one = joined(bund, board, first)
    actions.answer(one, says_yes=True, by=owner)
    members.link_organisation(one, second, by=board)
    assert not Bond.objects.exists()
    assert not belongs(bund, first)


def test_a_merge_takes_the_answer_along() -> None:
    bund, board = network()
    kept, gone, owner = cast.organisation("Bauhof eG"), cast.organisation("Bauhof Jena"), coops.person("owner")
    steward(gone, owner)
    one = joined(bund, board, gone)
    actions.answer(one, says_yes=True, by=owner)
    caretaker = coops.person("pflege")
    caretaker.is_caretaker = True
    caretaker.save()
    merge_organisations(kept, gone, by=caretaker)
    assert Bond.objects.get().organisation == kept
    assert [found.pk for found in queries.confirmed_of(kept)] == [one.pk]


def test_networks_are_not_members_of_each_other_in_a_circle() -> None:
    """Invariant 5 of the domain."""
    first, board = network("Erster Bund eG")
    second, other_board = network("Zweiter Bund eG")
    third, third_board = network("Dritter Bund eG")
    joined(first, board, second.organisation)
    joined(second, other_board, third.organisation)
    with pytest.raises(Refused):
        joined(third, third_board, first.organisation)
    assert Membership.objects.filter(cooperative=third).count() == 0
    with pytest.raises(Refused):
        joined(third, third_board, third.organisation)
    lone = coops.member(third, third_board, named=Named(party=Party.LEGAL, firm="Erster Bund"))
    with pytest.raises(Refused):
        members.link_organisation(lone, first.organisation, by=third_board)
    joined(first, board, third.organisation, joined_on=date(2025, 6, 1))  # twice the same way is no circle


def test_two_cooperatives_may_hold_shares_of_each_other() -> None:
    first, second = coops.cooperative("Laden eG"), coops.cooperative("Hof eG")
    for coop in (first, second):
        coops.statute(coop)
    joined(first, coops.office(first), second.organisation)
    assert joined(second, coops.office(second), first.organisation).pk
