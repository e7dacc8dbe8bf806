"""Words of both languages: roots, compounds, relatives; and that what was labelled is found."""

from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.ground.text import fold, root
from allmende.matching.labelled import quality
from allmende.matching.portraits import likeness, portrait
from allmende.matching.reasons import common_words
from allmende.matching.words import is_silent, lexicon, parts, related


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("lastenrad", ("last", "rad")),
        ("buchhaltungssoftware", ("buchhaltung", "software")),
        ("Veranstaltungsraum", ("veranstaltung", "raum")),
        ("mitgliederverwaltung", ("mitglied", "verwaltung")),
        ("Kühlhaus", ("kuhl", "haus")),
        ("rad", ()),
        ("Übersetzerin", ()),
    ],
)
def test_compounds_fall_into_their_parts(word: str, expected: tuple[str, ...]) -> None:
    assert parts(fold(word)) == expected


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzßäöü", max_size=40))
@settings(max_examples=60)
def test_any_word_is_read_and_parts_are_words_it_holds(word: str) -> None:
    folded = fold(word)
    for part in parts(folded):
        assert part in lexicon().parts and (part in folded or part.removesuffix("en") in folded)


def test_a_word_without_end_is_read_as_fast_as_others() -> None:
    looked_at: list[int] = []
    with patch("allmende.matching.words._modifier", side_effect=lambda start: looked_at.append(len(start)) or ""):
        assert parts("a" * 100_000) == ()
    assert len(looked_at) < 20 and max(looked_at) < 20


@pytest.mark.parametrize(("one", "other"), [("bikes", "bike"), ("Übersetzung", "uebersetzungen"), ("Räume", "Raum"), ("renting", "rent")])
def test_inflections_have_one_root(one: str, other: str) -> None:
    assert root(fold(one)) == root(fold(other))


def test_words_of_other_languages_and_synonyms_are_related() -> None:
    assert dict(related(root("fahrrad")))[root("bike")] > 0.5
    assert dict(related(root("darlehen")))[root("loan")] > 0.5
    assert dict(related(root("solawi")))[root("csa")] == 0.8


def test_words_that_say_nothing_count_nothing() -> None:
    assert is_silent(root("suchen")) and is_silent(root("need")) and not is_silent(root("lastenrad"))
    assert portrait("Wir suchen dringend", "", ()).keys() <= {root("dringend")}


def test_the_example_of_the_issue() -> None:
    need = portrait("Lastenrad gesucht", "", ())
    assert likeness(need, portrait("Verleih von Cargobikes", "", ())) > 0.1
    assert likeness(need, portrait("Steuerberatung", "", ())) == 0
    assert common_words("Lastenrad gesucht", "Verleih von Cargobikes") == [("Lastenrad", "Cargobikes")]


def test_likeness_is_the_same_from_both_sides() -> None:
    one, other = portrait("Buchhaltung", "für einen Dorfladen", ()), portrait("Bookkeeping", "for shops", ("Steuer",))
    assert likeness(one, other) == pytest.approx(likeness(other, one))
    assert likeness(one, {}) == 0


def test_of_the_labelled_pairs_for_development_most_are_among_the_first_five_and_every_reason_stands_in_the_texts() -> None:
    found = quality("development")
    assert (found.needs, found.offers, found.pairs) == (101, 180, 146)
    assert found.recall >= 0.9
    assert found.named > 300 and found.untrue == 0
