"""Settings that do not fit together, said before anybody stumbles over them."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def openid_connect(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """The variables of the other house's sign-in belong together."""
    env = settings.ENV
    given = {
        "ALLMENDE_OIDC_ISSUER": env.oidc_issuer,
        "ALLMENDE_OIDC_CLIENT_ID": env.oidc_client_id,
        "ALLMENDE_OIDC_CLIENT_SECRET": env.oidc_client_secret,
    }
    missing = [name for name, value in given.items() if not value]
    if missing and (len(missing) < len(given) or env.oidc_name):
        return [
            Error(
                f"Signing in through OpenID Connect is half set up: {', '.join(missing)} is missing.",
                hint="Set ALLMENDE_OIDC_ISSUER, ALLMENDE_OIDC_CLIENT_ID and ALLMENDE_OIDC_CLIENT_SECRET together, or none of them.",
                id="people.E001",
            )
        ]
    url = urlsplit(env.oidc_issuer)
    if env.oidc_issuer and not (url.netloc and (url.scheme == "https" or url.hostname in {"localhost", "127.0.0.1"})):
        hint = "Write the address under which /.well-known/openid-configuration is found, for example https://login.example.org/realms/us."
        return [Error("ALLMENDE_OIDC_ISSUER must be an https:// address.", hint=hint, id="people.E002")]
    return []
