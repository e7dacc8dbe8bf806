"""All pages of the house that need no argument, found in the rooms' urls, in both languages."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, reverse
from django.utils import translation

from allmende.ground.rooms import ROOMS

NOT_FOR_GUESTS = ("/verwaltung/", "/postkasten/")


def names() -> list[str]:
    """Names like `home:start` of every address for people without an argument."""
    found = []
    for room in ROOMS:
        if find_spec(f"allmende.{room}.urls"):
            module = import_module(f"allmende.{room}.urls")
            plain = [one for one in module.urlpatterns if isinstance(one, URLPattern) and one.name and not one.pattern.converters]
            found += [f"{module.app_name}:{one.name}" for one in plain]
    return found


def addresses() -> list[str]:
    """Every page for guests, German and English."""
    found = []
    for language in ("de", "en"):
        with translation.override(language):
            found += [reverse(name) for name in names()]
    return [address for address in found if not any(one in address for one in NOT_FOR_GUESTS)]
