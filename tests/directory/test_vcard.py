"""vCard 4.0: escaping, folding, and only what is public."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.directory import vcard


def entry(**fields: Any) -> dict[str, Any]:
    plain = {
        "id": "0d5b7d0a-7a52-4f39-9d0c-3f3a3f0c9d11", "url": "https://karte.example/o/a/", "name": "A eG", "legal_name": "", "summary": "",
        "website": "", "email": "", "phone": "", "languages": [], "keywords": [], "places": [], "sources": [], "licence": "CC0-1.0",
        "changed_at": "2026-01-31T09:05:07+00:00",
    }  # fmt: skip
    return plain | fields


def place(**fields: Any) -> dict[str, Any]:
    plain = {"label": "", "street": "", "postcode": "", "town": "", "region": "", "country": "", "lat": None, "lon": None, "precision": ""}
    return plain | fields


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_the_least_card_has_what_the_standard_asks_for() -> None:
    assert vcard.organisation(entry()).split("\r\n") == [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "PRODID:-//Allmende//0.1.0//DE",
        "UID:urn:uuid:0d5b7d0a-7a52-4f39-9d0c-3f3a3f0c9d11",
        "KIND:org",
        "FN:A eG",
        "ORG:A eG",
        "NOTE:CC0-1.0",
        "REV:20260131T090507Z",
        "SOURCE:https://karte.example/o/a/",
        "END:VCARD",
        "",
    ]


def test_a_full_card_has_every_place_and_exact_points_only() -> None:
    exact = place(street="Weg 1", postcode="20095", town="Hamburg", country="DE", lat=53.5, lon=10.0, precision="exact")
    rough = place(town="Wien", country="AT", lat=48.2, lon=16.3, precision="town")
    origin = {"name": "OpenStreetMap", "attribution": "© OpenStreetMap contributors", "licence": "ODbL-1.0"}
    lines = unfolded(
        vcard.organisation(
            entry(
                places=[exact, rough],
                website="https://a.example/x,y;z",
                email="a@a.example",
                phone="+49 40 1",
                languages=["de", "x y"],
                keywords=["eins", "zwei, drei"],
                summary="Kurz.",
                sources=[origin, origin],
            )
        )
    )
    assert lines[7:16] == [
        'ADR;TYPE=work;PREF=1;GEO="geo:53.5,10.0":;;Weg 1;Hamburg;;20095;DE',
        "ADR;TYPE=work;PREF=2:;;;Wien;;;AT",
        "GEO:geo:53.5,10.0",
        "URL:https://a.example/x,y;z",
        "EMAIL:a@a.example",
        "TEL;VALUE=text:+49 40 1",
        "LANG;PREF=1:de",
        r"CATEGORIES:eins,zwei\, drei",
        r"NOTE:Kurz.\n© OpenStreetMap contributors (ODbL-1.0)",
    ]


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a,b;c\\d", r"a\,b\;c\\d"),
        ("a\r\nb\rc\nd", r"a\nb\nc\nd"),
        ("a\x00\x07b\tc", "ab c"),
        ("Genossenschaft: gut", "Genossenschaft: gut"),
    ],
)
def test_text_is_escaped(text: str, escaped: str) -> None:
    assert vcard.escape(text) == escaped


def test_no_text_can_begin_a_property_of_its_own() -> None:
    evil = "x\r\nEMAIL:evil@example.org"
    card = vcard.organisation(entry(name=evil, website=f"https://a.example/\r\nTEL:1{evil}", keywords=[evil], places=[place(town=evil)]))
    assert [line for line in unfolded(card) if line.startswith(("EMAIL", "TEL", "URL"))] == []


@given(st.text(alphabet=st.characters(exclude_characters="\r\n", exclude_categories=("Cs",)), max_size=400))
def test_folded_lines_are_short_and_unfold_to_the_same(line: str) -> None:
    folded = vcard.fold(line)
    assert all(len(piece.encode()) <= 75 for piece in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == line
