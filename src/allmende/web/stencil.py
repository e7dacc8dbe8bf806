"""Pages that thousands ask for within a minute and that differ in few words: drawn once by their template, then filled in (ADR 0028).

    BOOTHS = Stencils("ballots/booth.html")
    html = BOOTHS.fill(key, draw=lambda word: {"voter": word("voter"), ...}, address=..., voter="17", csrf_token=...)

A stencil is drawn without a request, so nothing of whoever came first can get into it: no name, no cookie, no message. What differs comes
in by `word(name)`, a mark nobody can guess, in whose place each reader's own word is put, escaped. The key names everything else the page
depends on.
"""

import re
import secrets
from collections.abc import Callable, Hashable
from html import escape
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from allmende.ground.lately import Lately
from allmende.web.context import frame

_MARK = f"w{secrets.token_hex(16)}"
_WORDS = re.compile(f"{_MARK}([a-z_]+){_MARK}")
Draw = Callable[[Callable[[str], str]], dict[str, Any]]


def word(name: str) -> str:
    """The mark that stands in a stencil for a reader's own word: letters and digits, so that it survives in addresses and ids."""
    return f"{_MARK}{name}{_MARK}"


def page(template: str, address: str, context: dict[str, Any]) -> SafeString:
    """A page drawn without a request: it knows the house, its own address and what is given here, and nothing of who asks."""
    return render_to_string(template, frame(address) | {"csrf_token": ""} | context)


class Stencils:
    """The drawn pages of one template, the latest `most` of them, each for `seconds`: so long an old name of an organisation can stay."""

    def __init__(self, template: str, most: int = 64, seconds: float = 60) -> None:
        self.template = template
        self._drawn: Lately[list[str]] = Lately(most, seconds)

    def fill(self, key: Hashable, draw: Draw, address: str, **words: str) -> SafeString:
        """The page with these words in it. `draw` makes the context and is called only when the page is not there; KeyError for a word
        that nobody gave."""
        pieces = self._drawn.get((get_language(), address, key), lambda: _WORDS.split(page(self.template, address, draw(word))))
        filled = [piece if at % 2 == 0 else escape(words[piece]) for at, piece in enumerate(pieces)]
        return mark_safe("".join(filled))  # noqa: S308 - drawn by an escaping template, filled with escaped words
