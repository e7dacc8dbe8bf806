"""How quick the register of a large cooperative is. `./allmende bench register` runs it, in a house of its own."""

import os
from argparse import ArgumentParser
from datetime import date
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from allmende.directory import taxonomy
from allmende.home.management.commands.bench import resident_mb, served
from allmende.home.measuring import members, posting, yearly
from allmende.home.measuring.members import House
from allmende.home.measuring.signed import Answer, Browser, seeing_names, session_of
from allmende.members.models import Membership, ShareEntry
from allmende.money.models import Booking, Request

LIMIT_MS, LEAST_ROWS = 300.0, 5_000
PAST = date(2019, 7, 1)

# What the board looks at: (name, address below the cooperative's). {n} makes each request a little different, {past} is a day long ago.
PAGES = [
    ("list today", "mitglieder/?page={n}"),
    ("list, past date", "mitglieder/?on={past}&page={n}"),
    ("list, past, page 1,000", "mitglieder/?on={past}&page={far}"),
    ("list, past, by name", "mitglieder/?on={past}&q=muster{digits}"),
    ("list, past, a group", "mitglieder/?on={past}&group=partners&page={n}"),
    ("list, past, sort: name", "mitglieder/?on={past}&sort=name&page={n}"),
    ("list, past, sort: shares", "mitglieder/?on={past}&sort=shares&page={n}"),
    ("list, who left", "mitglieder/?on={past}&who=left"),
    ("member", "mitglieder/{n}/"),
    ("statistics", "mitglieder/zahlen/"),
    ("statistics, past date", "mitglieder/zahlen/?on={past}"),
    ("overview", ""),
    ("contributions", "beitraege/"),
    ("money", "kasse/"),
    ("bookings", "kasse/buchungen/?page={n}"),
    ("bookings, page 1,000", "kasse/buchungen/?page={far}"),
    ("bookings of a member", "kasse/buchungen/?member={n}"),
    ("balances", "kasse/salden/"),
    ("capital by member", "kasse/guthaben/?page={n}"),
]
OWN = [("own membership", "ich/"), ("own account", "ich/konto/"), ("overview, as member", "")]
LIST = "list, past"  # what has the target of 300 ms


