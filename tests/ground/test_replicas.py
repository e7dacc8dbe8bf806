"""Reading from a replica: a real primary and a real streaming replica, through the house's own doors.

Runs once, on PostgreSQL, whose tables the primary gets. SQLite has no replicas.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, connections, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import timezone

from allmende.atlas import queries
from allmende.atlas.rules import Filters
from allmende.config.environment import Environment
from allmende.config.urls import urlpatterns as house_patterns
from allmende.ground import backups, replicas
from allmende.ground.models import Worker
from allmende.people.models import Person
from allmende.web.replicas import WROTE
from tests import cast
from tests.postgres import Server, servers

# ------------------------------------------------------------------------------------------------------------ settings


def test_replicas_are_named_by_one_setting_and_are_only_ever_read() -> None:
    house = Environment(
        database_url="postgres://a:b@one/house", replica_urls=["postgres://a:b%40@two:5433/house", "postgresql://three/house"]
    )
    first, second = house.replicas().values()
    assert list(house.replicas()) == ["replica1", "replica2"]
    assert (first["HOST"], first["PORT"], first["PASSWORD"], second["HOST"]) == ("two", "5433", "b@", "three")
    assert "default_transaction_read_only=on" in first["OPTIONS"]["options"]  # type: ignore[index]


def test_a_house_without_replicas_has_none() -> None:
    assert Environment(database_url="", replica_urls=[]).replicas() == {}


@pytest.mark.parametrize(
    ("database", "replica", "lag"),
    [("", "postgres://two/house", 10), ("postgres://one/house", "sqlite:///x", 10), ("postgres://one/house", "postgres://two/house", 1)],
)
def test_a_replica_without_a_primary_of_its_kind_is_refused_with_what_to_do(database: str, replica: str, lag: int) -> None:
    with pytest.raises(ImproperlyConfigured, match="ALLMENDE_REPLICA_"):
        Environment(database_url=database, replica_urls=[replica], replica_lag=lag).replicas()


# ------------------------------------------------------------------------------------------------- doors for this test


def _names() -> str:
    with connection.cursor() as cursor:  # as the map asks, past the models
        cursor.execute("SELECT count(*) FROM ground_worker")
        assert cursor.fetchone()[0] == Worker.objects.count()
    return " ".join(Worker.objects.order_by("id").values_list("id", flat=True))


def look(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_names())


def write(request: HttpRequest, name: str) -> HttpResponse:
    """Writes by POST, as it should be, and by GET, as some libraries do."""
    Worker.objects.create(id=name, beat_at=timezone.now())
    return HttpResponse(_names())


def swallow(request: HttpRequest, name: str) -> HttpResponse:
    try:
        Worker.objects.create(id=name, beat_at=timezone.now())
    except DatabaseError:
        return HttpResponse("nobody heard of it")
    return HttpResponse(_names())


def lock(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        return HttpResponse(_names())


def newer(request: HttpRequest) -> HttpResponse:
    """What the process holds in memory is newer than what a replica shows."""
    replicas.ask_primary()
    return HttpResponse(_names())


def remember(request: HttpRequest) -> HttpResponse:
    request.session["seen"] = "yes"
    return HttpResponse(_names())


def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("a fault of the house")


def stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(_names() for _ in range(1))


urlpatterns = [
    *house_patterns,
    path("probe/", look),
    path("probe/write/<str:name>/", write),
    path("probe/swallow/<str:name>/", swallow),
    path("probe/lock/", lock),
    path("probe/newer/", newer),
    path("probe/remember/", remember),
    path("probe/broken/", broken),
    path("probe/stream/", stream),
]


# ------------------------------------------------------------------------------------------------- primary and replica


@dataclass
class Both:
    """A house with a primary and a replica; `primary` and `replica` are this thread's connections."""

    servers: list[Server]
    primary: Any
    replica: Any

    def tell_replica(self, sql: str) -> None:
        with self.replica.cursor() as cursor:
            cursor.execute(sql)

    def pause(self) -> None:
        """The replica goes on answering, but follows no more."""
        self.tell_replica("SELECT pg_wal_replay_pause()")

    def resume(self) -> None:
        self.tell_replica("SELECT pg_wal_replay_resume()")

    def caught_up(self) -> None:
        """Wait until the replica shows what the primary has written."""
        with self.primary.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_insert_lsn()::text")
            wanted = cursor.fetchone()[0]
        for _ in range(200):
            with self.replica.cursor() as cursor:
                cursor.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", [wanted])
                if cursor.fetchone()[0]:
                    return
            time.sleep(0.02)
        raise AssertionError("The replica does not follow.")

    def write(self, name: str) -> None:
        """Somebody elsewhere writes."""
        Worker.objects.using("default").create(id=name, beat_at=timezone.now())

    def who_answers(self, ask: Callable[[], Any]) -> tuple[str, Any]:
        """Which of both was asked for the names of the workers last, and the answer."""
        with CaptureQueriesContext(self.replica) as there, CaptureQueriesContext(self.primary) as here:
            answer = ask()
        asked = {"replica": there.captured_queries, "primary": here.captured_queries}
        names = [name for name, queries in asked.items() if any("ground_worker" in str(query["sql"]) for query in queries)]
        return " and ".join(names), answer


