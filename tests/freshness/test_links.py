"""Websites: asked politely and only on the public net; three failures over weeks are a question, nothing more."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client

from allmende.directory.models import Organisation, State
from allmende.freshness import actions, fetching, jobs, links, queries, tasks
from allmende.freshness.fetching import Found, is_public, look
from allmende.freshness.models import LinkCheck
from allmende.freshness.rules import Result
from allmende.ground import queue
from allmende.ground.models import Entry
from allmende.ground.refusals import Refused
from allmende.people.models import Notice
from tests.cast import organisation
from tests.freshness.ways import DAY, NOW, caretaker, kept
from tests.people.ways import person, sign_in

AGENT = "Test/1.0"


class Site(BaseHTTPRequestHandler):
    """A website that answers as its address says: /404, /to/<path>, /nohead, /slow."""

    asked: list[tuple[str, str, str]] = []

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        Site.asked.append((self.command, self.path, self.headers.get("User-Agent", "")))
        kind = self.path.strip("/").split("/")
        if kind[0] in {"301", "302", "308"}:
            self._say(int(kind[0]), self.path[4:])
        elif kind[0] == "away":
            self._say(301, "http://" + "/".join(kind[1:]))
        elif kind[0] == "circle":
            self._say(302, "/circle")
        elif kind[0] == "nohead":
            self._say(405 if self.command == "HEAD" else 200)
        elif kind[0] == "big":
            self._say(200)
            if self.command == "GET":
                self.wfile.write(b"x" * 10_000_000)
        else:
            self._say(int(kind[0] or 200))

    def _say(self, status: int, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Silent."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def see(port: int) -> Any:
    """Look at a path of the test's own website, or at an address, with this machine let in."""
    Site.asked.clear()

    def seen(path: str) -> Found:
        url = path if "://" in path else f"http://localhost:{port}{path}"
        return look(url, AGENT, guard=lambda address: address.startswith("127."), ports={"http": port})

    return seen


