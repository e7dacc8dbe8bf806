"""Members by the register of a cooperative see what is for members, and nobody sees them."""

import pytest
from django.test import Client

from allmende.directory import access
from allmende.directory.models import Proof, Role, Visibility
from allmende.members.actions.linking import give_role
from allmende.stewards import queries
from allmende.stewards.actions import grant
from tests import coops

pytestmark = pytest.mark.django_db


def test_the_team_and_other_members_do_not_learn_who_is_a_member() -> None:
    of = coops.cooperative()
    coops.statute(of)
    board = coops.office(of)
    owner, member = coops.person("owner"), coops.person("berta")
    grant(of.organisation, owner, role=Role.OWNER, proof=Proof.INVITED)
    give_role(coops.member(of, board, person=member))
    assert access.circle(member, of.organisation) == Visibility.MEMBERS
    assert [one.person for one in queries.team(of.organisation)] == [owner]
    for who in (owner, member):
        client = Client()
        client.force_login(who)
        page = client.get(f"/o/{of.organisation.slug}/team/").content.decode()
        assert "Owner" in page
        assert who == member or "Berta" not in page