@pytest.fixture(scope="module")
def both_servers(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    if connection.vendor != "postgresql":
        pytest.skip("tests with a replica run on PostgreSQL: ./allmende test, or with ALLMENDE_DATABASE_URL=postgres://...")
    with servers("primary", "replica") as (primary, replica):
        primary.create().start()
        tables = tmp_path_factory.mktemp("tables") / "tables.pgdump"
        with django_db_blocker.unblock():
            backups.dump_postgres(connection.settings_dict, tables)
        backups.restore_postgres(primary.settings, tables)
        replica.follow(primary).start()
        yield [primary, replica]


@pytest.fixture
def both(db: None, both_servers: list[Server], django_db_blocker: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Both]:
    """The house under test lives on the primary for once, and may read from the replica."""
    settings.ROOT_URLCONF, settings.REPLICAS, settings.REPLICA_LAG = __name__, ["replica1"], 60
    monkeypatch.setattr(replicas, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(replicas, "REST", 0.0)
    replicas.forget()
    house = Environment(database_url=both_servers[0].url(), replica_urls=[both_servers[1].url()])
    known = connections.configure_settings({"default": house.database(), **house.replicas()})
    usual = connections["default"]
    connections.settings["replica1"] = known["replica1"]
    connections["default"] = type(usual)(known["default"], "default")
    with django_db_blocker.unblock():
        one = Both(both_servers, connections["default"], connections["replica1"])
        Worker.objects.all().delete()
        Person.objects.all().delete()
        one.resume()
        one.caught_up()
        assert one.who_answers(get("/probe/"))[0] == "replica"  # proven fresh; what a test sees of the primary is its own doing
        yield one
        for used in (one.primary, one.replica):
            used.close()
    connections["default"] = usual
    del connections["replica1"], connections.settings["replica1"]
    replicas.forget()


def get(address: str, client: Client | None = None) -> Callable[[], Any]:
    return lambda: (client or Client()).get(address)


# ------------------------------------------------------------------------------------------------------------- reading


def test_who_only_looks_is_answered_by_the_replica_and_gets_no_cookie(both: Both) -> None:
    both.write("anna")
    both.caught_up()
    who, answer = both.who_answers(get("/probe/"))
    assert (who, answer.content, dict(answer.cookies)) == ("replica", b"anna", {})


def test_who_writes_is_answered_by_the_primary_and_reads_it_there_as_long_as_the_replica_may_be_behind(both: Both) -> None:
    both.pause()
    guest = Client()
    who, answer = both.who_answers(lambda: guest.post("/probe/write/berta/"))
    assert (who, answer.content) == ("primary", b"berta")
    assert answer.cookies[WROTE]["max-age"] == 60 + replicas.MARGIN and answer.cookies[WROTE]["httponly"]
    assert guest.get("/probe/").content == b"berta"  # and the replica still knows nothing:
    who, answer = both.who_answers(get("/probe/"))
    assert (who, answer.content) == ("replica", b"")
    both.resume()
    both.caught_up()
    assert Client().get("/probe/").content == b"berta"
    del guest.cookies[WROTE]  # as browsers do after these seconds
    assert both.who_answers(get("/probe/", guest))[0] == "replica"


@pytest.mark.parametrize("value", ["1", ":1tfJ0a:bm9ib2R5IHNpZ25lZCB0aGlz"])
def test_nobody_gets_at_the_primary_by_a_cookie_we_did_not_sign(both: Both, value: str) -> None:
    forger = Client()
    forger.cookies[WROTE] = value
    assert both.who_answers(get("/probe/", forger))[0] == "replica"


def test_people_who_are_signed_in_read_from_the_replica_too_and_see_their_own_changes_at_once(both: Both) -> None:
    person, browser = Person.objects.create(email="anna@example.org", name="Anna"), Client()
    browser.force_login(person)
    both.caught_up()
    both.pause()
    with CaptureQueriesContext(both.replica) as there:
        assert b"Anna" in browser.get("/mein/daten/").content
    assert any("people_person" in query["sql"] for query in there.captured_queries)
    assert browser.post("/mein/daten/", {"name": "Anna Neu", "language": "de"}).status_code == 302
    assert b"Anna Neu" in browser.get("/mein/daten/").content


def test_a_session_that_the_replica_does_not_know_yet_is_not_ended(both: Both) -> None:
    person, browser = Person.objects.create(email="anna@example.org", name="Anna"), Client()
    both.caught_up()
    both.pause()
    browser.force_login(person)
    answer = browser.get("/mein/daten/")
    assert (answer.status_code, answer.cookies.get("allmende_sitzung")) == (200, None)


# ------------------------------------------------------------------------------------------ what a replica cannot do


@pytest.mark.parametrize("address", ["/probe/write/carla/", "/probe/swallow/carla/"])
def test_a_page_that_turns_out_to_write_is_answered_again_by_the_primary(both: Both, address: str) -> None:
    answer = Client().get(address)  # a second time would break the primary key
    assert (answer.status_code, answer.content, dict(answer.cookies)) == (200, b"carla", {})


def test_whose_page_wrote_into_their_session_reads_from_the_primary_as_well(both: Both) -> None:
    browser = Client()
    answer = browser.get("/probe/remember/")
    assert answer.status_code == 200 and WROTE in answer.cookies
    assert browser.session["seen"] == "yes"
    assert both.who_answers(get("/probe/", browser))[0] == "primary"


@pytest.mark.parametrize("address", ["/probe/lock/", "/probe/newer/", "/probe/stream/"])
def test_transactions_and_what_must_be_new_and_long_streams_are_read_from_the_primary(both: Both, address: str) -> None:
    both.write("dora")
    both.pause()
    who, answer = both.who_answers(lambda: b"".join(Client().get(address)))
    assert (who, answer) == ("primary", b"dora")


def test_inside_a_transaction_everything_stays_at_the_primary(both: Both) -> None:
    with transaction.atomic():
        both.write("emma")
        assert both.who_answers(lambda: replicas.read(_names)) == ("primary", "emma")


def test_a_fault_of_the_house_is_not_tried_twice(both: Both) -> None:
    client = Client(raise_request_exception=False)
    with CaptureQueriesContext(both.primary) as here:
        assert client.get("/probe/broken/").status_code == 500
    assert [query["sql"] for query in here.captured_queries if "pg_current_wal" not in query["sql"]] == []


def test_caretakers_work_at_the_primary(both: Both) -> None:
    with CaptureQueriesContext(both.replica) as there:
        assert Client().get("/verwaltung/").status_code == 302
        assert Client().get("/healthz").status_code == 200
    assert there.captured_queries == []


def test_the_map_in_memory_never_goes_back_to_what_a_replica_still_shows(both: Both) -> None:
    def found() -> int:
        return queries.search(Filters(q="Windmühle")).total

    assert found() == 0
    both.pause()
    item = cast.organisation("Windmühle eG", "Berlin", cast.BERLIN)
    assert replicas.read(found) == 0  # the replica knows nothing of it, and this process has asked nobody else yet
    assert found() == 1
    with CaptureQueriesContext(both.primary) as here:
        assert replicas.read(found) == 1
    assert any("atlas_version" in str(query["sql"]) for query in here.captured_queries)
    both.resume()
    both.caught_up()
    with CaptureQueriesContext(both.primary) as here:
        assert replicas.read(found) == 1
    assert not any("atlas_version" in str(query["sql"]) for query in here.captured_queries)
    item.delete()


# ----------------------------------------------------------------------------------------------- behind, down, back


def test_a_replica_too_far_behind_is_not_read_until_it_has_caught_up(both: Both, settings: Any) -> None:
    settings.REPLICA_LAG = 0.2
    assert both.who_answers(get("/probe/"))[0] == "replica"
    both.pause()
    both.write("frida")
    assert Client().get("/probe/").status_code == 200
    time.sleep(0.25)
    who, answer = both.who_answers(get("/probe/"))
    assert (who, answer.content) == ("primary", b"frida")
    both.resume()
    both.caught_up()
    who, answer = both.who_answers(get("/probe/"))
    assert (who, answer.content) == ("replica", b"frida")


def test_a_connection_that_breaks_is_no_fault_and_is_made_anew(both: Both) -> None:
    assert both.who_answers(get("/probe/"))[0] == "replica"
    other = both.replica.copy("other")
    with other.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type LIKE 'client%%'"
        )
    other.close()
    replicas._known["replica1"].looked_at = time.monotonic()  # looked at just now, and all was well
    answer = Client().get("/probe/")
    assert answer.status_code == 200
    assert both.who_answers(get("/probe/"))[0] == "replica"


def test_a_replica_that_dies_is_missed_by_nobody_and_read_again_when_it_is_back(both: Both) -> None:
    assert both.who_answers(get("/probe/"))[0] == "replica"
    primary, replica = both.servers
    replica.stop()
    try:
        who, answer = both.who_answers(get("/probe/"))
        assert (who, answer.status_code) == ("primary", 200)
        assert Client().post("/probe/write/gerda/").status_code == 200
        assert Client().get("/probe/").content == b"gerda"
    finally:
        replica.start()
    both.caught_up()
    who, answer = both.who_answers(get("/probe/"))
    assert (who, answer.content) == ("replica", b"gerda")


def test_a_replica_that_rests_is_not_asked(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replicas, "REST", 60.0)
    both.servers[1].stop()
    try:
        assert Client().get("/probe/").status_code == 200
    finally:
        both.servers[1].start()
    assert both.who_answers(get("/probe/"))[0] == "primary"


def test_what_became_a_primary_itself_is_no_replica(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    assert both.who_answers(get("/probe/"))[0] == "replica"
    monkeypatch.setitem(both.replica.settings_dict, "HOST", str(both.servers[0].folder))
    both.replica.close()
    assert both.who_answers(get("/probe/"))[0] == "primary"
    with pytest.raises(DatabaseError, match="read-only"):
        both.tell_replica("DELETE FROM ground_worker")


def test_reading_goes_on_while_the_primary_is_away(both: Both) -> None:
    both.write("hanna")
    both.caught_up()
    assert both.who_answers(get("/probe/"))[0] == "replica"
    both.servers[0].stop()
    try:
        answer = Client().get("/probe/")
        assert (answer.status_code, answer.content) == (200, b"hanna")
    finally:
        both.primary.close()
        both.servers[0].start()
