"""What people write, as safe HTML: a subset of CommonMark, everything else stays plain text.

Paragraphs, line breaks, emphasis, lists, quotes, links, code and headings (below those of the page). No HTML, no pictures, no tables.
Two gates one after the other: markdown-it does not let HTML and foreign link schemes through, nh3 removes what is not on the list.
"""

from functools import cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {"p", "br", "em", "strong", "del", "a", "ul", "ol", "li", "blockquote", "code", "pre", "h3", "h4", "h5", "h6", "hr"}
SCHEMES = {"http", "https", "mailto"}
_UPPERMOST = 3  # a page has its own h1 and h2


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("strikethrough").disable("image")
    parser.validateLink = lambda url: url.split(":", 1)[0].lower() in SCHEMES if ":" in url.split("/", 1)[0] else _stays(url)  # type: ignore[method-assign]
    return parser


def _stays(url: str) -> bool:
    """Addresses of this house begin with one slash; `//elsewhere.example` would leave it unseen."""
    return url.startswith(("/", "#")) and not url.startswith(("//", "/\\"))


def render(text: str) -> SafeString:
    """HTML of a text, safe to stand on any page. Links say that we do not vouch for where they lead (rel)."""
    parser = _parser()
    tokens = parser.parse(text)
    headings = [token for token in tokens if token.type.startswith("heading")]
    first = min((int(token.tag[1]) for token in headings), default=1)
    for token in headings:  # whoever begins with ## means their uppermost heading
        token.tag = f"h{min(6, int(token.tag[1]) - first + _UPPERMOST)}"
    html = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
        url_schemes=SCHEMES,
        link_rel="nofollow ugc noopener noreferrer",
    )
    return mark_safe(clean)  # noqa: S308 - cleaned right above


def plain(text: str) -> str:
    """The same text without its marks, in one line: for lists, feeds, mails and searching."""
    tokens = _parser().parse(text)
    parts = [_said(token) for token in tokens]
    return " ".join(" ".join(parts).split())


def _said(token) -> str:  # type: ignore[no-untyped-def]
    if token.type in {"fence", "code_block"}:
        return str(token.content)
    return "".join(
        " " if child.type in {"softbreak", "hardbreak"} else child.content for child in token.children or () if child.type != "html_inline"
    )
