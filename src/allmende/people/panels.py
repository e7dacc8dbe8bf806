"""What this room shows in the frame of every page: the way in, or the way to one's own pages."""

import re

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.loader import render_to_string

from allmende.people import queries
from allmende.web.panels import panel

PLAIN = re.compile(r"(/[\w.~-]+)+/?")
"""Addresses that somebody may come back to after signing in: what looks odd is left out."""


@panel("web.head")
def sign_in(request: HttpRequest, thing: object) -> str:
    """In the head of every page: "Anmelden" for guests, "Mein Bereich" with the number of unread notices for people."""
    person = getattr(request, "user", AnonymousUser())  # requests that are refused early know nobody
    is_worth_it = PLAIN.fullmatch(request.path) and not request.path.removeprefix("/en").startswith(("/konto", "/verwaltung/login"))
    back = request.path if is_worth_it and request.path not in {"/", "/en/"} else ""
    inside = request.path.removeprefix("/en").startswith("/mein/")
    context = {"person": person, "unread": queries.unread(person), "here": request.path, "next": back, "inside": inside}
    return render_to_string("people/parts/head.html", context, request)
