"""The component page: every part of the design language in use, as a living example."""

import re
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

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
