"""Reading and writing at the same time, with transactions that really end: nobody sees half a change, and in the end all agree."""

import threading
from collections.abc import Callable
from random import Random

import pytest
from django.db import connection, transaction

from allmende.atlas import actions, bulk, queries
from allmende.atlas.clusters import clusters
from allmende.directory.models import Organisation
from tests.atlas import test_reference
from tests.atlas.lives import WHOLE_WORLD, Life, rolled_back
from tests.atlas.test_reference import LONG, LifeInPieces, ask

pytestmark = pytest.mark.django_db(transaction=True)
in_pieces, one_thread = test_reference.in_pieces, test_reference.one_thread  # the fixtures
STEPS = 20 * LONG
READERS = 2


@pytest.mark.usefixtures("in_pieces")
def test_what_is_committed_is_answered_as_the_slow_map_does_and_what_is_not_never_was() -> None:
    for seed in range(LONG):
        life = LifeInPieces(seed)
        for _ in range(8):
            commit(life)
            life.housework()
            ask(life)
            with rolled_back():
                Life.happen(life)
                ask(life)
            life.items = list(Organisation.objects.order_by("pk"))
            life.networks = [one for one in life.items if one.name.startswith("Netz ")]
            ask(life)
        retire(life)


def commit(life: Life) -> None:
    """Something happens for good."""
    with transaction.atomic():
        life.happen()


def retire(life: Life) -> None:
    """The house is empty again."""
    with transaction.atomic():
        numbers = [item.pk for item in life.items]
        Organisation.objects.all().delete()
        actions.index(numbers)


def test_what_came_in_bulk_is_answered_like_all_else_and_lives_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "BULK_FROM", 1)
    monkeypatch.setattr(bulk, "PART", 50)
    life = Life(1)
    commit(life)
    assert bulk.load(60, 5, processes=0) == 60
    life.items = list(Organisation.objects.order_by("pk"))
    for _ in range(3):
        ask(life)
        commit(life)


@pytest.mark.usefixtures("in_pieces")
def test_who_reads_while_others_write_sees_whole_answers() -> None:
    life = LifeInPieces(7)
    over = threading.Event()
    faults: list[BaseException] = []
    readers = [threading.Thread(target=_guarded, args=(lambda number=number: read_on(number, over), faults)) for number in range(READERS)]
    for thread in readers:
        thread.start()
    try:
        for _ in range(STEPS):
            commit(life)
            life.housework()
            with rolled_back():
                Life.happen(life)
            life.items = list(Organisation.objects.order_by("pk"))
    finally:
        over.set()
        for thread in readers:
            thread.join()
    assert faults == []
    for _ in range(3):
        ask(life)


def _guarded(work: Callable[[], None], faults: list[BaseException]) -> None:
    try:
        work()
    except BaseException as fault:  # told in the thread of the test
        faults.append(fault)
    finally:
        connection.close()


def read_on(number: int, over: threading.Event) -> None:
    """Ask until it is over. What a page says of itself must hold, whatever happens meanwhile."""
    asking = Life.__new__(Life)
    asking.dice = Random(number)
    while not over.is_set():
        filters = asking.question()
        found = queries.search(filters, per_page=8)
        ids = [entry.pk for entry in found.entries]
        assert len(ids) == len(set(ids)) <= min(8, found.total) or found.corrected
        drawn = clusters(filters, WHOLE_WORLD, asking.dice.randint(0, 18))
        assert all(pile.count > 0 for pile in drawn)
        queries.facets(filters)
