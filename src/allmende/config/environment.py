"""Reads every `ALLMENDE_...` variable once. docs/configuration.md explains each; a test keeps the two together."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[3]


def read(name: str, default: str = "") -> str:
    """Value of `ALLMENDE_<name>`, or the content of the file named by `ALLMENDE_<name>_FILE` (for secrets)."""
    if path := os.environ.get(f"ALLMENDE_{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(f"ALLMENDE_{name}", default)


def read_flag(name: str, default: bool = False) -> bool:
    """`1`, `true`, `yes`, `on` are yes; `0`, `false`, `no`, `off` and nothing are no; all else is refused."""
    value = read(name).strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"", "0", "false", "no", "off"}:
        return default if value == "" else False
    raise ImproperlyConfigured(f"ALLMENDE_{name} is {value!r}; write 1 for yes or 0 for no.")


def read_list(name: str, default: str = "") -> list[str]:
    """Comma-separated values without blanks."""
    return [part.strip() for part in read(name, default).split(",") if part.strip()]


@dataclass(frozen=True)
class Environment:
    """All that can be set from outside. Nothing set means: safe, embedded, German, for this machine only."""

    var: Path = field(default_factory=lambda: Path(read("VAR", str(ROOT / "var"))).resolve())
    debug: bool = field(default_factory=lambda: read_flag("DEBUG"))
    testing: bool = field(default_factory=lambda: read_flag("TESTING"))
    https: bool = field(default_factory=lambda: read_flag("HTTPS"))
    hosts: list[str] = field(default_factory=lambda: read_list("HOSTS", "localhost,127.0.0.1,[::1]"))
    database_url: str = field(default_factory=lambda: read("DATABASE_URL"))
    replica_urls: list[str] = field(default_factory=lambda: read_list("REPLICA_URL"))
    replica_lag: int = field(default_factory=lambda: int(read("REPLICA_LAG", "10")))
    address: str = field(default_factory=lambda: read("ADDRESS").rstrip("/"))
    site_name: str = field(default_factory=lambda: read("SITE_NAME", "Allmende"))
    site_claim: str = field(default_factory=lambda: read("SITE_CLAIM", "Plattformgenossenschaften"))
    operator: str = field(default_factory=lambda: read("OPERATOR"))
    contact: str = field(default_factory=lambda: read("CONTACT"))
    map_style: str = field(default_factory=lambda: read("MAP_STYLE"))
    tile_url: str = field(default_factory=lambda: read("TILE_URL"))
    tile_credit: str = field(default_factory=lambda: read("TILE_CREDIT"))
    embed_hosts: list[str] = field(default_factory=lambda: read_list("EMBED_HOSTS", "*"))
    api_rate: int = field(default_factory=lambda: int(read("API_RATE", "300")))
    smtp_url: str = field(default_factory=lambda: read("SMTP_URL"))
    mail_from: str = field(default_factory=lambda: read("MAIL_FROM"))
    bounce_address: str = field(default_factory=lambda: read("BOUNCE_ADDRESS"))
    bounces: str = field(default_factory=lambda: read("BOUNCES"))
    link_checks: int = field(default_factory=lambda: int(read("LINK_CHECKS", "0")))
    ask_unclaimed: bool = field(default_factory=lambda: read_flag("ASK_UNCLAIMED"))
    port: str = field(default_factory=lambda: os.environ.get("PORT", "8000"))
    trusted_proxies: int = field(default_factory=lambda: int(read("TRUSTED_PROXIES", "0")))
    oidc_name: str = field(default_factory=lambda: read("OIDC_NAME"))
    oidc_issuer: str = field(default_factory=lambda: read("OIDC_ISSUER").rstrip("/"))
    oidc_client_id: str = field(default_factory=lambda: read("OIDC_CLIENT_ID"))
    oidc_client_secret: str = field(default_factory=lambda: read("OIDC_CLIENT_SECRET"))

    @property
    def oidc_is_on(self) -> bool:
        """Whether people can sign in through another house (OpenID Connect); half a configuration is a Django check's matter."""
        return bool(self.oidc_issuer and self.oidc_client_id)

    def oidc_providers(self) -> dict[str, object]:
        """allauth's description of the one OpenID Connect provider."""
        if not self.oidc_is_on:
            return {}
        app = {
            "provider_id": "oidc",
            "name": self.oidc_name or urlsplit(self.oidc_issuer).hostname or "OpenID Connect",
            "client_id": self.oidc_client_id,
            "secret": self.oidc_client_secret,
            "settings": {"server_url": self.oidc_issuer, "oauth_pkce_enabled": True},
        }
        return {"openid_connect": {"APPS": [app]}}

    def oidc_origins(self) -> list[str]:
        """Where the form that begins such a sign-in is redirected to; browsers ask the policy about that too."""
        url = urlsplit(self.oidc_issuer)
        return [f"{url.scheme}://{url.netloc}"] if self.oidc_is_on and url.scheme and url.netloc else []

    def secret_key(self) -> str:
        """The signing key: from outside, or made once and kept under var/ so that restarts change nothing."""
        if given := read("SECRET_KEY"):
            return given
        self.var.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.var / "secret-key"
        try:
            with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass
        return path.read_text(encoding="ascii").strip()

    def database(self) -> dict[str, object]:
        """Django's database entry: one SQLite file under var/, or PostgreSQL by `postgres://user:password@host:port/name`."""
        if not self.database_url:
            self.var.mkdir(mode=0o700, parents=True, exist_ok=True)
            return sqlite(self.var / "allmende.sqlite3")
        url = urlsplit(self.database_url)
        if url.scheme == "sqlite":
            return sqlite(Path(url.path))
        if url.scheme not in POSTGRES:
            raise ImproperlyConfigured("ALLMENDE_DATABASE_URL must begin with postgres:// or sqlite:///.")
        return postgres(self.database_url)

    def replicas(self) -> dict[str, dict[str, object]]:
        """Django's entries of the streaming replicas that may be read, by name; none without PostgreSQL."""
        schemes = {urlsplit(url).scheme for url in (self.database_url, *self.replica_urls)}
        if self.replica_urls and not schemes <= POSTGRES:
            raise ImproperlyConfigured(
                "ALLMENDE_REPLICA_URL needs postgres:// in itself and in ALLMENDE_DATABASE_URL: SQLite has no replicas."
            )
        if self.replica_urls and self.replica_lag < 2:
            raise ImproperlyConfigured("ALLMENDE_REPLICA_LAG is the seconds a replica may be behind; less than 2 cannot be told apart.")
        return {f"replica{number}": postgres(url) | REPLICA for number, url in enumerate(self.replica_urls, 1)}

    def link_address(self) -> str:
        """What links in letters begin with: the address people use, or this machine."""
        if self.address:
            return self.address
        host = next((name for name in self.hosts if name.strip("*.")), "localhost")
        if host in {"localhost", "127.0.0.1", "[::1]"}:
            return f"http://{host}:{self.port}"
        return f"{'https' if self.https else 'http'}://{host}"

    def sender(self) -> str:
        """Who our letters come from, with the name of the house unless one is given."""
        address = self.mail_from or f"allmende@{urlsplit(self.link_address()).hostname or 'localhost'}"
        whole = address if "<" in address else f'"{self.site_name}" <{address}>'
        return " ".join(whole.split())  # a line break would begin the next header

    def smtp(self) -> dict[str, Any]:
        """How to reach the mail server: `smtp://user:password@host:587?tls=starttls`, or `smtps://` for TLS from the start."""
        if not self.smtp_url:
            return {}
        url = urlsplit(self.smtp_url)
        tls = parse_qs(url.query).get("tls", [""])[0]
        if url.scheme not in {"smtp", "smtps"} or not url.hostname or tls not in {"", "starttls"}:
            raise ImproperlyConfigured("ALLMENDE_SMTP_URL must look like smtp://user:password@host:587?tls=starttls or smtps://host:465.")
        return {
            "host": url.hostname,
            "port": url.port or (465 if url.scheme == "smtps" else 587 if tls else 25),
            "username": unquote(url.username or ""),
            "password": unquote(url.password or ""),
            "use_tls": bool(tls),
            "use_ssl": url.scheme == "smtps",
            "timeout": 30,  # seconds
        }


POSTGRES = {"postgres", "postgresql"}
REPLICA: dict[str, object] = {
    "CONN_HEALTH_CHECKS": False,  # what fails there is asked again of the primary
    "OPTIONS": {
        "options": "-c default_transaction_read_only=on",  # also should it have become a primary meanwhile
        "connect_timeout": 2,  # seconds; then the primary is read
        "tcp_user_timeout": 3000,  # milliseconds until a line that fell silent counts as broken
    },
    "TEST": {"MIRROR": "default"},
}


def postgres(address: str) -> dict[str, object]:
    """A PostgreSQL database by `postgres://user:password@host:port/name`, special characters percent-encoded."""
    url = urlsplit(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path.lstrip("/"),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or ""),
        "PORT": str(url.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def sqlite(path: Path) -> dict[str, object]:
    """SQLite as a server's database: write-ahead log, writers queue up from the first statement on, foreign keys hold."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": 60,  # opening the file costs more than most requests
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # 8 MB of pages for each connection: more is no faster, for the system keeps the file in memory as well
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;PRAGMA cache_size=-8000;",
        },
    }
