"""`./allmende bench counting`: how long it takes to count votes, from the raw list of ballots to the published result.

Ballots are invented with a seed. No database and no server takes part: what is measured is the counting alone.
"""

import random
import time
from collections.abc import Callable, Iterator
from typing import Any

from allmende.ballots.counting import count
from allmende.ballots.counting.profiles import Approvals, Choices, Grades, Profile, Rankings

SEED = 2026
SMALL, LARGE = 10_000, 1_000_000
OPTIONS, SEATS = 20, 5
FEW = 10
NAMES = [f"Option {number}" for number in range(1, OPTIONS + 1)]

Measured = tuple[str, int, str, float | None, float, float]


def _rankings(chance: random.Random, number: int) -> list[list[int]]:
    """Everybody has favourites, and nearly every ballot is different."""
    return [sorted(range(OPTIONS), key=lambda option: chance.random() * (option + 3))[: chance.randint(1, OPTIONS)] for _ in range(number)]


def _cases() -> Iterator[tuple[str, int, str, float | None, list[Any], Callable[[list[Any]], Profile], dict[str, Any]]]:
    """Name, ballots, options, limit in seconds, the raw ballots, how they become a profile, what is asked."""
    chance = random.Random(SEED)  # noqa: S311 - invented votes, not secrets
    ranked = _rankings(chance, SMALL)
    wide, few = f"{OPTIONS} options", f"{FEW} options"
    lot = {"ties": "lot", "seed": "bench"}
    yield "stv", SMALL, f"{wide}, {SEATS} seats", 5.0, ranked, lambda raw: Rankings.of(NAMES, raw), {"seats": SEATS, **lot}
    yield "irv", SMALL, wide, None, ranked, lambda raw: Rankings.of(NAMES, raw), lot
    yield "schulze", SMALL, wide, None, ranked, lambda raw: Rankings.of(NAMES, raw), lot
    answers = chance.choices(("yes", "no", "abstain"), (5, 4, 1), k=LARGE)
    yield "majority", LARGE, "yes, no, abstain", 1.0, answers, Choices.of, {"threshold": "3/4"}
    weighted = list(zip(answers, chance.choices((1, 2, 3), (8, 1, 1), k=LARGE), chance.choices("abc", k=LARGE), strict=True))
    yield "majority", LARGE, "up to 3 votes, 3 classes", 1.0, weighted, Choices.of, {"classes": True}
    approved = [[option for option in range(FEW) if bits >> option & 1] for bits in (chance.getrandbits(FEW) for _ in range(LARGE))]
    yield "approval", LARGE, few, 1.0, approved, lambda raw: Approvals.of(NAMES[:FEW], raw), {"seats": SEATS, **lot}
    grades = [chance.choices(range(6), k=FEW) for _ in range(LARGE)]
    yield "score", LARGE, f"{few}, 0 to 5", 1.0, grades, lambda raw: Grades.of(NAMES[:FEW], raw), {"seats": 1, **lot}


def measured() -> Iterator[Measured]:
    """Method, ballots, what they are about, the limit, seconds from raw ballots to the result, seconds from the grouped ballots."""
    for method, number, about, limit, raw, group, options in _cases():
        start = time.perf_counter()
        profile = group(raw)
        grouped = time.perf_counter()
        count(method, profile, **options)
        end = time.perf_counter()
        yield method, number, about, limit, end - start, end - grouped


def figures(say: Callable[[str], None], machine: str) -> bool:
    """Print a line for each; False when one took longer than it may."""
    say(f"COUNTING: {machine}; invented ballots with a seed, {SMALL} rankings and {LARGE} others; no database")
    say(f"{'method':<10}{'ballots':>10}  {'about':<26}{'s, raw':>8}{'s, grouped':>12}{'limit s':>9}")
    good = True
    for method, number, about, limit, whole, counted in measured():
        good = good and (limit is None or whole < limit)
        say(f"{method:<10}{number:>10}  {about:<26}{whole:>8.2f}{counted:>12.3f}{'' if limit is None else f'{limit:.0f}':>9}")
    say("all within their limits" if good else "NOT all within their limits")
    return good
