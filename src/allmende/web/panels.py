"""Panels: what a room upstairs shows on a page further down, without the page knowing who does.

    @panel("directory.organisation.head", order=20)
    def claim(request: HttpRequest, item: Organisation) -> str:
        return render_to_string("stewards/parts/claim.html", {...}, request)      # empty: nothing to show

A room's panels live in its `panels.py`; they decide by the viewer and show nothing that its own pages would not show.
"""

from collections import defaultdict
from collections.abc import Callable
from operator import itemgetter
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

Panel = Callable[[HttpRequest, Any], str]
_panels: dict[str, list[tuple[int, str, Panel]]] = defaultdict(list)


def panel(place: str, *, order: int = 50) -> Callable[[Panel], Panel]:
    """Register a panel for a place of a page; the smaller `order`, the earlier it stands."""

    def register(made: Panel) -> Panel:
        _panels[place].append((order, f"{made.__module__}.{made.__name__}", made))
        _panels[place].sort(key=itemgetter(0, 1))
        return made

    return register


def shown(place: str, request: HttpRequest, thing: Any = None) -> SafeString:
    """All panels of this place one after another; each is HTML that a template has escaped already."""
    return mark_safe("".join(made(request, thing) for _order, _name, made in _panels[place]))  # noqa: S308 - rendered by templates
