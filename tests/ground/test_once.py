"""What many parts of a page ask is asked once while it is looked at, and never remembered beyond."""

from types import SimpleNamespace

from django.test import RequestFactory

from allmende.ground.once import once, remembering
from allmende.web.middleware import remembering as middleware

ANNA, ANNA_AGAIN, BEN, GUEST = (SimpleNamespace(pk=pk) for pk in (1, 1, 2, None))


def asking() -> tuple[list[object], object]:
    asked: list[object] = []

    @once
    def knows(person: SimpleNamespace, word: str = "") -> bool:
        asked.append((person.pk, word))
        return person.pk == 1

    return asked, knows


def test_within_a_page_the_same_is_asked_once_and_what_differs_apart() -> None:
    asked, knows = asking()
    with remembering():
        answers = [knows(ANNA), knows(ANNA_AGAIN), knows(BEN), knows(GUEST), knows(ANNA, "mehr"), knows(BEN)]  # type: ignore[operator]
    assert answers == [True, True, False, False, True, False]
    assert asked == [(1, ""), (2, ""), (None, ""), (1, "mehr")]


def test_elsewhere_and_afterwards_it_is_asked_each_time() -> None:
    asked, knows = asking()
    with remembering():
        knows(ANNA)  # type: ignore[operator]
    knows(ANNA)  # type: ignore[operator]
    knows(ANNA)  # type: ignore[operator]
    with remembering():
        knows(ANNA)  # type: ignore[operator]
    assert len(asked) == 4


def test_where_something_is_written_nothing_is_remembered() -> None:
    asked, knows = asking()
    handle = middleware(lambda request: [knows(ANNA), knows(ANNA)])  # type: ignore[operator,arg-type,return-value]
    handle(RequestFactory().post("/"))
    assert len(asked) == 2
    handle(RequestFactory().get("/"))
    assert len(asked) == 3