@pytest.fixture(autouse=True)
def ipv4_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's server listens on 127.0.0.1; `localhost` may also be ::1."""
    found = socket.getaddrinfo

    def four(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        return found(host, port, socket.AF_INET, *args, **options) if host == "localhost" else found(host, port, *args, **options)

    monkeypatch.setattr(fetching.socket, "getaddrinfo", four)


# ---------------------------------------------------------------------------------------------------------- asking


@pytest.mark.parametrize(
    ("path", "result", "status"),
    [
        ("/", Result.OK, 200), ("/404", Result.MISSING, 404), ("/500", Result.FAULT, 500), ("/403", Result.SHY, 403),
        ("/302/200", Result.OK, 200), ("/301/302/404", Result.MISSING, 404), ("/circle", Result.CIRCLE, None), ("/nohead", Result.OK, 200),
        ("/big", Result.OK, 200),
    ],
)  # fmt: skip
def test_what_a_website_answers(see: Any, path: str, result: Result, status: int | None) -> None:
    assert see(path) == Found(result, status)


def test_it_is_asked_for_its_head_and_told_who_asks(see: Any) -> None:
    see("/")
    assert Site.asked == [("HEAD", "/", AGENT)]
    see("/404")
    assert [one[:2] for one in Site.asked[1:]] == [("HEAD", "/404"), ("GET", "/404")]


def test_no_more_than_five_redirects_are_followed(see: Any) -> None:
    assert see("/302" * 5 + "/200").result == Result.OK
    assert see("/302" * 6 + "/200").result == Result.CIRCLE
    assert len(Site.asked) == 6 + 6


def test_a_permanent_move_to_another_host_is_told(see: Any, port: int) -> None:
    assert see(f"/away/127.0.0.1:{port}/200") == Found(Result.OK, 200, f"http://127.0.0.1:{port}/200")
    assert see(f"/away/127.0.0.1:{port}/404") == Found(Result.MISSING, 404)
    assert see("/301/200").moved_to == ""


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://10.0.0.1/", "http://192.168.1.1/", "http://172.16.0.9/", "http://169.254.169.254/",
        "http://100.64.0.1/", "http://0.0.0.0/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[fd00::1]/", "http://[fe80::1]/",
        "http://[2002:7f00:1::]/", "http://[64:ff9b::7f00:1]/", "http://224.0.0.1/", "http://2130706433/", "http://0x7f.1/",
        "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "http://example.org:22/", "http://example.org:6379/",
        "http://user:word@example.org/", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_what_is_not_on_the_public_net_is_not_asked(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*args: object, **options: object) -> None:
        raise AssertionError("it was asked")

    monkeypatch.setattr(fetching.socket, "create_connection", never)
    monkeypatch.setattr(fetching.socket, "getaddrinfo", numeric_only)
    assert look(url, AGENT).result in {Result.PRIVATE, Result.NO_HOST}


def numeric_only(host: str, port: int, **options: Any) -> Any:
    """What a look-up makes of numbers in any spelling; names are this machine."""
    try:
        return [(2, 1, 6, "", (socket.inet_ntoa(socket.inet_aton(host)), port))]
    except OSError:
        return [(10, 1, 6, "", (host, port))] if ":" in host else [(2, 1, 6, "", ("127.0.0.1", port))]


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


def test_a_redirect_into_the_house_is_not_followed(see: Any, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard lets in 127.x only, as the public net; what leads to 10.x is then the inside."""
    found = socket.getaddrinfo
    inside = [(2, 1, 6, "", ("10.0.0.1", port))]
    monkeypatch.setattr(
        fetching.socket, "getaddrinfo", lambda host, *args, **more: inside if host == "10.0.0.1" else found(host, *args, **more)
    )
    assert see(f"/away/10.0.0.1:{port}/").result == Result.PRIVATE
    assert see("/away/localhost:22/").result == Result.PRIVATE
    assert len(Site.asked) == 2


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *args, **options: rows)
    assert look("http://example.org/", AGENT).result == Result.PRIVATE


def test_the_connection_goes_to_the_address_that_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second look-up could bring another address (DNS rebinding), so there is none."""
    asked, connected = [], []
    monkeypatch.setattr(
        fetching.socket, "getaddrinfo", lambda *args, **options: asked.append(args) or [(2, 1, 6, "", ("93.184.216.34", 80))]
    )

    def refuse(address: tuple[str, int], timeout: float) -> None:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(fetching.socket, "create_connection", refuse)
    assert look("http://example.org/", AGENT).result == Result.NO_ANSWER
    assert (len(asked), connected) == (1, [("93.184.216.34", 80)])


def test_an_unknown_name_and_a_closed_port(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: object, **options: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(fetching.socket, "getaddrinfo", unknown)
    assert look("http://gibt-es-nicht.example/", AGENT).result == Result.NO_HOST
    assert look("http://" + "a" * 70 + ".example/", AGENT).result == Result.NO_HOST
    assert look("http://[::1", AGENT).result == Result.NO_HOST


def test_who_drips_is_broken_off(monkeypatch: pytest.MonkeyPatch, see: Any) -> None:
    monkeypatch.setattr(fetching, "AT_MOST", 0.2)
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    found = look(f"http://localhost:{port}/", AGENT, guard=lambda address: True, ports={"http": port})
    listener.close()
    assert found.result == Result.NO_ANSWER


# ------------------------------------------------------------------------------------------------------ writing down

pytestmark = pytest.mark.django_db
GONE, FINE = Found(Result.NO_HOST), Found(Result.OK, 200)


def with_site(name: str = "Alte Mühle eG", url: str = "https://muehle.example/") -> Organisation:
    return kept(name, website=url)


def noted(item: Organisation, found: Found, *days: int) -> LinkCheck:
    for day in days:
        check = links.note(item, found, NOW + day * DAY)
    return check


def test_three_failures_over_two_weeks_raise_one_question() -> None:
    item, care = with_site(), caretaker()
    assert noted(item, GONE, 0, 7).raised_at is None
    assert queries.links_waiting(care).count() == 0
    check = noted(item, GONE, 14)
    assert (check.failures, check.first_failed_at, check.raised_at) == (3, NOW, NOW + 14 * DAY)
    [row] = queries.links_waiting(care)
    assert (row.organisation, row.since) == (item, NOW + 14 * DAY)
    noted(item, GONE, 21, 28)
    assert [(one.kind, one.person) for one in Notice.objects.all()] == [("freshness.website", person())]
    item.refresh_from_db()
    assert (item.state, item.website) == (State.PUBLISHED, "https://muehle.example/")


def test_three_failures_on_one_day_are_no_question() -> None:
    assert noted(with_site(), GONE, 0, 1, 2, 3).raised_at is None


def test_one_good_answer_begins_anew() -> None:
    item = with_site()
    noted(item, GONE, 0, 7, 14)
    check = noted(item, FINE, 21)
    assert (check.failures, check.first_failed_at, check.raised_at) == (0, None, None)
    assert queries.links_waiting(caretaker()).count() == 0


def test_another_website_begins_anew() -> None:
    item = with_site()
    noted(item, GONE, 0, 7, 14)
    item.website = "https://neu.example/"
    item.save()
    assert queries.links_waiting(caretaker()).count() == 0
    assert noted(item, GONE, 21).failures == 1


def test_a_website_that_moved_three_times_alike_is_a_question() -> None:
    item, moved = with_site(), Found(Result.OK, 200, "https://neu.example/start")
    assert noted(item, moved, 0, 7).raised_at is None
    assert noted(item, Found(Result.OK, 200, "https://anders.example/"), 14).raised_at is None
    assert noted(item, moved, 21, 28, 35).raised_at == NOW + 35 * DAY
    assert "https://neu.example/start" in Notice.objects.get().text


def test_caretakers_take_note_strangers_do_not(client: Client) -> None:
    item = with_site()
    check = noted(item, GONE, 0, 7, 14)
    address = f"/pflege/frische/website/{check.pk}/"
    for who in (person(), person("fremd@example.org"), caretaker("AT", "wien@example.org")):
        assert queries.links_waiting(who).count() == 0
        with pytest.raises(Refused):
            actions.settle_link(check.pk, by=who)
    assert sign_in(client, caretaker()).post(address).status_code == 302
    assert queries.links_waiting(caretaker()).count() == 0
    assert noted(item, GONE, 21).settled_at is not None


def test_stewards_read_it_on_the_page_of_their_entry_others_do_not(client: Client) -> None:
    item = with_site()
    noted(item, GONE, 0, 7, 14)
    words = "has not answered well at 3 checks in a row"
    assert words not in client.get(f"/en/o/{item.slug}/").content.decode()
    assert words in sign_in(client, person()).get(f"/en/o/{item.slug}/").content.decode()


# ----------------------------------------------------------------------------------------------------------- the job


def test_the_house_asks_nobody_unless_told_to() -> None:
    with_site()
    assert jobs.look_at_websites() == "off"
    assert queue.run_all() == []


def test_a_part_of_the_websites_is_looked_at_every_night(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LINK_CHECKS = 2
    items = [with_site(f"Haus {n} eG", f"https://haus{n}.example/") for n in range(3)]
    with_site("Haus 0b eG", "https://www.haus0.example/unten")  # the same host: another day
    organisation("Erfunden eG", website="https://demo.example/", is_demo=True)
    organisation("Entwurf eG", website="https://entwurf.example/", state="draft")
    organisation("Ohne eG")
    monkeypatch.setattr(fetching, "look", lambda url, agent: FINE)
    assert jobs.look_at_websites() == "2 websites"
    queue.run_all()
    assert list(LinkCheck.objects.order_by("pk").values_list("organisation", flat=True)) == [items[0].pk, items[1].pk]
    assert [one.name for one in queries.links_to_check(NOW, 10)] == ["Haus 2 eG", "Haus 0b eG"]


def test_failed_ones_come_first_and_none_within_a_week() -> None:
    good, bad, new = (
        with_site("Gut eG", "https://a.example/"),
        with_site("Schlecht eG", "https://b.example/"),
        with_site("Neu eG", "https://c.example/"),
    )
    noted(good, FINE, -8)
    noted(bad, GONE, -8)
    assert queries.links_to_check(NOW, 1) == [bad]
    assert queries.links_to_check(NOW, 2) == [bad, new]
    assert queries.links_to_check(NOW, 9) == [good, bad, new]
    assert queries.links_to_check(NOW - 2 * DAY, 9) == [new]


def test_a_task_that_runs_twice_looks_once(monkeypatch: pytest.MonkeyPatch) -> None:
    item, seen = with_site(), []
    monkeypatch.setattr(fetching, "look", lambda url, agent: seen.append(url) or GONE)
    tasks.check_links.call([item.pk])
    tasks.check_links.call([item.pk])
    assert seen == ["https://muehle.example/"]
    assert LinkCheck.objects.get().failures == 1


def test_when_our_own_net_is_down_nobody_is_blamed(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [organisation(f"Haus {n} eG", website=f"https://haus{n}.example/") for n in range(10)]
    monkeypatch.setattr(fetching, "look", lambda url, agent: Found(Result.NO_HOST))
    assert links.check([one.pk for one in items], NOW) == 0
    assert LinkCheck.objects.count() == 0
    assert Entry.objects.filter(verb="freshness.net_down").count() == 1


def test_the_agent_names_the_house_and_a_contact(settings: Any) -> None:
    settings.CONTACT = "haus@example.org\nX-Evil: 1"
    agent = links.agent()
    assert "haus@example.org" in agent and "\n" not in agent and agent.isascii()
