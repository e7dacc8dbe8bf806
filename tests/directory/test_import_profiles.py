"""Every profile on invented rows: what it makes of them, and what it refuses."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.directory import importers, taxonomy
from allmende.directory.importers.base import Draft, Rejected, Row
from allmende.directory.importers.checking import Checker
from allmende.ground.refusals import BadInput

FIXTURES = Path(__file__).parent / "fixtures"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def words(db: None) -> None:
    taxonomy.ensure()


def read(profile: str, name: str) -> tuple[dict[str, Draft], list[tuple[int, str]]]:
    """Drafts by remote id, and (line, field) of the refused rows."""
    found = importers.profile(profile)
    checker = Checker(found, date(2026, 11, 22))
    drafts, refused = {}, []
    for row in found.rows(FIXTURES / name):
        try:
            draft = checker.draft(row)
            drafts.setdefault(draft.remote_id, draft)
        except Rejected as no:
            refused.append((row.line, no.field))
    return drafts, refused


def test_the_standard_csv_gives_names_codes_and_postcode_points() -> None:
    drafts, refused = read("sea-standard", "standard.csv")
    teapot = drafts["T1"]
    assert teapot.data["name"] == "Teapot Co-operative"
    assert teapot.data["website"] == "http://www.teapot.example"
    assert teapot.data["register"] == "Companies House 01234567"
    assert teapot.data["sector"] == "retail"
    assert teapot.places == [
        {
            "label": "",
            "street": "Kettle House, 1 Spout Lane",
            "postcode": "LS1 4AP",
            "town": "Leeds",
            "region": "West Yorkshire",
            "country": "GB",
            "lat": 53.79648,
            "lon": -1.54785,
            "precision": "postcode",
            "is_seat": True,
        }
    ]
    assert refused == [(5, "name"), (6, "id"), (8, "lat/lon")]


def test_an_own_point_beats_the_postcode() -> None:
    place = read("sea-standard", "standard.csv")[0]["T2"].places[0]
    assert (place["lat"], place["lon"], place["precision"]) == (53.5, -2.25, "exact")


def test_zero_zero_is_no_point_and_a_broken_address_no_website() -> None:
    drafts, _ = read("sea-standard", "standard.csv")
    assert [note.field for note in drafts["T7"].notes] == ["lat/lon"]
    assert drafts["T7"].places[0]["precision"] != "exact" if drafts["T7"].places else True
    assert [(note.field, note.value) for note in drafts["T2"].notes] == [("website", "update6")]
    assert drafts["T2"].data["website"] == ""


def test_the_file_of_2017_keeps_dissolved_ones_archived() -> None:
    drafts, refused = read("coops-uk-2017", "coops2017.csv")
    assert not refused
    assert {key: (one.data["state"], one.data["founded"], one.data["ended"]) for key, one in drafts.items()} == {
        "T1": ("published", 1963, None),
        "T8": ("archived", 1901, 2011),
    }
    assert drafts["T1"].data["legal_name"] == "Teapot Co-operative Limited"
    assert drafts["T1"].data["register"] == "FCA 77R"


def test_osm_like_keys_become_an_entry_with_private_contacts() -> None:
    drafts, refused = read("osm-geojson", "osm.geojson")
    wheel = drafts["aa01"].data
    assert (wheel["name"], wheel["kind"], wheel["founded"]) == ("Radlager Beispiel e.V.", "association", 1998)
    assert (wheel["summary"], wheel["summary_en"]) == ("Wir reparieren Räder.", "We repair bicycles.")
    assert (wheel["email"], wheel["visibility"]) == ("hallo@radlager.example", {})
    assert wheel["keywords"] == ["Lastenpedal", "Klingelbau"]
    assert drafts["aa01"].places[0]["country"] == "DE"
    assert drafts["aa01"].places[0]["street"] == "Speichenweg 3"
    assert (drafts["1"].places[0]["lat"], drafts["1"].places[0]["lon"]) == (48.5, 9.5)
    assert refused == [(3, "name"), (4, "lat/lon")]


def test_control_characters_and_unknown_countries_are_noted_and_left_out() -> None:
    draft = read("osm-geojson", "osm.geojson")[0]["4"]
    assert draft.data["name"] == "Nur ein Name"
    assert draft.raw["properties"]["name"] == "Nur ein Name"
    assert [note.field for note in draft.notes] == ["country"]
    assert draft.places == []


def test_the_search_of_openfairdb_is_read_with_both_its_lists() -> None:
    drafts, refused = read("openfairdb", "openfairdb.json")
    assert not refused
    assert {key: (one.data["kind"], one.places[0]["lon"]) for key, one in drafts.items()} == {
        "f1": ("cooperative", 13.4),
        "f2": ("initiative", 11.5),
    }


def test_the_contact_person_of_openfairdb_is_not_taken_over_and_its_contacts_stay_private() -> None:
    draft = read("openfairdb-csv", "openfairdb.csv")[0]["f3"]
    assert (draft.data["email"], draft.data["visibility"]) == ("kontakt@bank.example", {})
    assert draft.data["phone"] == "+49 221 4711"
    assert "Erika" not in str(draft.kept)
    assert (draft.licence, draft.data["founded"]) == ("CC0-1.0", 2001)


def test_swiss_owners_have_no_place_and_their_buildings_are_places() -> None:
    owners, _ = read("swiss-housing", "swiss_owners.json")
    assert (owners["Q990001"].data["sector"], owners["Q990001"].places) == ("housing", [])
    assert owners["Q990001"].data["same_as"] == ["https://www.wikidata.org/wiki/Q990001"]
    buildings, _ = read("swiss-housing-buildings", "swiss_buildings.geojson")
    place = buildings["way/1"].places[0]
    assert (place["street"], place["town"], place["lat"], place["lon"], place["is_seat"]) == ("Hofweg 1, 3", "Bern", 47.1, 7.1, False)


def test_chicago_has_ids_made_of_name_and_address() -> None:
    drafts, _ = read("chicommons", "chicommons.csv")
    assert list(drafts) == ["Invented Credit Union|1 Fiction Ave"]
    assert drafts["Invented Credit Union|1 Fiction Ave"].places[0]["country"] == "US"


def test_a_file_of_another_kind_is_refused_as_a_whole() -> None:
    with pytest.raises(BadInput, match="Identifier"):
        list(importers.profile("sea-standard").rows(FIXTURES / "openfairdb.csv"))
    with pytest.raises(BadInput):
        list(importers.profile("osm-geojson").rows(FIXTURES / "openfairdb.json"))


def test_windows_files_are_read_with_a_note(tmp_path: Path) -> None:
    file = tmp_path / "alt.csv"
    file.write_bytes("name;lat;lon;addr:city\nMüllerei;52,5;13,4;Köln\n".encode("cp1252"))
    profile = importers.profile("transformap-csv")
    assert [row.raw["name"] for row in profile.rows(file)] == ["Müllerei"]
    assert len(profile.notes(file)) == 1
    draft = Checker(profile, date(2026, 1, 1)).draft(next(iter(profile.rows(file))))
    assert (draft.places[0]["lat"], draft.places[0]["lon"]) == (52.5, 13.4)


def test_a_json_file_that_breaks_off_gives_its_whole_entries_first(tmp_path: Path) -> None:
    file = tmp_path / "halb.geojson"
    file.write_text('{"features":[{"id":1,"properties":{"name":"A"}},{"id":2,"prop', encoding="utf-8")
    rows = list(importers.profile("osm-geojson").rows(file))
    assert [(row.line, row.is_end) for row in rows] == [(1, False), (2, True)]


def test_a_heading_of_a_million_letters_is_none(tmp_path: Path) -> None:
    file = tmp_path / "lang.csv"
    file.write_text("x" * 1_000_001, encoding="utf-8")
    with pytest.raises(BadInput):
        list(importers.profile("allmende-csv").rows(file))


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_a_json_file_of_a_hundred_thousand_levels_ends_there_and_does_not_fill_the_memory(tmp_path: Path, opening: str) -> None:
    file = tmp_path / "tief.geojson"
    file.write_text('{"features":[{"id":1,"properties":{"name":"A"}},' + opening * 100_000, encoding="utf-8")
    rows = list(importers.profile("osm-geojson").rows(file))
    assert [(row.line, row.is_end) for row in rows] == [(1, False), (2, True)]
    assert "more than 100 levels deep" in rows[-1].error


def test_a_row_with_too_many_cells_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "breit.csv"
    file.write_text('name,lat,lon,addr:city\n"A\nB",1,2,X\nC,1,2,X,zu viel\n', encoding="utf-8")
    assert [(row.line, bool(row.error)) for row in importers.profile("transformap-csv").rows(file)] == [(2, False), (4, True)]


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_KEYS = [
    *("id", "name", "title", "properties", "geometry", "places", "lat", "lng", "lon", "tags", "categories", "status"),
    *("wikidata", "sources", "networks", "sectors", "sdgs", "founded", "email", "keywords", "same_as"),
]


@given(st.sampled_from(["osm-geojson", "openfairdb", "swiss-housing", "swiss-housing-buildings", "allmende-geojson"]), st.data())
def test_no_json_however_odd_breaks_a_profile(key: str, data: Any) -> None:
    raw = data.draw(st.dictionaries(st.sampled_from(_KEYS), _json | st.dictionaries(st.sampled_from(_KEYS), _json, max_size=4), max_size=6))
    try:
        draft = Checker(importers.profile(key), date(2026, 1, 1)).draft(Row(1, raw))
    except Rejected:
        return
    assert draft.remote_id
    assert len(draft.digest) == 64
