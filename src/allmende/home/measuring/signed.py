"""Asking the real server as somebody who is signed in, as a browser does: cookies, forms with their token, answers read to the end."""

import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from allmende.people.models import Person

TOKEN = "bench" + "0" * 27  # any 32 letters and digits: cookie and form say the same
WAIT = 600


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds the last byte was there."""

    status: int
    seconds: float
    body: bytes


def signed_in(person: Person) -> dict[str, str]:
    """What a session holds of somebody who has signed in."""
    return {
        SESSION_KEY: str(person.pk),
        BACKEND_SESSION_KEY: "allmende.people.adapter.Backend",
        HASH_SESSION_KEY: person.get_session_auth_hash(),
    }


def session_of(person: Person, **more: Any) -> str:
    """The key of a new session of this person; `more` is kept in it."""
    session = SessionStore()
    session.update(signed_in(person))
    for key, value in more.items():
        session[key.replace("__", ".")] = value
    session.save()
    return str(session.session_key)


def seeing_names(person: Person, cooperative: int) -> str:
    """A session in which the names of the register are uncovered, as after saying what for."""
    return session_of(person, members__names={str(cooperative): [timezone.now().isoformat(), None]})


@dataclass(frozen=True)
class Browser:
    """One who asks the server at this port; without a session a guest."""

    port: int
    session: str = ""

    def get(self, path: str) -> Answer:
        """A page."""
        return self._ask("GET", path, None, {"Accept-Encoding": "gzip"})

    def send(self, path: str, **said: str) -> Answer:
        """A form, filled in and sent."""
        body = urlencode({"csrfmiddlewaretoken": TOKEN} | said).encode()
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def call(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """A call of a program: JSON, no cookies."""
        return self._ask("POST", path, body, {"Content-Type": "application/json", **headers})

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        cookies = f"{settings.SESSION_COOKIE_NAME}={self.session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        start = time.perf_counter()
        connection.request(method, path, body, headers | ({"Cookie": cookies} if self.session else {}))
        answer = connection.getresponse()
        said = answer.read()
        seconds = time.perf_counter() - start
        connection.close()
        return Answer(answer.status, seconds, said)
