"""Questions that many parts of one page ask are put to the database once, while the page is made.

    @once
    def takes_part(viewer, cooperative) -> bool: ...

Remembered only while a page is looked at, never where something is written, and forgotten with it: what changes meanwhile is seen by
the next request.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

_MEMORY: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers of this page", default=None)
Answer = TypeVar("Answer")


@contextmanager
def remembering() -> Iterator[None]:
    """Within this block each question is asked once."""
    token = _MEMORY.set({})
    try:
        yield
    finally:
        _MEMORY.reset(token)


def once(ask: Callable[..., Answer]) -> Callable[..., Answer]:
    """Remember the answers of this function by the rows and values it is asked with, each row known by its number."""

    @wraps(ask)
    def asked(*things: Any) -> Answer:
        memory = _MEMORY.get()
        if memory is None:
            return ask(*things)
        key = (ask, *(getattr(one, "pk", one) for one in things))
        if key not in memory:
            memory[key] = ask(*things)
        answer: Answer = memory[key]
        return answer

    return asked
