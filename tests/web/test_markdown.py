"""What people write becomes safe HTML; everything else stays text."""

import pytest
from html5lib import parseFragment
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.web.markdown import SCHEMES, TAGS, plain, render


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Zwei **Räder**", "<p>Zwei <strong>Räder</strong></p>\n"),
        ("eins\nzwei", "<p>eins<br>\nzwei</p>\n"),
        ("# Oben\n\n## Darunter", "<h3>Oben</h3>\n<h4>Darunter</h4>\n"),
        ("## Oben\n\n#### Darunter", "<h3>Oben</h3>\n<h5>Darunter</h5>\n"),
        ("<b onclick=x>fett</b>", "<p>&lt;b onclick=x&gt;fett&lt;/b&gt;</p>\n"),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>\n"),
        ("[a](//evil.example)", "<p>[a](//evil.example)</p>\n"),
        ("![a](https://x.example/y.png)", '<p>!<a href="https://x.example/y.png" rel="nofollow ugc noopener noreferrer">a</a></p>\n'),
        ('[a](/o/x/ "t")', '<p><a href="/o/x/" rel="nofollow ugc noopener noreferrer">a</a></p>\n'),
        ("[a](mailto:a@b.example)", '<p><a href="mailto:a@b.example" rel="nofollow ugc noopener noreferrer">a</a></p>\n'),
    ],
)
def test_by_example(text: str, html: str) -> None:
    assert render(text) == html


@given(st.text(alphabet="<>[]()!\"'`*_#-\n /\\:&;=abcjavscripthtpdo.", max_size=120))
@settings(max_examples=300)
def test_whatever_is_written_only_listed_tags_and_addresses_come_out(text: str) -> None:
    for element in parseFragment(render(text), namespaceHTMLElements=False).iter():
        assert element.tag == "DOCUMENT_FRAGMENT" or element.tag in TAGS
        assert set(element.attrib) <= {"href", "rel", "start"}
        address = element.attrib.get("href", "/")
        assert address.startswith(("/", "#")) and not address.startswith("//") or address.split(":", 1)[0].lower() in SCHEMES


def test_plain_text_has_no_marks() -> None:
    assert plain("# Zwei **Räder**\n\n* eins\n* [zwei](https://x.example)\n\n`drei`") == "Zwei Räder eins zwei drei"
