"""Going through the house as somebody: every answer is searched for secrets, every statement that writes is noted and taken back."""

import base64
import binascii
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from copy import deepcopy
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from itertools import count
from typing import Any
from unittest.mock import patch
from urllib.parse import unquote_plus, urljoin, urlsplit

from django.core.cache import cache
from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils.safestring import SafeString

from tests.leaks.doors import Address
from tests.leaks.scene import Scene
from tests.leaks.secrets import GUEST, MARK, Secret
from tests.people.ways import sign_in
from tests.roomy import roomy

WRITES = re.compile(r'\b(?:INSERT (?:OR \w+ )?INTO|(?<!FOR )(?<!KEY )UPDATE|DELETE FROM|TRUNCATE)\s+"?(\w+)"?', re.IGNORECASE)
WORDS = re.compile(r"[A-Za-z0-9_\-+/]{16,}={0,2}")


@dataclass
class Form:
    """A form on a page: where it goes, what it sends as it stands, what it sends with all its gaps filled, and its buttons."""

    action: str
    stands: dict[str, str] = field(default_factory=dict)
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Answer:
    """What came of one request."""

    viewer: str
    method: str
    address: Address
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    cookies: frozenset[str] = frozenset()
    secrets: tuple[Secret, ...] = ()
    writes: frozenset[str] = frozenset()
    has_form: bool = False
    forms: tuple[Form, ...] = ()
    fault: str = ""

    def __str__(self) -> str:
        return f"{self.viewer}: {self.method} {self.address.path} ({self.address.route.title}) {self.status}"


class Walker:
    """Somebody who asks for pages. Each request leaves the house as it was.

    `looks`: whether answers are searched and kept. Without it only their status counts: pages that say no are not even drawn, which is most
    of the time of whoever is kept out everywhere.
    """

    _numbers = count(1)

    def __init__(
        self, scene: Scene, viewer: str, reads_forms: bool = False, looks: bool = True, kind: type[Client] = Client, **options: Any
    ) -> None:
        self.scene, self.viewer, self.looks = scene, viewer, looks
        self.client = kind(**options)
        if viewer != GUEST:
            sign_in(self.client, scene.people[viewer])
        self.cookies = deepcopy(self.client.cookies)
        self.search, self.reads_forms = searcher(scene), reads_forms

    def get(self, address: Address) -> Answer:
        """A page as it is."""
        return self._ask("GET", address)

    def post(self, address: Address, data: dict[str, Any] | None = None) -> Answer:
        """A form that is sent."""
        return self._ask("POST", address, data or {})

    def _ask(self, method: str, address: Address, data: dict[str, Any] | None = None) -> Answer:
        answer = Answer(self.viewer, method, address)
        self.client.cookies = deepcopy(self.cookies)
        ask = self.client.post if method == "POST" else self.client.get
        with taken_back() as written, nullcontext() if self.looks else undrawn():
            try:
                response = roomy(ask, address.path, data, REMOTE_ADDR=_somewhere(next(self._numbers)))
                self._read(response, answer)
            except Exception as fault:
                answer.status, answer.fault = 500, f"{type(fault).__name__}: {fault}"
        answer.writes = frozenset(written)
        if answer.writes:
            cache.clear()  # what was remembered of a state that is taken back
        return answer

    def _read(self, response: HttpResponseBase, answer: Answer) -> None:
        content = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
        answer.status = response.status_code
        answer.headers = dict(response.headers.items())
        answer.cookies = frozenset(response.cookies)
        if not self.looks:
            return
        said = f"{response.headers}\n{response.cookies}"
        answer.secrets = tuple(self.search(said, content, answer.address.path))
        answer.has_form = b'method="post"' in content
        if self.reads_forms and answer.headers.get("Content-Type", "").startswith("text/html"):
            answer.forms = tuple(forms_of(content.decode(), answer.address.path))


