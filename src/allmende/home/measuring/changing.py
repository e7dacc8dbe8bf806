"""One entry changed: what the index costs, and whether the next question finds and counts it."""

import time
from collections.abc import Callable, Iterator

from allmende.atlas import actions, queries
from allmende.atlas.rules import Filters
from allmende.directory.models import Organisation
from allmende.ground import trail
from allmende.home.measuring import machine
from allmende.home.measuring.grounds import Grounds
from allmende.people.queries import service

Waits = list[tuple[float, float]]


def run(grounds: Grounds, times: int) -> Iterator[tuple[str, str, Waits]]:
    """Change entries one after the other and back again; the waiting for the index, for the first answer after it, for all rooms."""
    index, answer, rooms, missed = [], [], [], 0
    for number, pk in enumerate(grounds.ids[:times]):
        word = f"unverwechselbar{number}{int(time.time())}"
        before = Organisation.objects.values_list("summary", flat=True).get(pk=pk)
        _say(pk, f"{word} {before}"[:300])
        index.append(machine.timed(lambda pk=pk: actions.index([pk])))  # type: ignore[misc]
        answer.append(machine.timed(lambda word=word: queries.search(Filters(q=word))))  # type: ignore[misc]
        missed += queries.search(Filters(q=word)).total != 1
        _say(pk, before)
        rooms.append(machine.timed(lambda pk=pk: _through_the_house(pk)))  # type: ignore[misc]
        missed += queries.search(Filters(q=word)).total != 0
    if missed:
        raise RuntimeError(f"{missed} changes were not found and counted by the very next question")
    yield "one entry changed: index", "changed", index
    yield "one entry changed: next search", "", answer
    yield "one entry changed: all rooms", "", rooms


def visible_after(pk: int, is_there: Callable[[str], bool], patience: float = 30.0) -> float:
    """Seconds from the change of an entry until another process shows it; it is changed back afterwards."""
    word = f"unverwechselbar{int(time.time() * 1000)}"
    before = Organisation.objects.values_list("summary", flat=True).get(pk=pk)
    _say(pk, f"{word} {before}"[:300])
    actions.index([pk])
    start = time.perf_counter()
    try:
        while not is_there(word):
            if time.perf_counter() - start > patience:
                raise RuntimeError("the server does not show a change of the index")
            time.sleep(0.005)
        return time.perf_counter() - start
    finally:
        _say(pk, before)
        actions.index([pk])


def _say(pk: int, summary: str) -> None:
    Organisation.objects.filter(pk=pk).update(summary=summary)


def _through_the_house(pk: int) -> None:
    trail.record("directory.organisations_changed", by=service("synthetic"), organisations=[pk])
