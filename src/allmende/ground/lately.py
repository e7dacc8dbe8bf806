"""What thousands ask for within a minute and may be a moment old: made once, kept in this process for some seconds.

    facts = Lately(most=64, seconds=1)
    facts.get(key, lambda: ...)

Only for what is the same for everybody; what decides anything is asked anew where it is decided.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Lately(Generic[Thing]):
    """The latest `most` things, each for `seconds`. Two who ask for the same at the same moment may both make it."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self._kept: OrderedDict[Hashable, tuple[float, Thing]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Thing]) -> Thing:
        """The thing of this name; what `make` raises is raised, and nothing is kept."""
        found = self._kept.get(key)
        now = monotonic()
        if found is not None and now - found[0] < self.seconds:
            return found[1]
        thing = make()
        with self._lock:
            self._kept[key] = (now, thing)
            self._kept.move_to_end(key)
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
        return thing

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._kept.clear()
