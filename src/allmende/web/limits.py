"""How often one client may ask: a bucket of tokens per client that fills up steadily.

Addresses are never stored: the key is a hash with a salt that exists only in memory and only for a day, and so does the bucket.
"""

import secrets
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from hashlib import blake2b
from ipaddress import ip_network
from math import ceil
from time import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from allmende.web import errors

View = Callable[..., HttpResponseBase]

MINUTE = 60
DAY = 86_400


def slow_down(view: View, room: str, a_minute: int) -> View:
    """Let a client POST to this view only so often a minute, wherever it sits: for signing in and other guessing games."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        seconds = _take(client_address(request), room, a_minute) if request.method == "POST" else 0
        if not seconds:
            return view(request, *args, **options)
        answer = errors.page(request, 429, _("Please wait %(seconds)d seconds before you try again.") % {"seconds": seconds})
        answer.headers["Retry-After"] = str(seconds)
        return answer

    return guarded


def wait(request: HttpRequest, cost: int = 1, room: str = "api", times: int = 1) -> int:
    """0 when the request may pass, otherwise after how many seconds the client may ask again; `cost` is its weight in tokens.

    The rate is `ALLMENDE_API_RATE` requests a minute, `times` as many in a room of its own, 0 switches the limit off. Requests from
    the house's own machine are not limited: behind a reverse proxy that does not name its clients, everybody would share one bucket.
    """
    allowed = rate() * times
    address = client_address(request)
    if not allowed or address in {"", "::1"} or address.startswith("127."):
        return 0
    return _take(address, room, allowed, min(cost, allowed))


def wait_by(name: str, room: str, a_minute: int) -> int:
    """The same for whoever is known by something else than an address, such as a key: 0, or the seconds to wait."""
    return _take(name, room, a_minute)


def _take(address: str, room: str, allowed: int, cost: int = 1) -> int:
    """Take tokens out of the client's bucket in this room: 0, or the seconds until there are enough."""
    key, now = f"limit:{room}:{_pseudonym(address, time())}", time()
    bucket: tuple[float, float] = cache.get(key, (float(allowed), now))
    tokens, since = bucket
    tokens = min(float(allowed), tokens + (now - since) * allowed / MINUTE)
    if tokens < cost:
        return max(1, ceil((cost - tokens) * MINUTE / allowed))
    cache.set(key, (tokens - cost, now), 2 * MINUTE)
    return 0


def client_address(request: HttpRequest) -> str:
    """Who asks. With N trusted proxies the Nth address from the right was seen by the outermost of them; the rest is hearsay."""
    proxies = settings.ENV.trusted_proxies
    direct = str(request.META.get("REMOTE_ADDR", ""))
    if not proxies:
        return direct
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    return seen[-proxies] if len(seen) >= proxies else direct


def rate() -> int:
    """Requests a minute that one client may make; 0 is no limit."""
    return int(settings.API_RATE)


def _pseudonym(address: str, now: float) -> str:
    """The client's network as a hash that nobody can turn back once the day's salt is forgotten.

    A household has a whole /64 of IPv6 addresses (RFC 6177), so that is what counts as one client.
    """
    if ":" in address:
        with suppress(ValueError):
            address = str(ip_network((address.split("%")[0], 64), strict=False))
    day = int(now // DAY)
    salt = cache.get_or_set(f"limit:salt:{day}", lambda: secrets.token_bytes(16), DAY)
    return blake2b(address.encode(), key=salt or b"", digest_size=12).hexdigest()
