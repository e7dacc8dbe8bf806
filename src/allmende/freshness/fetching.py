"""Asks a website whether it is there: politely, and never anything that is not on the public net.

The addresses come from people, so this is where a server could be talked into calling its own neighbours (SSRF). Therefore: only http
and https at their usual ports, the name is looked up here, every address it has must be public, and the connection goes to just the
address that was looked at, so that a second look-up cannot bring another one. The same for every redirect, of which there are few.
Of the answer only the head is read. HEAD first; where that is refused or fails, GET.

From the standard library alone (ADR 0015): what is needed of HTTP is one line and some headers, and the pinned address is easier to see
here than in a client that pools, retries and follows by itself.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from allmende.freshness import rules
from allmende.freshness.rules import Result
from allmende.ground.text import ascii_domain

TIMEOUT = 10  # seconds for a look-up of a silent server
AT_MOST = 25  # seconds for one answer, however slowly it drips
MOST_REDIRECTS = 5
PORTS = {"http": 80, "https": 443}
REDIRECTS = frozenset({301, 302, 303, 307, 308})
FOR_GOOD = frozenset({301, 308})

CLOSED = tuple(ip_network(net) for net in ("192.0.0.0/24", "192.88.99.0/24", "fec0::/10", "3fff::/20"))
"""What Python 3.11 takes for public though it is not (RFC 6890, 7526, 3879, 9637); metadata of a cloud was at 192.0.0.192."""

Guard = Callable[[str], bool]
"""Whether an IP address may be asked; tests let this machine in, where their server listens."""


@dataclass(frozen=True)
class Found:
    """What a look found. `moved_to` is where it answered when every step to another host was said to be for good."""

    result: Result
    status: int | None = None
    moved_to: str = ""


class Unasked(Exception):
    """Why an address was not asked, or what came in the way."""

    def __init__(self, result: Result) -> None:
        super().__init__(str(result))
        self.result = result


def is_public(address: str) -> bool:
    """Whether this IP address belongs to the public net. IPv4 in an IPv6 coat (mapped, 6to4, NAT64, Teredo) is judged as IPv4."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _inner(found) if isinstance(found, IPv6Address) else None
    return _is_open(inner or found)


def _is_open(found: IPv4Address | IPv6Address) -> bool:
    is_closed = any(found in net for net in CLOSED if net.version == found.version)
    return found.is_global and not found.is_multicast and not found.is_reserved and not is_closed


def _inner(found: IPv6Address) -> IPv4Address | None:
    if found.ipv4_mapped:
        return found.ipv4_mapped
    if found.sixtofour:
        return found.sixtofour
    if found.teredo:
        return found.teredo[1]
    return IPv4Address(int(found) & 0xFFFFFFFF) if int(found) >> 32 == 0x0064FF9B << 64 else None


def look(url: str, agent: str, *, guard: Guard = is_public, ports: dict[str, int] | None = None) -> Found:
    """Ask a website and follow where it leads; never raises."""
    moved, for_good = False, True
    for _step in range(MOST_REDIRECTS + 1):
        try:
            parts = _parts(url, ports or PORTS)
            status, target = _ask(parts, agent, guard)
        except Unasked as fault:
            return Found(fault.result)
        if status not in REDIRECTS or not target:
            return Found(rules.result_of(status), status, url if moved and for_good and status < 400 else "")
        following = urljoin(url, target)
        elsewhere = host_of(following) != host_of(url)
        moved, for_good = moved or elsewhere, for_good and (status in FOR_GOOD or not elsewhere)
        url = following
    return Found(Result.CIRCLE)


def host_of(url: str) -> str:
    """The host of an address without `www.`; empty where there is none."""
    try:
        return rules.plain_host(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def _parts(url: str, ports: dict[str, int]) -> SplitResult:
    """The address in its parts, when it is one that may be asked."""
    try:
        parts = urlsplit(url)
        port = parts.port
        host = ascii_domain(parts.hostname or "")
    except (ValueError, UnicodeError) as fault:
        raise Unasked(Result.NO_HOST) from fault
    if not host or len(url) > 2_000:
        raise Unasked(Result.NO_HOST)
    if parts.scheme not in ports or parts.username is not None or port not in {None, *ports.values()}:
        raise Unasked(Result.PRIVATE)
    return parts._replace(netloc=f"{host}:{port or ports[parts.scheme]}")


def _ask(parts: SplitResult, agent: str, guard: Guard) -> tuple[int, str]:
    """Status and Location of one address; GET when HEAD is not answered well."""
    host, _colon, port = parts.netloc.rpartition(":")
    address = _looked_up(host, int(port), guard)
    try:
        status, target = _request("HEAD", parts, host, int(port), address, agent)
        if status not in REDIRECTS and status >= 400:
            status, target = _request("GET", parts, host, int(port), address, agent)
    except ssl.SSLCertVerificationError as fault:
        raise Unasked(Result.CERTIFICATE) from fault
    except (OSError, http.client.HTTPException, ValueError) as fault:
        raise Unasked(Result.NO_ANSWER) from fault
    return status, target


def _looked_up(host: str, port: int, guard: Guard) -> str:
    """The first address of a host. A host with one private address among public ones is not asked at all."""
    try:
        found = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as fault:
        raise Unasked(Result.NO_HOST) from fault
    if not found:
        raise Unasked(Result.NO_HOST)
    if not all(guard(address) for address in found):
        raise Unasked(Result.PRIVATE)
    return next((address for address in found if ":" not in address), found[0])


def _request(method: str, parts: SplitResult, host: str, port: int, address: str, agent: str) -> tuple[int, str]:
    """One request over a connection of its own, to just this IP address; its body is not read."""
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (
        "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?") if parts.query else ""
    )
    connection = _Pinned(host, port, address, parts.scheme == "https")
    alarm = threading.Timer(AT_MOST, connection.break_off)
    alarm.daemon = True
    alarm.start()
    try:
        connection.request(method, path, headers={"User-Agent": agent, "Accept": "text/html,*/*;q=0.5", "Connection": "close"})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location") or ""
    finally:
        alarm.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was looked at before; the host's name stands in the request and in its certificate."""

    def __init__(self, host: str, port: int, address: str, secure: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self.default_port = PORTS["https"] if secure else PORTS["http"]  # other ports are named in the Host header
        self.address, self.secure = address, secure

    def connect(self) -> None:
        """To the pinned address, with TLS for the name."""
        self.sock = socket.create_connection((self.address, self.port), TIMEOUT)
        if self.secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)

    def break_off(self) -> None:
        """End it from another thread: whoever sends one byte every nine seconds does not keep us for ever."""
        if self.sock:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return
