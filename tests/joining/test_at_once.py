"""Two board members admit at the same moment: one member, one kind sentence."""

import threading

import pytest
from django.db import connection
from django.utils.timezone import localdate

from allmende.constitution.models import Cooperative
from allmende.ground.refusals import Refused
from allmende.joining import actions
from allmende.joining.models import Application
from allmende.members.models import Membership
from tests import coops
from tests.joining.conftest import declared


@pytest.mark.django_db(transaction=True)
def test_of_two_who_admit_at_once_one_enters_the_member(werk: Cooperative) -> None:
    people = [coops.office(werk), coops.office(werk)]
    found = declared(werk)
    said: list[str] = []
    ready = threading.Barrier(2)

    def admit(number: int) -> None:
        ready.wait(10)
        try:
            actions.admit(Application.objects.get(pk=found.pk), admitted_on=localdate(), by=people[number])
            said.append("entered")
        except Refused as refusal:
            said.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=admit, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert Membership.objects.count() == 1
    assert said.count("entered") == 1
    assert "0001" in next(one for one in said if one != "entered")
