"""What every test stands on: no network, one browser, the shared data, a tally of the results."""

import json
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from _pytest import python as pytest_python
from hypothesis import settings as hypothesis_settings

from tests.roomy import roomy

ROOT = Path(__file__).resolve().parents[1]

hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") == "true" else "house")


# -------------------------------------------------------------------------------------------------------- no network


def _is_here(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a unix socket
    host = str(address[0])
    return host in {"localhost", "::1", "", "0.0.0.0", "::"} or host.startswith("127.")


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Every connection that would leave this machine fails, name look-ups included."""
    guard = pytest.MonkeyPatch()
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def refuse(address: object) -> None:
        if not _is_here(address):
            raise AssertionError(f"A test wanted to reach {address!r}; the house works offline.")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        refuse(address)
        return connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        refuse(address)
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *args: Any, **options: Any) -> Any:
        refuse((host.decode() if isinstance(host, bytes) else host or "",))
        return look_up(host, *args, **options)

    guard.setattr(socket.socket, "connect", guarded_connect)
    guard.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    guard.setattr(socket, "getaddrinfo", guarded_look_up)
    yield
    guard.undo()


@pytest.fixture(autouse=True)
def no_memory() -> None:
    """What one test counted or learned, the next one must not know."""
    from django.conf import settings
    from django.core.cache import cache
    from django.urls import set_script_prefix
    from django.utils import translation

    from allmende.atlas import completion, questions, vocabulary
    from allmende.atlas.engine import snapshot
    from allmende.matching import index

    cache.clear()
    set_script_prefix("/")  # a house asked below another address leaves it to its thread
    translation.activate(settings.LANGUAGE_CODE)  # so does a page asked for in English
    vocabulary.forget()
    vocabulary.LONG = float("inf")  # a thread with a connection of its own would see none of a test's rows
    questions.forget()
    completion.forget()
    snapshot.forget()
    index.forget()


# ----------------------------------------------------------------------------------------------------------- database


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The database stands already when pytest-django looks for it; its `migrate` finds nothing to do."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """A copy of the prepared database, under the name this process will use: all migrations take longer than most rooms' tests."""
    from django.conf import settings
    from django.db import connections

    from tests import prepared

    at: dict[str, Any] = settings.DATABASES["default"]
    if at["ENGINE"].endswith("sqlite3"):
        prepared.copy_sqlite(Path(at["TEST"]["NAME"]))
        yield
        return
    mine = at.get("TEST", {}).get("NAME") or f"test_{at['NAME']}"
    prepared.copy_postgres(at, mine)
    yield
    connections.close_all()
    prepared.drop_postgres(at, mine)


# -------------------------------------------------------------------------------------------------------- shared data


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The collected open data sets that lie beside the project in its workshop; elsewhere these tests are skipped."""
    path = ROOT.parent / "shared" / "data"
    if not path.is_dir():
        pytest.skip("SKIPPED: ../shared/data is absent")
    return path


# ------------------------------------------------------------------------------------------------------------ browser

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
MAP_TIMEOUT = 60_000  # a map drawn by the processor takes its time

DESK = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
DARK = {"color_scheme": "dark"}
NO_SCRIPT = {"java_script_enabled": False}
LOOKS = {
    "desk": DESK,
    "desk-dark": DESK | DARK,
    "phone": PHONE,
    "phone-dark": PHONE | DARK,
    "desk-no-script": DESK | NO_SCRIPT,
}
"""Ways to look at a page: `@pytest.mark.parametrize("look", LOOKS)` and then `page = open_page(**LOOKS[look])`."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium. Its driver keeps an event loop in this thread, which Django would take for an asynchronous caller."""
    if not Path(CHROMIUM).exists():
        pytest.skip("BROWSER TESTS SKIPPED: Chromium is missing")
    from playwright.sync_api import sync_playwright

    patch = pytest.MonkeyPatch()
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        yield chromium
        chromium.close()
    patch.undo()


@pytest.fixture
def open_page(browser: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """`open_page(**PHONE, locale="en-GB")`: a fresh page on the live server. Foreign requests and script errors fail the test."""
    contexts, foreign, errors = [], [], []
    own = urlsplit(live_server.url).netloc

    def note(request: Any) -> None:
        url = urlsplit(request.url)
        if url.scheme in {"http", "https", "ws", "wss"} and url.netloc != own:
            foreign.append(request.url)

    def opened(**options: Any) -> Any:
        context = browser.new_context(**({"base_url": live_server.url, "locale": "de-DE", "reduced_motion": "reduce"} | DESK | options))
        contexts.append(context)
        context.on("request", note)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        page = context.new_page()
        page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        page.errors, page.foreign = errors, foreign  # a test that provokes one on purpose clears these lists
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not foreign, f"The page asked foreign servers: {foreign}"
    assert not errors, f"The browser complained: {errors}"


@pytest.fixture
def page(open_page: Callable[..., Any]) -> Any:
    """One page at 1280 pixels, light, German."""
    return open_page()


def axe(page: Any) -> list[str]:
    """What axe finds wrong with the page as it stands, one line per violation; an empty list is what we want."""
    from axe_playwright_python.sync_playwright import Axe

    if not page.evaluate("'axe' in window"):  # a page that is looked at twice takes in its half megabyte once
        page.evaluate(Axe().axe_script)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(said => said.violations)")
    return [f"{one['id']} ({one['impact']}): {node['target']} {node['html'][:120]}" for one in found for node in one["nodes"]]


# ----------------------------------------------------------------------------------------------------- order and tally

TOGETHER = "tests/leaks/"
"""Who walks through the house walks once for all files of this folder: they stay in one process."""
LONG = (
    *(TOGETHER, "tests/test_script.py", "tests/home/test_move_to_postgres.py", "tests/ground/test_backup.py", "tests/atlas/test_bulk.py"),
    *("tests/atlas/test_reference.py", "tests/directory/test_import_crash.py", "tests/duplicates/test_figures.py"),
    *("tests/ground/test_replicas.py", "tests/atlas/test_index_crash.py", "tests/journeys/test_map_tiles.py"),
    *("tests/journeys/test_map_promises.py", "tests/journeys/test_accessibility.py", "tests/journeys/test_signed_in_pages.py"),
)
"""What takes longest, longest first: it begins first, so that no process works on while the others have nothing left."""


def _begins(item: pytest.Item) -> int:
    return next((place for place, start in enumerate(LONG) if item.nodeid.startswith(start)), len(LONG))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With --dist loadfile: whole files, and the walks of one folder together, in the order below."""
    if config.option.dist != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return TOGETHER if nodeid.startswith(TOGETHER) else nodeid.split("::", 1)[0]

    config.option.loadscopereorder = False  # the number of tests of a file says little of its time
    return Scheduling(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> object:
    """As pytest does it, with room on the stack."""
    return roomy(pytest_python.pytest_pyfunc_call, pyfuncitem)


def _asks_a_database(item: pytest.Item) -> bool:
    """Whether it may differ from one database to the other. How pages look does not; guests walk through all of them on both."""
    if item.path.stem in {"test_pages", "test_views", "test_forms", "test_hostile"}:
        return False
    return item.get_closest_marker("django_db") is not None or bool({"db", "transactional_db"} & set(getattr(item, "fixturenames", ())))


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    """Whoever uses the browser carries its marker, and comes last because its event loop stays in the thread.

    On a second database only what asks a database is tried again (`ALLMENDE_RUN`): rules and texts know none.
    """
    for item in items:
        if {"browser", "open_page", "page"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
    if os.environ.get("ALLMENDE_RUN") == "PostgreSQL":
        config.hook.pytest_deselected(items=[item for item in items if not _asks_a_database(item)])
        items[:] = [item for item in items if _asks_a_database(item)]
    yield  # here pytest picks by marker and shuffles
    items.sort(key=lambda item: (item.get_closest_marker("browser") is not None, _begins(item)))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Write the result down for the closing line of `./allmende test`, which adds up several runs."""
    tally = os.environ.get("ALLMENDE_TALLY")
    if not tally or "PYTEST_XDIST_WORKER" in os.environ:
        return
    words = ("passed", "failed", "error", "skipped", "xfailed")
    counts = {word: len(terminalreporter.stats.get(word, ())) for word in words}
    name = os.environ.get("ALLMENDE_RUN", "pytest")
    with Path(tally).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"name": name} | {word: count for word, count in counts.items() if count}) + "\n")
