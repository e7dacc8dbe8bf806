"""Two people decide at the same moment: one decision counts, the other hears of it."""

import threading
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from allmende.directory.models import Organisation
from allmende.ground.refusals import Refused
from allmende.suggestions import actions
from allmende.suggestions.actions.pointing import Writer
from allmende.suggestions.models import Suggestion
from tests.suggestions.conftest import person, steward_of


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_decides(haus: Organisation) -> None:
    people = [steward_of(haus, "one"), steward_of(haus, "two")]
    found = actions.suggest_change(haus, {"name": "Neu eG"}, by=Writer(uuid4()))
    said: list[Any] = []
    ready = threading.Barrier(2)

    def decide(number: int) -> None:
        ready.wait(10)
        try:
            said.append(actions.decide_suggestion(found, {"name": f"Neu {number} eG"}, by=people[number], seen=0).decided_by_id)
        except Refused as refusal:
            said.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    done = Suggestion.objects.get()
    assert sorted(map(type, said), key=str) == [int, str]
    assert done.decided_by_id in said
    haus.refresh_from_db()
    assert haus.name == f"Neu {[one.pk for one in people].index(done.decided_by_id or 0)} eG"


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_once_makes_one(haus: Organisation) -> None:
    person("caretaker", is_caretaker=True)
    number, ready, made = uuid4(), threading.Barrier(2), []

    def suggest() -> None:
        ready.wait(10)
        try:
            made.append(actions.suggest_change(haus, {"name": "Neu eG"}, by=Writer(number)).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=suggest) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(made) == 2 and len(set(made)) == 1
    assert Suggestion.objects.count() == 1
