"""Ten thousand people vote within a minute: a cooperative of invented members, each with an account, and those who come all at once.

Open loop: everybody comes at their moment, whether or not those before them were answered, and waiting counts from then. Everybody opens
the booth, sends the form that stands in it, and reads the answer: that the paper lies in the box.
"""

import asyncio
import json
import random
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

READ = 1 << 16
HIDDEN = re.compile(rb'<input type="hidden" name="([^"]+)" value="([^"]*)"')
RADIO = re.compile(rb'<input type="radio" name="([^"]+)"')
FORM = re.compile(rb'<form[^>]*action="([^"]*/stimme/)"[^>]*>(.*?)</form>', re.S)


@dataclass
class Plan:
    """Whom to let come, and how: sessions of those who vote, the booth's address, what stands in the answer
    to a paper, the seconds in which they come."""

    port: int
    page: str
    said: str
    cookies: str
    sessions: list[str]
    answers: list[str]
    seconds: float = 60.0
    lines: int = 64
    twice: int = 20  # every twentieth sends the form a second time, as a double click does


@dataclass
class Result:
    """What came back: seconds of waiting for the booth and for the answer to the paper; statuses of the papers sent; other faults."""

    opened: list[float] = field(default_factory=list)
    cast: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


class Line:
    """One connection that is kept as long as the server keeps it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, cookie: str, who: int, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
        """Status, headers in lower case, body. A connection that the server has ended meanwhile is opened again, once."""
        from_where = f"10.{who >> 16 & 255}.{who >> 8 & 255}.{who & 255}"  # as the front server would say: everybody from elsewhere
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {cookie}\r\nX-Forwarded-For: {from_where}\r\n"
        if method == "POST":
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        for attempt in (1, 2):
            if self.writer is None or self.writer.is_closing():
                self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 22)
            try:
                self.writer.write(f"{head}\r\n".encode() + body)
                return await self._answer()
            except (ConnectionError, asyncio.IncompleteReadError):
                self.writer.close()
                if attempt == 2:
                    raise
        raise AssertionError  # never reached: the second attempt answers or raises

    async def _answer(self) -> tuple[int, dict[str, str], bytes]:
        assert self.reader is not None and self.writer is not None  # noqa: S101 - just opened
        raw = await self.reader.readuntil(b"\r\n\r\n")
        first, *lines = raw.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines if line)}
        if headers.get("transfer-encoding") == "chunked":
            body = b""
            while size := int((await self.reader.readline()).split(b";")[0], 16):
                body += await self.reader.readexactly(size)
                await self.reader.readline()
            await self.reader.readline()
        else:
            body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        if headers.get("connection") == "close":
            self.writer.close()
        return int(first.split(" ", 2)[1]), headers, body


async def come(plan: Plan) -> Result:
    """Let everybody come at their moment."""
    result, lines = Result(), asyncio.Queue[Line]()
    for _ in range(plan.lines):
        lines.put_nowait(Line(plan.port))
    dice = random.Random(7)  # noqa: S311 - the same crowd every time
    moments = sorted(dice.uniform(0, plan.seconds) for _ in plan.sessions)
    began = time.perf_counter()
    tasks = []
    for number, (moment, session) in enumerate(zip(moments, plan.sessions, strict=True)):
        await asyncio.sleep(max(0.0, began + moment - time.perf_counter()))
        tasks.append(asyncio.create_task(_vote(plan, result, lines, session, number)))
    await asyncio.gather(*tasks)
    result.seconds = time.perf_counter() - began
    return result


async def _vote(plan: Plan, result: Result, lines: "asyncio.Queue[Line]", session: str, number: int) -> None:
    came = time.perf_counter()
    cookie = f"{plan.cookies}={session}"
    line = await lines.get()
    try:
        status, _headers, page = await line.ask("GET", plan.page, cookie, number)
        result.opened.append(time.perf_counter() - came)
        form = FORM.search(page)
        if status != 200 or form is None:
            result.faults[f"page {status}"] += 1
            return
        hidden = [(name.decode(), value.decode()) for name, value in HIDDEN.findall(form[2])]
        answer = RADIO.search(form[2])
        named = [(answer[1].decode(), plan.answers[number % len(plan.answers)])] if answer else []
        body = urlencode([*hidden, *named]).encode()
        for _time in range(2 if number % plan.twice == 0 else 1):
            sent = time.perf_counter()
            status, _headers, answer_page = await line.ask("POST", form[1].decode(), cookie, number, body)
            result.cast.append(time.perf_counter() - sent)
            result.statuses[status] += 1
            if plan.said.encode() not in answer_page:
                result.faults["answer without the word that the paper is in the box"] += 1
    except (ConnectionError, asyncio.IncompleteReadError, TimeoutError) as fault:
        result.faults[type(fault).__name__] += 1
    finally:
        lines.put_nowait(line)


def main() -> None:
    """As a process of its own, so that it does not share a lock with the server: a plan comes in as JSON, the result goes out."""
    plan = Plan(**json.load(sys.stdin))
    result = asyncio.run(come(plan))
    json.dump(vars(result), sys.stdout)


if __name__ == "__main__":
    main()
