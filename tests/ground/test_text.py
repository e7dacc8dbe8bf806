"""Words, folded and stemmed, by many at once."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from allmende.ground import text

WORDS = [
    start + middle + end
    for start in ("genossen", "wohnungs", "energie", "mobil")
    for middle in ("schaft", "bau")
    for end in ("en", "lich", "ungen")
]


@pytest.fixture
def _hurried() -> Iterator[None]:
    """Threads take turns at every other step, and nothing is remembered."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    text.stems.cache_clear()
    yield
    sys.setswitchinterval(before)
    text.stems.cache_clear()


@pytest.mark.usefixtures("_hurried")
def test_those_who_search_at_the_same_time_do_not_mix_up_their_words() -> None:
    """A stemmer keeps the word at hand in itself: shared by two threads it failed, or remembered a wrong stem for good."""
    alone = [text.stems.__wrapped__(word) for word in WORDS]
    with ThreadPoolExecutor(8) as many:
        for _turn in range(20):
            assert list(many.map(text.stems.__wrapped__, WORDS)) == alone
