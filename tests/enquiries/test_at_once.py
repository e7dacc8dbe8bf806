"""Two of an organisation ask about the same at the same moment: one conversation begins, the other hears of it."""

import threading

import pytest
from django.db import connection

from allmende.directory.models import Organisation, Role
from allmende.enquiries import actions
from allmende.enquiries.models import Enquiry, Message
from allmende.exchange.models import Listing
from allmende.ground.refusals import Refused
from tests.enquiries.conftest import steward


@pytest.mark.django_db(transaction=True)
def test_of_two_enquiries_at_once_one_begins(offer: Listing, garden: Organisation) -> None:
    people = [steward(garden, "clara"), steward(garden, "gustav", Role.EDITOR)]
    ready, said = threading.Barrier(2), []

    def ask(number: int) -> None:
        ready.wait(10)
        try:
            said.append(actions.open_enquiry(offer, "Hallo", by=people[number], organisation=garden).state)
        except Refused:
            said.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(said) == ["open", "refused"]
    assert (Enquiry.objects.count(), Message.objects.count()) == (1, 1)
