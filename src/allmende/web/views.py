"""The component page, every part of the design language in use, and the mailbox of those who build."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from allmende.ground import outbox

SPRITE = Path(__file__).parent / "static" / "web" / "sprite.svg"
COLOURS = (
    "paper", "surface", "sunken", "rule", "edge", "ink-2", "ink", "raps",
    *(f"{plant}-{step}" for plant in ("wiese", "raps", "korn", "mohn") for step in range(1, 5)),
)  # fmt: skip


@cache
def icons() -> tuple[str, ...]:
    """The names of all icons in the sprite, in alphabetical order."""
    return tuple(sorted(re.findall(r'id="i-([a-z0-9-]+)"', SPRITE.read_text(encoding="utf-8"))))


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """/bausteine/: for those who build; not for search engines."""
    return render(request, "web/components.html", {"area": "", "icons": icons(), "colours": COLOURS})


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """/postkasten/: what the house has written to people, so that one can follow its links without a mail server."""
    _only_for_builders()
    return render(request, "web/mailbox.html", {"area": "", "letters": outbox.recent()})


@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter of the mailbox."""
    _only_for_builders()
    found = outbox.letter(pk)
    if found is None:
        raise Http404
    return render(request, "web/letter.html", {"area": "", "letter": found})


def _only_for_builders() -> None:
    """Letters hold codes and names: outside of ALLMENDE_DEBUG these pages do not exist."""
    if not settings.DEBUG:
        raise Http404
