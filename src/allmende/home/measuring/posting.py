"""A program enters contributions while people look at them: is anything lost, is anything entered twice, how long does the page take?"""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Sum
from django.utils.timezone import localdate

from allmende.contributions.actions import create_key
from allmende.contributions.models import Contribution
from allmende.home.measuring.members import House
from allmende.home.measuring.signed import Browser
from allmende.members.access import active_on
from allmende.members.models import Membership

A_MINUTE = 1_000
AT_ONCE = 8
EVERY = 2.0  # seconds between two looks; the page itself asks every five
AGAIN = 20  # every so manyth call is sent twice


@dataclass
class Posted:
    """What was sent, what is there, how long both took (milliseconds)."""

    calls: int
    seconds: float
    missing: int  # lines that were answered and are not there (or are there twice, below zero)
    difference: int  # of the sums, in thousandths of an hour
    refused: int
    posts: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    lives: list[float] = field(default_factory=list)

    @property
    def a_minute(self) -> float:
        """How many calls a minute were answered."""
        return self.calls * 60 / self.seconds


def post(house: House, port: int, calls: int, watchers: list[Browser]) -> Posted:
    """Send so many calls at a thousand a minute, some of them twice with the same key, while these people keep the page open."""
    _key, word = create_key(house.cooperative, "bench", may_post=True, may_read=True, by=house.board)
    numbers = list(
        Membership.objects.filter(active_on(localdate()), cooperative=house.cooperative).values_list("number", flat=True)[:calls]
    )
    before = _there(house)
    found = Posted(calls, 0.0, 0, 0, 0)
    over = threading.Event()
    looking = [threading.Thread(target=_watch, args=(one, house.slug, over, found)) for one in watchers]
    for thread in looking:
        thread.start()
    amounts = [Decimal(500 + 10 * at) / 1000 for at in range(calls)]
    start = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = [
            pool.submit(_call, Browser(port), house.slug, word, at, numbers[at % len(numbers)], str(amounts[at]), start, found)
            for at in range(calls)
        ]
    for job in jobs:
        job.result()
    found.seconds = time.perf_counter() - start
    over.set()
    for thread in looking:
        thread.join()
    after = _there(house)
    found.missing = calls - (after[0] - before[0])
    found.difference = int(sum(amounts) * 1000) - (after[1] - before[1])
    return found


def _there(house: House) -> tuple[int, int]:
    sums = Contribution.objects.filter(cooperative=house.cooperative, type=house.hours).aggregate(n=Count("pk"), sum=Sum("amount"))
    return sums["n"], sums["sum"] or 0


def _call(browser: Browser, slug: str, word: str, at: int, member: int, amount: str, start: float, found: Posted) -> None:
    """At its second, not as soon as the one before is done: a slow server gets no fewer calls."""
    time.sleep(max(0.0, start + at * 60 / A_MINUTE - time.perf_counter()))
    body = json.dumps({"member": member, "type": "hours", "amount": amount, "done_on": localdate().isoformat()}).encode()
    headers = {"Authorization": f"Bearer {word}", "Idempotency-Key": f"bench-{at}"}
    for _time in range(2 if at % AGAIN == 0 else 1):
        answer = browser.call(f"/api/v1/cooperatives/{slug}/contributions", body, headers)
        found.posts.append(1000 * answer.seconds)
        found.refused += answer.status != 201


def _watch(browser: Browser, slug: str, over: threading.Event, found: Posted) -> None:
    while not over.is_set():
        for path, times in (("beitraege/", found.pages), ("beitraege/live/", found.lives)):
            answer = browser.get(f"/genossenschaft/{slug}/{path}")
            times.append(1000 * answer.seconds)
            if answer.status != 200:
                raise RuntimeError(f"{path} answered {answer.status}")
        over.wait(EVERY)
