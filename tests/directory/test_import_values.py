"""Single values of foreign files, table by table; and rows of our own tables, there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.directory import tables
from allmende.directory.importers import values


@pytest.mark.parametrize(
    ("raw", "right"),
    [
        ("www.urbanes-wohnen.example", "http://www.urbanes-wohnen.example"),
        ("https://a.example/x?y=1#z", "https://a.example/x?y=1#z"),
        ("//a.example", "http://a.example"),
        ("http://a.example; http://b.example", "http://a.example"),
        ("http://www.gemeinschaftsgärten.example/gae", "http://www.gemeinschaftsgärten.example/gae"),
        ("update6", None),
        ("no website or facebook", None),
        ("https://http://fairmondo.example", None),
        ("javascript:alert(1)", None),
        ("ftp://a.example", None),
        ("http://a.example:99999", None),
        ("http://user:pass@a.example", None),
        ("http://[::1", None),
        ("http://a.example/" + "x" * 500, None),
    ],
)
def test_a_website_is_an_address_that_can_be_followed(raw: str, right: str | None) -> None:
    assert values.url(raw) == right


@pytest.mark.parametrize(
    ("raw", "right"),
    [
        ("1976", 1976),
        ("11/8/1863", 1863),
        ("2015-05-01", 2015),
        ("1947-01-01T00:00:00Z", 1947),
        ("999", None),
        ("30500", None),
        ("2099", None),
        ("", None),
    ],
)
def test_a_year_lies_between_1000_and_next_year(raw: str, right: int | None) -> None:
    assert values.year(raw, 2027) == right


@pytest.mark.parametrize(
    ("raw", "right"),
    [
        ("a@b.example", "a@b.example"),
        ("mailto:a@b.example", "a@b.example"),
        ("a@b.example;c@d.example", "a@b.example"),
        ("a at b", None),
        ("<script>@b.example", None),
    ],
)
def test_an_email_looks_like_one(raw: str, right: str | None) -> None:
    assert values.email(raw) == right


@pytest.mark.parametrize(
    ("raw", "right"), [("+49 30 1234", "+49 30 1234"), ("030 12 34; 030 5", "030 12 34"), ("Shop", None), ("TBC", None)]
)
def test_a_phone_number_has_digits(raw: str, right: str | None) -> None:
    assert values.phone(raw) == right


@pytest.mark.parametrize(
    ("raw", "right"),
    [
        ("  zwei   Wörter ", "zwei Wörter"),
        ("<p>Ein</p><p>Absatz &amp; mehr</p>", "Ein\nAbsatz & mehr"),
        ("NUL\x00!", "NUL!"),
        ("a < b", "a < b"),
        ("u\u0308", "ü"),
        (7, "7"),
        (0, "0"),
        (None, ""),
        (["x"], ""),
        (True, ""),
    ],
)
def test_text_is_what_people_meant(raw: object, right: str) -> None:
    assert values.text(raw) == right


@pytest.mark.parametrize(
    ("raw", "right"), [("52,5", 52.5), ("-0.1", -0.1), ("nan", None), ("inf", None), ("x", None), (None, None), (3, 3.0)]
)
def test_degrees_are_finite_numbers(raw: object, right: float | None) -> None:
    assert values.degrees(raw) == right


def test_the_middle_of_a_ring_counts_no_corner_twice() -> None:
    ring = [[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]
    assert values.centre({"type": "Polygon", "coordinates": [ring]}) == (1, 1)
    assert values.centre({"type": "Point", "coordinates": []}) is None
    assert values.centre({"type": "Point", "coordinates": "here"}) is None


@given(st.text(max_size=200))
def test_text_says_the_same_when_read_again(raw: str) -> None:
    once = values.text(raw)
    assert "\x00" not in once
    assert once == once.strip()


_words = st.lists(st.text(min_size=1, max_size=12), max_size=4)
_entry = st.fixed_dictionaries(
    {
        **{
            key: st.text(max_size=20)
            for key in tables.COLUMNS
            if key not in tables.LISTS | tables.NUMBERS | tables.OBJECTS | {"sdgs", "is_demo"}
        },
        **dict.fromkeys(tables.LISTS, _words),
        **{key: st.none() | st.integers(1000, 2200) for key in tables.NUMBERS},
        **{
            key: st.lists(st.dictionaries(st.text(max_size=5), st.none() | st.floats(-180, 180) | st.text(max_size=9)), max_size=2)
            for key in tables.OBJECTS
        },
        "sdgs": st.lists(st.integers(1, 17), max_size=3),
        "is_demo": st.booleans(),
        "confirmed_on": st.none() | st.dates().map(str),
    }
)


@given(_entry)
def test_a_row_of_our_table_says_the_same_when_read_back(entry: dict[str, object]) -> None:
    row = tables.to_row(entry)
    assert tables.from_row(dict(zip(tables.COLUMNS, row, strict=True))) == entry


@pytest.mark.parametrize(("column", "cell"), [("founded", "neulich"), ("sdgs", "1;x"), ("places", "[1]"), ("sources", "{")])
def test_a_cell_that_cannot_be_read_is_named(column: str, cell: str) -> None:
    with pytest.raises(ValueError, match=column):
        tables.from_row({column: cell})
