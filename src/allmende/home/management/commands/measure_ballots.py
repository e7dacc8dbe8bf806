"""Whether ten thousand people can vote within a minute, and nothing is lost. `./allmende bench ballots` runs it, in a house of its own."""

import json
import os
import subprocess
import sys
from argparse import ArgumentParser
from datetime import date, timedelta
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone
from django.utils.crypto import get_random_string

from allmende.ballots import rules
from allmende.ballots.actions import open_ballot, prepare
from allmende.ballots.actions.closing import finish
from allmende.ballots.models import Ballot, Paper, Participation, Vote
from allmende.directory import taxonomy
from allmende.ground.bulk import insert
from allmende.home.management.commands.bench import processor_s, resident_mb, served
from allmende.home.measuring.members import House, founded
from allmende.home.measuring.signed import TOKEN, signed_in
from allmende.members.models import Membership, Particulars
from allmende.people.models import Person

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"  # of the keys of sessions
SINCE = date(2020, 1, 1)
LIMIT_S = 1.0


class Command(BaseCommand):
    """Fills an empty house with members who all have accounts, lets them vote, counts."""

    help = "Measure voting through the real server, in an empty house."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, within how many seconds."""
        parser.add_argument("number", type=int, nargs="?", default=10_000)
        parser.add_argument("--seconds", type=float, default=60.0)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, open, serve, vote, count."""
        if Membership.objects.exists():
            raise CommandError("There are members in this house; measuring would add invented ones. Use an empty house.")
        taxonomy.ensure()
        number = options["number"]
        house, sessions = entitled(number)
        # As each is run: one process on SQLite, one for each core on PostgreSQL (docs/scaling.md).
        workers = (os.cpu_count() or 1) if connection.vendor == "postgresql" else 1
        self._say(f"one server of {workers} process{'es' if workers > 1 else ''}\n")
        for box in ("open", "detached"):
            ballot = self._opened(house, box)
            with served(dict(os.environ) | {"ALLMENDE_TRUSTED_PROXIES": "1"}, workers) as (port, pid):
                before = processor_s(pid)
                result = self._come(ballot, port, sessions, options["seconds"])
                server = f"server {resident_mb(pid)} MB, {processor_s(pid) - before:.1f} s of processor time"
            self._print(ballot, result, number, options["seconds"], server)
            self._count(ballot, number)
        self._say(f"load of the machine in the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")

    def _opened(self, house: House, box: str) -> Ballot:
        now = timezone.now()
        ballot = prepare(
            house.cooperative, title="Messung", question="Ja oder nein?", rule={"method": rules.MAJORITY}, box=box,
            opens_at=now, closes_at=now + timedelta(hours=2), by=house.board,
        )  # fmt: skip
        since = perf_counter()
        ballot = open_ballot(ballot, by=house.board, now=now)
        self._say(f"\n{box} box: roll of {ballot.voters_count} frozen and opened in {perf_counter() - since:.1f} s")
        return ballot

    def _come(self, ballot: Ballot, port: int, sessions: list[str], seconds: float) -> dict[str, Any]:
        plan = {
            "port": port,
            "page": f"/genossenschaft/{ballot.slug}/abstimmungen/{ballot.uuid}/stimme/",
            "said": "Dein Stimmzettel liegt in der Urne",
            "cookies": f"{settings.CSRF_COOKIE_NAME}={TOKEN}; {settings.SESSION_COOKIE_NAME}",
            "sessions": sessions,
            "answers": ["yes", "yes", "no", "abstain"],
            "seconds": seconds,
        }
        done = subprocess.run(
            [sys.executable, "-m", "allmende.home.measuring.voting"], input=json.dumps(plan), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise CommandError(done.stderr[-2_000:])
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def _print(self, ballot: Ballot, result: dict[str, Any], number: int, seconds: float, server: str) -> None:
        self._say(f"{number} people came within {seconds:.0f} s, the last was answered after {result['seconds']:.1f} s; {server}")
        self._say(f"{'step':<22}{'times':>8}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}")
        worst = 0.0
        for name in ("opened", "cast"):
            times = [1000 * one for one in result[name]]
            if len(times) > 1:
                p95 = quantiles(times, n=20)[-1]
                worst = max(worst, p95)
                self._say(f"{name:<22}{len(times):>8}{median(times):>9.1f}{p95:>9.1f}{max(times):>9.1f}")
        verdict = "within" if worst < LIMIT_S * 1000 else "ABOVE"
        self._say(f"slowest p95 {worst:.0f} ms, {verdict} the limit of {LIMIT_S * 1000:.0f} ms")
        self._say(f"answers to papers: {result['statuses']}; faults: {result['faults'] or 'none'}")

    def _count(self, ballot: Ballot, number: int) -> None:
        took_part = Participation.objects.filter(ballot=ballot).count() or Vote.objects.filter(ballot=ballot).count()
        papers = Paper.objects.filter(ballot=ballot).count() or Vote.objects.filter(ballot=ballot).count()
        since = perf_counter()
        Ballot.objects.filter(pk=ballot.pk).update(closes_at=timezone.now())
        ballot = finish(Ballot.objects.get(pk=ballot.pk), timezone.now())
        verdict = "nothing lost, nothing double" if took_part == papers == number else "WRONG"
        self._say(
            f"{took_part} took part, {papers} papers of {number}: {verdict}; counted in {perf_counter() - since:.1f} s: {ballot.outcome}"
        )

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def entitled(number: int) -> tuple[House, list[str]]:
    """A cooperative with so many members, each with an account and a session; the keys of the sessions."""
    house = founded("Abstimmwerk eG")
    last = Person.objects.order_by("-pk").values_list("pk", flat=True)[0]
    insert([Person(email=f"{one}@abstimmwerk.example", name=f"Person {one}", password="!") for one in range(number)])  # noqa: S106 - nobody signs in by it
    people = list(Person.objects.filter(pk__gt=last).order_by("pk"))
    numbered = enumerate(people, 1)
    insert([Membership(cooperative=house.cooperative, number=place, person=one, joined_on=SINCE) for place, one in numbered])
    entered = Membership.objects.filter(cooperative=house.cooperative).order_by("number")
    names = ((one, f"Person {one.number}") for one in entered)
    insert([Particulars(membership=one, family_name=name, valid_from=SINCE, folded=name.lower()) for one, name in names])
    store, until = SessionStore(), timezone.now() + timedelta(days=1)
    keys = [get_random_string(32, LETTERS) for _ in people]
    rows = zip(keys, people, strict=True)
    made = [Session(session_key=key, session_data=store.encode(signed_in(one)), expire_date=until) for key, one in rows]
    Session.objects.bulk_create(made, batch_size=1_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return house, keys
