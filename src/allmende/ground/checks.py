"""Wrong combinations of settings about mail, said when the house starts, with what to do."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register


@register()
def mail(app_configs: object, **options: Any) -> list[CheckMessage]:
    """A house in public needs a mail server, and what comes back needs a place to go."""
    found: list[CheckMessage] = []
    if settings.SECURE_SSL_REDIRECT and settings.DELIVERY_BACKEND.endswith(".Files"):
        hint = "Set ALLMENDE_SMTP_URL, for example smtp://user:password@mail.example.org:587?tls=starttls."
        found.append(Warning("This house is in public, but its mail goes to files: nobody gets a code to sign in.", hint, id="ground.W001"))
    if settings.BOUNCE_ADDRESS and settings.BOUNCE_ADDRESS.replace("{token}", "").count("@") != 1:
        hint = "Set it to an address such as bounces@example.org or bounces+{token}@example.org."
        found.append(Error("ALLMENDE_BOUNCE_ADDRESS is not an e-mail address.", hint, id="ground.E001"))
    return found
