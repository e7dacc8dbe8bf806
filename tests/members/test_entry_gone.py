"""What happens to an entry of the map does not end a membership: archived, its members find in; two registers are never made one."""

import pytest
from django.test import Client

from allmende.directory.models import State
from allmende.duplicates.actions import merge_organisations
from allmende.ground.refusals import Refused
from allmende.people.models import Person
from tests import coops

pytestmark = pytest.mark.django_db


def test_members_of_an_archived_entry_find_in_and_others_do_not() -> None:
    of = coops.cooperative()
    coops.statute(of)
    board, berta, stranger = coops.office(of), coops.person("berta"), coops.person("stranger")
    coops.member(of, board, person=berta)
    of.organisation.state = State.ARCHIVED
    of.organisation.save()
    for who, status in ((berta, 200), (stranger, 404)):
        client = Client()
        client.force_login(who)
        assert client.get(f"/genossenschaft/{of.organisation.slug}/ich/").status_code == status
        assert client.get(f"/genossenschaft/{of.organisation.slug}/").status_code == status


def test_two_entries_with_registers_are_not_merged() -> None:
    one, other = coops.cooperative("Gartenwerk eG"), coops.cooperative("Gartenwerk Jena eG")
    caretaker = Person.objects.create_user("frida@coops.example", is_caretaker=True)
    with pytest.raises(Refused):
        merge_organisations(one.organisation, other.organisation, by=caretaker)
    other.organisation.refresh_from_db()
    assert other.organisation.state == State.PUBLISHED