def _somewhere(number: int) -> str:
    """Each request from another network, so that no rate limit is met."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@contextmanager
def taken_back() -> Iterator[set[str]]:
    """The tables written inside; afterwards everything is as before."""
    written: set[str] = set()

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        written.update(WRITES.findall(sql))
        return execute(sql, params, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(note):
            yield written
        transaction.set_rollback(True)


@contextmanager
def undrawn() -> Iterator[None]:
    """Pages for no are empty."""
    with patch("allmende.web.errors.render_to_string", return_value=SafeString()):
        yield


# --------------------------------------------------------------------------------------------------------- searching


def searcher(scene: Scene) -> Any:
    """A function that finds the secrets of a scene in an answer; what the address itself asked for is no find."""
    by_word = scene.secrets.by_word
    words = [word for word in by_word if word.endswith(MARK)]
    numbers = [word for word in by_word if not word.endswith(MARK)]

    def found_in(text: str) -> set[str]:
        found = {word for word in words if word in text} if MARK in text else set()
        return found | {word for word in numbers if word in text and (len(word) > 5 or _is_alone(word, text))}

    def search(headers: str, content: bytes, path: str) -> list[Secret]:
        asked = found_in(unquote_plus(path).lower())
        found: set[str] = set()
        for text in readings(headers, content):
            found |= found_in(text)
        return [by_word[word] for word in sorted(found - asked)]

    return search


def _is_alone(digits: str, text: str) -> bool:
    """Whether short digits stand alone: a year or a postcode, not a part of a key or of a longer number."""
    return re.search(rf"(?<![\w.+/=-]){digits}(?![\w.+/=])", text) is not None


def readings(headers: str, content: bytes) -> Iterator[str]:
    """All ways to read an answer: as it is, without escapes, without spaces (telephone numbers), what is packed in it."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(content)) as file:
            content = b"\n".join(file.read(name) for name in file.namelist())
    text = (headers + "\n" + content.decode("utf-8", "replace")).lower()
    yield text
    plain = unquote_plus(unescape(text))
    if plain != text:
        yield plain
    yield re.sub(r"[\s()/\-]|&nbsp;", "", text)
    yield from (packed for word in set(WORDS.findall(content.decode("utf-8", "replace"))) if (packed := _unpacked(word)))


def _unpacked(word: str) -> str:
    """What a word of letters and digits says if it is base64, packed or not; nothing for all others."""
    try:
        raw = base64.urlsafe_b64decode(word.replace("+", "-").replace("/", "_").rstrip("=") + "=" * (-len(word.rstrip("=")) % 4))
    except (binascii.Error, ValueError):
        return ""
    with suppress(zlib.error):
        raw = zlib.decompress(raw)
    return raw.decode("ascii", "ignore").lower()


# ------------------------------------------------------------------------------------------------------------- forms


def forms_of(page: str, path: str) -> list[Form]:
    """The forms of a page that are sent by POST."""
    reader = _Forms(path)
    reader.feed(page)
    return reader.found


class _Forms(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.found = path, []  # type: tuple[str, list[Form]]
        self.open: Form | None = None
        self.choice = self.text = ""
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form" and said.get("method", "").lower() == "post":
            self.open = Form(urlsplit(urljoin(self.path, said.get("action") or self.path)).path)
            self.found.append(self.open)
        if self.open is not None and (name := said.get("name")):
            self._field(self.open, tag, name, said)
        if tag == "option" and self.choice and self.open is not None:
            if said.get("value") and not self._has(self.choice):
                self.open.fields.append((self.choice, said["value"]))
            if "selected" in said or self.choice not in self.open.stands:
                self.open.stands[self.choice] = said.get("value", "")

    def _field(self, form: Form, tag: str, name: str, said: dict[str, str]) -> None:
        kind = said.get("type", "text")
        if tag == "button" or kind == "submit":
            form.buttons.append((name, said.get("value", "")))
        elif tag == "select":
            self.choice = name
        elif tag == "textarea":
            self.text, self.words = name, ""
        elif tag == "input" and kind == "radio":
            if not self._has(name) or "checked" in said:
                form.fields = [one for one in form.fields if one[0] != name] + [(name, said.get("value", "on"))]
            if "checked" in said:
                form.stands[name] = said.get("value", "on")
        elif tag == "input" and kind != "file":
            if kind != "checkbox" or "checked" in said:
                form.stands.setdefault(name, said.get("value", ""))
            form.fields.append((name, said.get("value") or _something(name, kind)))

    def _has(self, name: str) -> bool:
        return self.open is not None and any(one == name for one, _value in self.open.fields)

    def handle_data(self, data: str) -> None:
        if self.text:
            self.words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        if tag == "select":
            self.choice = ""
        if tag == "textarea" and self.text and self.open is not None:
            self.open.fields.append((self.text, self.words.strip() or "Ein Satz, der genug sagt."))
            self.open.stands[self.text] = self.words.strip()
            self.text = ""


def _something(name: str, kind: str) -> str:
    """What a person would write into an empty field; nothing into those that only machines fill in."""
    if name.startswith("homepage"):
        return ""
    return {"email": "jemand@personen.example", "checkbox": "on", "date": "2027-01-31", "number": "1990"}.get(kind, "Etwas")


__all__ = ["Answer", "Form", "Walker", "taken_back"]
