"""How long the picture of a large opinion landscape takes in the background. `./allmende bench opinions` runs it, in a house of its own."""

import resource
from argparse import ArgumentParser
from time import perf_counter
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from allmende.constitution.models import Cooperative
from allmende.directory.models import Organisation
from allmende.ground.bulk import insert
from allmende.opinions import computing
from allmende.opinions.models import Answer, Landscape, State, Statement
from allmende.people.models import Person

LIMIT = 30  # seconds in the background
CAMPS, TRUE_TO_CAMP, SEED = 4, 0.75, 7


class Command(BaseCommand):
    """Invents people in four camps who answer part of the statements, and makes the picture from the tables, twice."""

    help = "Measure opinion landscapes in an empty house."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many people and statements, and which part of the statements each answers."""
        parser.add_argument("people", type=int, nargs="?", default=2_000)
        parser.add_argument("--statements", type=int, default=500)
        parser.add_argument("--percent", type=int, default=100, help="of the statements, answered by each person (default 100)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill, compute, print."""
        if Person.objects.filter(is_service=False).exists():
            raise CommandError("This house is not empty: the measurement fills one of its own.")
        with transaction.atomic():
            asked, count = self._fill(options["people"], options["statements"], options["percent"])
        self.stdout.write(
            f"{options['people']} people x {options['statements']} statements, {count} answers invented (seed {SEED}), {connection.vendor}"
        )
        for name in ("first picture", "the next one"):
            start = perf_counter()
            result = computing.compute(asked)
            took = perf_counter() - start
            sizes = ", ".join(str(group["people"]) for group in result.shown["groups"])
            self.stdout.write(f"{name:<16}{took:8.1f} s   groups of {sizes}   {'within' if took < LIMIT else 'ABOVE'} {LIMIT} s")
            asked = Landscape.objects.select_related("result").get(pk=asked.pk)
        self.stdout.write(f"memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")

    def _fill(self, people: int, statements: int, percent: int) -> tuple[Landscape, int]:
        cooperative = Cooperative.objects.create(organisation=Organisation.objects.create(name="Bench eG", slug="bench-eg"))
        asked = Landscape.objects.create(cooperative=cooperative, title="Bench", state=State.OPEN)
        persons = Person.objects.bulk_create(Person(email=f"m{at}@bench.example", name=f"M{at}") for at in range(people))
        texts = Statement.objects.bulk_create(
            Statement(landscape=asked, number=at + 1, text=f"Invented statement number {at + 1}.") for at in range(statements)
        )
        values = invented(people, statements, percent / 100)
        now, known = timezone.now(), ~np.isnan(values)
        for row, person in enumerate(persons):
            insert(
                [
                    Answer(landscape=asked, statement=texts[at], person=person, value=int(values[row, at]), answered_at=now)
                    for at in np.flatnonzero(known[row])
                ]
            )
        return asked, int(known.sum())


def invented(people: int, statements: int, part: float) -> Any:
    """Answers of four camps, three quarters of them true to the camp, NaN for what was not answered."""
    dice = np.random.default_rng(SEED)
    camps = dice.choice([-1, 0, 1], (CAMPS, statements), p=[0.4, 0.2, 0.4])
    chosen = camps[dice.integers(0, CAMPS, people)]
    values = np.where(dice.random((people, statements)) < TRUE_TO_CAMP, chosen, dice.choice([-1, 0, 1], (people, statements))).astype(float)
    values[dice.random((people, statements)) >= part] = np.nan
    return values
