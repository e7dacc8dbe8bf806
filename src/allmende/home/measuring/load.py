"""A small load generator for keep-alive HTTP/1.1: one process, one epoll, many connections. Needs nothing but Python.

Closed loop (`rate` 0): every connection asks as soon as it was answered: how much goes through. Open loop: requests fall due at a
fixed rate whether or not earlier ones were answered, and waiting counts from then, so that a slow answer cannot hide the queue behind it.

    python load.py '{"port": 8000, "addresses": ["/"], "connections": 8, "seconds": 5, "rate": 0}'
"""

import json
import random
import select
import socket
import sys
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

READ = 1 << 18
HEAD_END = b"\r\n\r\n"


@dataclass
class Plan:
    """What to ask, from how many connections, for how long, and how often a second (0: as fast as it goes); `once`: no address twice."""

    port: int
    addresses: list[str]
    connections: int = 8
    seconds: float = 3.0
    rate: float = 0.0
    seed: int = 1
    once: bool = False


@dataclass
class Result:
    """What came back: waiting in seconds, statuses, bytes of bodies."""

    waited: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    received: int = 0
    failures: int = 0
    late: int = 0


class Line:
    """One connection with at most one question on its way."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.open()

    def open(self) -> None:
        """Connect (again)."""
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.due = 0.0

    def ask(self, request: bytes, due: float) -> None:
        """Send one request."""
        self.due = due
        self.buffer = b""
        self.socket.sendall(request)

    def read(self) -> tuple[int, int, bool] | None:
        """Status, length and whether the server hangs up, once the answer is whole; None while more is to come."""
        more = self.socket.recv(READ)
        if not more:
            return self._at_end()
        self.buffer = self.buffer + more if self.buffer else more
        return parsed(self.buffer)

    def _at_end(self) -> tuple[int, int, bool]:
        """The server hung up: an answer without a length ends like this, anything else is cut off."""
        head, _, body = self.buffer.partition(HEAD_END)
        if not head or b"content-length" in head.lower():
            raise ConnectionResetError
        return int(head[9:12]), len(body), True


def parsed(data: bytes) -> tuple[int, int, bool] | None:
    """Status, length of the body and whether the connection ends, if the answer is whole.

    >>> parsed(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi")
    (200, 2, False)
    """
    end = data.find(HEAD_END)
    if end < 0:
        return None
    head = data[:end].lower()
    hangs_up = b"connection: close" in head
    at = head.find(b"content-length:")
    if at >= 0:
        stop = head.find(b"\r\n", at)
        length = int(head[at + 15 : stop if stop >= 0 else end])
        return (int(head[9:12]), length, hangs_up) if len(data) >= end + 4 + length else None
    if b"transfer-encoding: chunked" in head:
        return (int(head[9:12]), len(data) - end - 4, hangs_up) if data.endswith(b"0\r\n\r\n") else None
    status = int(head[9:12])
    return (status, 0, hangs_up) if status in (204, 304) else None


class Generator:
    """Runs one plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.result = plan, Result()
        order = list(plan.addresses)
        random.Random(plan.seed).shuffle(order)  # noqa: S311  # the same order every time
        self.requests = [
            f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{plan.port}\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n\r\n".encode()
            for address in order
        ]
        self.number = 0
        self.lines = {line.socket.fileno(): line for line in (Line(plan.port) for _ in range(plan.connections))}
        self.poll = select.epoll()
        for descriptor in self.lines:
            self.poll.register(descriptor, select.EPOLLIN)

    def next_request(self) -> bytes:
        """The addresses in turn."""
        self.number += 1
        return self.requests[self.number % len(self.requests)]

    def run(self) -> float:
        """Ask until the time is over; returns the seconds until the last answer."""
        start = time.perf_counter()
        (self._open_loop if self.plan.rate else self._closed_loop)(start, start + self.plan.seconds)
        return time.perf_counter() - start

    def _closed_loop(self, start: float, end: float) -> None:
        for line in self.lines.values():
            line.ask(self.next_request(), time.perf_counter())
        waiting = len(self.lines)
        while waiting and time.perf_counter() < end + 30:
            for line in self._answered():
                now = time.perf_counter()
                if now < end and not (self.plan.once and self.number >= len(self.requests)):
                    line.ask(self.next_request(), now)
                else:
                    waiting -= 1

    def _open_loop(self, start: float, end: float) -> None:
        free, due_next, waiting, step = deque(self.lines.values()), start, deque[float](), 1 / self.plan.rate
        while True:
            now = time.perf_counter()
            while due_next <= now and due_next < end:
                waiting.append(due_next)
                due_next += step
            while waiting and free:
                free.popleft().ask(self.next_request(), waiting.popleft())
            if due_next >= end and not waiting and len(free) == len(self.lines):
                return
            if now > end + 30:
                self.result.late += len(waiting) + len(self.lines) - len(free)
                return
            free.extend(self._answered(max(0.0, due_next - now) if due_next < end and free else 0.5))

    def _answered(self, patience: float = 5.0) -> list[Line]:
        """Lines whose answer has come in, noted down."""
        done = []
        for descriptor, _ in self.poll.poll(patience):
            line = self.lines[descriptor]
            try:
                answer = line.read()
            except OSError:
                self.result.failures += 1
                done.append(self._anew(line))
                continue
            if answer is None:
                continue
            self.result.waited.append(time.perf_counter() - line.due)
            self.result.statuses[answer[0]] += 1
            self.result.received += answer[1]
            done.append(self._anew(line) if answer[2] else line)
        return done

    def _anew(self, line: Line) -> Line:
        old = line.socket.fileno()
        self.poll.unregister(old)
        del self.lines[old]
        line.socket.close()
        line.open()
        self.lines[line.socket.fileno()] = line
        self.poll.register(line.socket.fileno(), select.EPOLLIN)
        return line


def main(text: str) -> dict[str, Any]:
    """Run a plan written as JSON; returns what is printed."""
    generator = Generator(Plan(**json.loads(text)))
    seconds = generator.run()
    result = generator.result
    return {
        "seconds": seconds,
        "waited_ms": [round(1000 * one, 3) for one in result.waited],
        "statuses": {str(status): number for status, number in result.statuses.items()},
        "received": result.received,
        "failures": result.failures,
        "late": result.late,
        "cpu": time.process_time(),
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
