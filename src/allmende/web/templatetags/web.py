"""Small words for templates: icons, ages in words, initials, query strings."""

import re
from datetime import datetime
from functools import cache, partial
from typing import Any

from django import template
from django.http import QueryDict
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.ground import money
from allmende.web import jinja as parts
from allmende.web import markdown as written
from allmende.web import panels as registered

register = template.Library()

LONG = re.compile(r"\w{16,}")
PARTS = "genossenschaft gemeinschaft gesellschaft verband verbund netzwerk initiative wirtschaft versorgung stiftung".split()
JOINT = re.compile(rf"(?<=\w{{4}})(?={'|'.join(PARTS)})")


@register.simple_tag(name="static")
@cache
def file(path: str) -> str:
    """Where a static file is. In place of Django's own, which looks it up anew on every page: `{% static "web/base.css" %}`."""
    return static(path)


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """An icon of the sprite; it always stands beside a word, so it is hidden from screen readers."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#i-{}"/></svg>', static("web/sprite.svg"), name)


@register.simple_tag
@cache
def symbol(name: str, css: str = "") -> SafeString:
    """Another drawing of the sprite: `mark`, `fresh-0` to `fresh-4`."""
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, static("web/sprite.svg"), name)


@register.filter
def initials(name: str) -> str:
    """Two letters in place of a logo: `Hostsharing eG` is Ho, `Platform Cooperatives Germany eG` is PC."""
    parts = [
        word for word in name.split() if word[:1].isalnum() and word not in {"eG", "eV", "e.V.", "GmbH", "AG", "SCE", "Ltd", "Limited"}
    ]
    if not parts:
        return "?"
    return parts[0][:2] if len(parts) == 1 else parts[0][0] + parts[1][0]


@register.filter
def joints(name: str) -> str:
    """Long compounds may break where their parts meet; browsers without German hyphenation would break them anywhere."""
    return LONG.sub(lambda word: JOINT.sub("\u00ad", word[0]), name)


@register.filter
def ago(moment: datetime | None) -> str:
    """How long ago in words: `heute`, `vor 3 Wochen`, `vor 8 Monaten`."""
    if moment is None:
        return _("never")
    days = (timezone.now() - moment).days
    if days < 1:
        return _("today")
    if days < 14:
        return ngettext("%d day ago", "%d days ago", days) % days
    if days < 60:
        return ngettext("%d week ago", "%d weeks ago", days // 7) % (days // 7)
    if days < 730:
        return ngettext("%d month ago", "%d months ago", days // 30) % (days // 30)
    return ngettext("%d year ago", "%d years ago", days // 365) % (days // 365)


@register.filter
def euros(cents: int | str | None) -> str:
    """`250 €` or `1.234,50 €` from cents; nothing for nothing known."""
    return money.euros(cents, exact=False) if isinstance(cents, int) else ""


@register.filter
def number(value: int | None) -> str:
    """`1.234` in German, `1,234` in English."""
    return "" if value is None else number_format(value, force_grouping=True)


@register.filter
def markdown(text: str) -> SafeString:
    """What people wrote, as safe HTML (web/markdown.py): `{{ listing.text|markdown }}`."""
    return written.render(text)


@register.filter
def unmarked(text: str) -> str:
    """What people wrote, in one line without its marks."""
    return written.plain(text)


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The current query string with changes; an empty value takes a parameter away: `{% query page=2 q="" %}`."""
    params: QueryDict = context["request"].GET.copy()
    for name, value in changes.items():
        params.pop(name, None)
        if value not in (None, ""):
            params[name] = str(value)
    return "?" + params.urlencode() if params else context["request"].path


@register.simple_tag(takes_context=True)
def jinja(context: Context, name: str, **more: Any) -> SafeString:
    """A part of the page that stands there many times over, rendered by Jinja2: `{% jinja "room/rows.jinja.html" short=True %}`."""
    known: dict[str, Any] = context.flatten()  # type: ignore[assignment]  # all its names are words
    return parts.render(name, {**known, **more}, address=partial(query, context))


@register.simple_tag(takes_context=True)
def panels(context: Context, place: str, thing: Any = None) -> SafeString:
    """What rooms upstairs have to show here: `{% panels "directory.organisation.side" item %}`."""
    return registered.shown(place, context["request"], thing)
