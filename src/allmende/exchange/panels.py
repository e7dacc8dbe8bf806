"""What offers and needs show on pages further down: the word in the menu, what an organisation has, what ends soon."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from allmende.web.panels import panel


@panel("web.subnav.exchange", order=10)
def menu_word(request: HttpRequest, page: Any) -> str:
    """The word in the menu of the area."""
    return render_to_string("exchange/parts/menu.html", {"page": page}, request)
