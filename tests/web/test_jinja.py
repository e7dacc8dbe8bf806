"""Parts of pages by Jinja2: they escape, they say their words so that gettext finds them, and they stumble over what nobody gave them."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.translation.template import templatize
from jinja2 import Environment, UndefinedError, nodes

from allmende.web import jinja

HOUSE = Path(__file__).resolve().parents[2] / "src" / "allmende"
PARTS = sorted(HOUSE.glob("*/templates/**/*.jinja.html"))


def rendered(source: str, **context: Any) -> str:
    return jinja._environment().from_string(source).render(**context)


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def test_what_people_typed_is_never_markup() -> None:
    assert (
        rendered('<p title="{{ it }}">{{ it }}</p>', it="\"><b>'&")
        == '<p title="&#34;&gt;&lt;b&gt;&#39;&amp;">&#34;&gt;&lt;b&gt;&#39;&amp;</p>'
    )


def test_a_sentence_may_hold_tags_but_what_is_put_into_it_may_not() -> None:
    assert rendered('{{ _("<b>%(it)s</b>") % {"it": it} }}', it="<i>") == "<b>&lt;i&gt;</b>"


def test_sentences_and_numbers_are_the_readers() -> None:
    words = '{{ _("Pages") }} {{ 1234567 | number }}'
    assert rendered(words) == "Pages 1,234,567"
    with translation.override("de"):
        assert rendered(words) == "Seiten 1.234.567"


def test_a_name_that_nobody_gave_is_a_fault() -> None:
    with pytest.raises(UndefinedError):
        rendered("{{ nobody }}")
    with pytest.raises(UndefinedError):
        rendered("{% if nobody %}{% endif %}")


def test_a_part_knows_what_the_page_knows_and_what_it_is_told(rf: Any) -> None:
    page = Template('{% jinja "atlas/fresh.jinja.html" level=0 %}')
    assert "not yet confirmed by itself" in page.render(Context({"request": rf.get("/"), "at": None}))


def test_there_are_parts() -> None:
    assert {path.name for path in PARTS} >= {"results.jinja.html", "selects.jinja.html", "fresh.jinja.html"}


@pytest.mark.parametrize("path", PARTS, ids=lambda path: str(path.name))
def test_gettext_finds_every_sentence_of_a_part(path: Path) -> None:
    """`makemessages` reads these files as Django's own: what it does not recognise would never be translated."""
    text = path.read_text(encoding="utf-8")
    calls = [call for call in Environment(autoescape=True).parse(text).find_all(nodes.Call) if getattr(call.node, "name", "") == "_"]
    said = {call.args[0].as_const() for call in calls}  # a fault where a sentence is put together
    found = {eval(one) for one in re.findall(r"_\(u?((?:\".*?\")|(?:'.*?'))\)", templatize(text))}  # noqa: S307  # literals of our own
    assert said <= found


@pytest.mark.parametrize("path", PARTS, ids=lambda path: str(path.name))
def test_a_part_is_plain(path: Path) -> None:
    """No macros, no imports, no way past escaping: whoever knows Django's templates can read it."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"{%-?\s*(macro|import|from|extends|call|autoescape|trans|raw)\b|\|\s*safe\b|ngettext", text)