class Command(BaseCommand):
    """Fills an empty house with one large cooperative and works in it."""

    help = "Measure the register of a large cooperative, in an empty house."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many members, how often."""
        parser.add_argument("number", type=int, nargs="?", default=100_000)
        parser.add_argument("--requests", type=int, default=20)
        parser.add_argument("--calls", type=int, default=1_000, help="contributions posted, a thousand a minute")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, serve, ask, give up."""
        if Membership.objects.exists():
            raise CommandError("There are members in this house; measuring would add invented ones. Use an empty house.")
        number, times = options["number"], options["requests"]
        taxonomy.ensure()
        since = perf_counter()
        house = members.founded("Messwerk eG")
        members.fill(house, number)
        counts = f"{ShareEntry.objects.count()} lines of shares, {Request.objects.count()} requests, {Booking.objects.count()} bookings"
        self._say(f"{number} members written in {perf_counter() - since:.0f} s: {counts}")
        with served(dict(os.environ)) as (port, pid):
            board = Browser(port, seeing_names(house.board, house.cooperative.pk))
            self._pages(house, board, Browser(port, session_of(house.member)), number, times)
            self._files(house, board)
            self._posting(house, port, options["calls"], board)
            self._say(f"memory of the server: {resident_mb(pid)} MB")
        self._say(f"load of the machine in the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        self._yearly(number)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    # ----------------------------------------------------------------------------------------------------------- pages

    def _pages(self, house: House, board: Browser, own: Browser, number: int, times: int) -> None:
        self._say(f"\n{'page':<26}{'p50 ms':>8}{'p95 ms':>8}{'max ms':>8}{'kB':>8}{'ratio':>8}")
        base = self._line("empty answer", board, ["/healthz"] * times, 0.0)[0]
        worst = 0.0
        for browser, asked in ((board, PAGES), (own, OWN)):
            for name, address in asked:
                p95 = self._line(name, browser, [_address(house, address, at, number) for at in range(times)], base)[1]
                worst = max(worst, p95) if name.startswith(LIST) else worst
        verdict = "within" if worst < LIMIT_MS else "ABOVE"
        self._say(f"slowest p95 of the list for a past date {worst:.0f} ms, {verdict} the limit of {LIMIT_MS:.0f} ms\n")

    def _line(self, name: str, browser: Browser, addresses: list[str], base: float) -> tuple[float, float]:
        _right(browser.get(addresses[0]), addresses[0])
        answers = [_right(browser.get(one), one) for one in addresses]
        taken = [1000 * one.seconds for one in answers]
        p50, p95 = median(taken), quantiles(taken, n=20)[-1]
        ratio = p50 / base if base else 1.0
        self._say(f"{name:<26}{p50:>8.1f}{p95:>8.1f}{max(taken):>8.1f}{len(answers[0].body) / 1000:>8.1f}{ratio:>8.1f}")
        return p50, p95

    # ----------------------------------------------------------------------------------------------------------- files

    def _files(self, house: House, board: Browser) -> None:
        on, year = localdate(), yearly.year_end()
        period = f"?first={year.year}-01-01&last={year.isoformat()}"
        here = f"/genossenschaft/{house.slug}/"
        for kind in ("csv", "xlsx"):
            said = {"on": on.isoformat(), "purpose": "Messung der Ausgabe"}
            made = _right(board.send(f"{here}mitglieder/liste.{kind}", **said), kind)
            rows = Membership.objects.filter(cooperative=house.cooperative, ends_on=None).count()
            self._rows(f"list as {kind.upper()}", rows, made, LEAST_ROWS if kind == "csv" else 0)
        for name, path in (("bookings for DATEV", "datev"), ("bookings as CSV", "csv")):
            made = _right(board.get(f"{here}kasse/export/{path}/{period}"), path)
            rows = Booking.objects.filter(cooperative=house.cooperative, booked_on__year=year.year).count()
            self._rows(name, rows, made)
        page = _right(board.get(f"{here}pruefung/"), "pruefung")
        self._say(f"{'books examined, page':<26}{page.seconds:>8.1f} s")
        said = {"on": year.isoformat(), "since": f"{year.year}-01-01", "purpose": "Messung"}
        made = _right(board.send(f"{here}pruefung/", **said), "pruefung")
        self._say(f"{'auditor’s folder':<26}{made.seconds:>8.1f} s, {len(made.body) / 1e6:.1f} MB")

    def _rows(self, name: str, rows: int, made: Answer, least: int = 0) -> None:
        speed = rows / made.seconds
        verdict = f", {'within' if speed >= least else 'BELOW'} the {least} asked for" if least else ""
        self._say(f"{name:<26}{made.seconds:>8.1f} s, {rows} rows, {speed:.0f} rows/s, {len(made.body) / 1e6:.1f} MB{verdict}")

    # --------------------------------------------------------------------------------------------------- contributions

    def _posting(self, house: House, port: int, calls: int, board: Browser) -> None:
        own = Browser(port, session_of(house.member))
        found = posting.post(house, port, calls, [board, own])
        self._say(
            f"\n{found.calls} contributions posted at {found.a_minute:.0f} a minute while two people kept the page open: "
            f"{found.missing} lost or doubled, sums differ by {found.difference}, {found.refused} refused"
        )
        for name, taken in (("post", found.posts), ("contributions page", found.pages), ("its picture, live", found.lives)):
            p95 = quantiles(taken, n=20)[-1]
            self._say(f"{name:<26}{median(taken):>8.1f}{p95:>8.1f}{max(taken):>8.1f}   {len(taken)} answers (p50, p95, max ms)")

    def _yearly(self, number: int) -> None:
        self._say("")
        for name, seconds, much in yearly.lines(
            max(20, number // 10), max(5, number // 100), (max(10, number // 100), max(20, number // 10))
        ):
            self._say(f"{name:<38}{seconds:>8.1f} s, {much}")


def _address(house: House, pattern: str, at: int, number: int) -> str:
    far = max(1, min(1_000, number // 200)) - at % 10
    path = pattern.format(n=1 + at % 20, far=max(1, far), past=PAST.isoformat(), digits=f"{at % 100:02d}")
    return f"/genossenschaft/{house.slug}/{path}"


def _right(answer: Answer, what: str) -> Answer:
    if answer.status != 200:
        raise CommandError(f"{what} answered {answer.status}: {answer.body[:200]!r}")
    return answer
