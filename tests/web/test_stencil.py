"""Pages drawn once and filled in: each reader's own words, escaped, and nothing of whoever came first."""

import pytest
from django.utils import translation

from allmende.ground.lately import Lately
from allmende.web import stencil
from allmende.web.stencil import Stencils

PAGE = "web/error.html"  # any page of the house that needs no request


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Instead of a template: a page that says its address and words; how often one was drawn."""
    calls: list[str] = []

    def page(template: str, address: str, context: dict[str, str]) -> str:
        calls.append(address)
        return f"<p id='{context['who']}'>{address} {context['who']} {context['what']}</p>"

    monkeypatch.setattr(stencil, "page", page)
    return calls


def test_a_page_is_drawn_once_and_filled_in_for_each(drawn: list[str]) -> None:
    stencils = Stencils(PAGE)

    def fill(who: str, address: str = "/a/", key: int = 1) -> str:
        return stencils.fill(key, lambda word: {"who": word("who"), "what": "same"}, address, who=who)

    assert fill("anna") == "<p id='anna'>/a/ anna same</p>"
    assert fill("<b>'ben'") == "<p id='&lt;b&gt;&#x27;ben&#x27;'>/a/ &lt;b&gt;&#x27;ben&#x27; same</p>"
    assert drawn == ["/a/"]
    assert fill("kai", "/b/") == "<p id='kai'>/b/ kai same</p>"
    fill("kai", key=2)
    with translation.override("en"):
        fill("kai")
    assert drawn == ["/a/", "/b/", "/a/", "/a/"]  # by address, by key, by language


def test_a_word_nobody_gave_is_a_fault_and_a_word_can_hold_no_mark(drawn: list[str]) -> None:
    stencils = Stencils(PAGE)
    with pytest.raises(KeyError):
        stencils.fill(1, lambda word: {"who": word("who"), "what": ""}, "/a/")
    assert stencil.word("what") in stencils.fill(1, lambda word: {}, "/a/", who=stencil.word("what"), what="no")


def test_things_are_kept_for_a_moment_and_not_more_than_so_many() -> None:
    kept: Lately[int] = Lately(most=2, seconds=60)
    made: list[int] = []

    def get(key: int) -> int:
        return kept.get(key, lambda: made.append(key) or key)  # type: ignore[func-returns-value]

    assert [get(one) for one in (1, 1, 2, 3, 1, 3)] == [1, 1, 2, 3, 1, 3]
    assert made == [1, 2, 3, 1]
    late: Lately[int] = Lately(most=2, seconds=0)
    assert late.get(1, lambda: 1) + late.get(1, lambda: 2) == 3
    with pytest.raises(ZeroDivisionError):
        kept.get(9, lambda: 1 // 0)
    kept.forget()
    get(1)
    assert made[-1] == 1
