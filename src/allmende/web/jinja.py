"""Parts of pages that stand there many times over, rendered by Jinja2: a list of 25 entries in a tenth of the time (ADR 0017).

A part is a file `<name>.jinja.html` beside the other templates, put into a page by `{% jinja "room/<name>.jinja.html" more=1 %}`. It knows
what the page knows, escapes everything, and stumbles over a name nobody gave it. Words are said as `{{ _("English") }}`, where gettext
finds them; plurals are said in Python.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.template.defaultfilters import floatformat
from django.template.utils import get_app_template_dirs
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup


def render(name: str, context: Mapping[str, Any], **words: Any) -> SafeString:
    """A part of a page; `words` are what its templates can call besides their context."""
    return mark_safe(_environment().get_template(name).render(context, **words))  # noqa: S308 - escaped by Jinja2


@cache
def _environment() -> Environment:
    from allmende.web.templatetags import web  # which offers `render` to the pages

    made = Environment(
        loader=FileSystemLoader([str(path) for path in get_app_template_dirs("templates")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=settings.DEBUG,
    )
    made.globals |= {"_": _said, "icon": web.icon, "symbol": web.symbol}
    made.filters |= {"initials": web.initials, "ago": web.ago, "number": number, "cut": _cut, "moment": _moment}
    return made


def _said(message: str) -> Markup:
    """A sentence in the reader's language. It is our own, so it may hold tags; what is put into it by `%` is escaped."""
    return Markup(gettext(message))  # noqa: S704


def number(count: int) -> str:
    """A whole number as people write it: 1.234 in German, 1,234 in English."""
    return _number(count, get_language())


@lru_cache(maxsize=4_096)
def _number(count: int, language: str | None) -> str:
    return str(floatformat(count, "0g"))


def _cut(text: str, most: int) -> str:
    """At most so many letters."""
    return text if len(text) <= most else Truncator(text).chars(most)


def _moment(at: datetime) -> str:
    """For machines: ISO 8601 with the zone of the house."""
    return localtime(at).isoformat()
