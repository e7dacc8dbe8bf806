"""Labelled pairs and the open data files they speak of, as portraits: for measuring the scorer and for fitting its weights."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from allmende.duplicates.portraits import Portrait, Site, own_host
from allmende.duplicates.rarity import Rarity
from allmende.places.queries import country_code

Row = dict[str, str]
METRES_PER_DEGREE = 111_195


@dataclass(frozen=True, slots=True)
class Pair:
    """Two portraits and what people said of them. `sort` is the reason they gave, `group` who must stay together in a cross-validation."""

    a: Portrait
    b: Portrait
    label: str
    sort: str
    source: str
    group: tuple[str, str]

    @property
    def is_verbatim(self) -> bool:
        """A re-import word for word: too easy to count."""
        return self.sort.startswith("verbatim")


def rows(path: Path) -> list[Row]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# --------------------------------------------------------------------------------------------- Germany, Austria, Switzerland


def directories(folder: Path) -> dict[str, Portrait]:
    """The entries of susy, inkota, greenmap and openfairdb by the ids the pairs use; files that are missing are left out."""
    found: dict[str, Portrait] = {}
    for source, name in (
        ("susy", "susy_europe_sse.geojson"),
        ("inkota", "transformap_inkota_de_2016.geojson"),
        ("greenmap", "transformap_greenmap_muenchen_2015.geojson"),
    ):
        for feature in _json(folder / name).get("features", ()):
            said = feature["properties"] or {}
            number = said.get("_id") if source == "susy" else feature.get("id")
            found[f"{source}:{number}"] = _of_feature(said, feature["geometry"])
    for one in _json(folder / "openfairdb_search_sample_100.json").get("visible", ()):
        site = Site(lat=one["lat"], lon=one["lng"], precision="exact")
        found[f"openfairdb:{one['id']}"] = Portrait(one["title"], sites=(site,))
    return found


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _of_feature(said: dict[str, Any], geometry: dict[str, Any] | None) -> Portrait:
    street = f"{said.get('addr:street') or ''} {said.get('addr:housenumber') or ''}".strip()
    lon, lat = (geometry or {}).get("coordinates") or (None, None)
    site = Site(
        street,
        str(said.get("addr:postcode") or ""),
        _tidy(said.get("addr:city")),
        country_code(said.get("addr:country")),
        lat,
        lon,
        "" if lat is None else "exact",
    )
    website = said.get("contact:website") or said.get("website") or ""
    return Portrait(
        name=_tidy(said.get("name")),
        sites=(site,),
        website=website if "." in website else "",
        email=said.get("contact:email") or "",
        phone=said.get("contact:phone") or "",
    )


def _tidy(text: object) -> str:
    return str(text or "").strip(" \u200e\u200f")


def dach_pairs(path: Path, whole: Mapping[str, Portrait]) -> list[Pair]:
    """The labelled pairs: with the whole entries (see `directories`) where both are known, else with what stands in the columns."""
    found = []
    for row in rows(path):
        a, b = whole.get(row["a"]), whole.get(row["b"])
        if a is None or b is None:
            a, b = _of_columns(row)
        source = "-".join(sorted((row["a"].split(":")[0], row["b"].split(":")[0])))
        found.append(Pair(a, b, row["label"], row["reason"], source, (row["a"], row["b"])))
    return found


def rarity_of(portraits: Iterable[Portrait]) -> Rarity:
    """How often the websites occur among these; the words of names are left to the background."""
    hosts: dict[str, set[str]] = defaultdict(set)
    for number, one in enumerate(portraits):
        if name := own_host(one.website):
            hosts[name].add(str(number))
    return Rarity(hosts={name: len(every) for name, every in hosts.items()})


def _of_columns(row: Row) -> tuple[Portrait, Portrait]:
    """Two portraits as far apart as the column says: both are put on one meridian."""
    metres = float(row.get("distance_m") or "nan")
    places = [(0.0, 0.0), (metres / METRES_PER_DEGREE, 0.0)] if metres == metres else [(None, None)] * 2
    made = [
        Portrait(
            row[f"name_{side}"],
            sites=(Site(town=_tidy(row.get(f"city_{side}")), lat=lat, lon=lon, precision="exact" if lat is not None else ""),),
            website=row.get(f"host_{side}") or "",
        )
        for side, (lat, lon) in zip("ab", places, strict=True)
    ]
    return made[0], made[1]


# ------------------------------------------------------------------------------------------------------- United Kingdom


def coops_uk_2017(folder: Path, *, numbers: bool = True) -> dict[str, Portrait]:
    """The register of 2017 by CUK id, which is not in the portraits; without register numbers if asked."""
    return {
        row["CUK Organisation ID"]: Portrait(
            name=row["Trading Name"] or row["Registered Name"],
            legal_name=row["Registered Name"],
            sites=(Site(_line(row["Registered Street"]), row["Registered Postcode"], row["Registered City"], "GB"),),
            register=row["Registered Number"] if numbers else "",
        )
        for row in rows(folder / "coops_uk_2017_organisations.csv")
    }


def coops_uk_2023(folder: Path, *, numbers: bool = True) -> dict[str, Portrait]:
    """The register of 2023 by CUK id, which is not in the portraits; only companies have a number in it."""
    return {
        row["Identifier"]: Portrait(
            name=row["Name"],
            legal_name=row["Name"],
            sites=(Site(_line(row["Street Address"]), row["Postcode"], row["Locality"], "GB"),),
            register=row["Companies House Number"] if numbers else "",
        )
        for row in rows(folder / "coops_uk_2023_standard.csv")
    }


def _line(street: str) -> str:
    return " ".join(street.split())


def coops_uk_pairs(folder: Path) -> list[Pair]:
    """Pairs to learn from: those of the development half that did not move, and neighbours by postcode that are somebody else."""
    before, after = coops_uk_2017(folder), coops_uk_2023(folder)
    found = []
    by_postcode: dict[str, list[str]] = defaultdict(list)
    for number, one in after.items():
        by_postcode[one.sites[0].postcode].append(number)
    for row in rows(folder / "gold" / "gold_cuk_2017_2023.csv"):
        number, here = row["cuk_id"], row["postcode_2017"]
        if row["name_change"] != "other" and row["postcode_change"] == "0":
            found.append(Pair(before[number], after[number], "same", row["name_change"], "coops-uk", (number, number)))
        found += [
            Pair(before[number], after[other], "different", "neighbour", "coops-uk", (number, number))
            for other in by_postcode[here][:2]
            if here and other != number
        ]
    return found


# ----------------------------------------------------------------------------------------------- other people's labelled sets


def chicago(path: Path) -> list[Pair]:
    """Early childhood sites in Chicago: one true id is one site, one agency or website with other sites has branches."""
    by_id: dict[str, list[Row]] = {}
    for row in rows(path):
        by_id.setdefault(row["True Id"], []).append(row)
    found = []
    for number, same in by_id.items():
        apart = {(_folded(row["Site name"]), _folded(row["Address"]), row["Phone"]): row for row in same}
        found += [_chicago_pair(a, b, "same", number) for a, b in list(combinations(apart.values(), 2))[:6]]
    by_agency: dict[str, list[Row]] = {}
    for same in by_id.values():
        row = max(same, key=lambda one: (bool(one["Agency"]), bool(one["Website"]), bool(one["Address"])))
        if row["Agency"]:
            by_agency.setdefault(row["Agency"], []).append(row)
    for agency, sites in by_agency.items():
        found += [_chicago_pair(a, b, "branch", agency) for a, b in list(combinations(sites, 2))[:4] if a["True Id"] != b["True Id"]]
    return found


def _folded(text: str) -> str:
    return " ".join(text.lower().split())


def _chicago_pair(a: Row, b: Row, label: str, group: str) -> Pair:
    def portrait(row: Row) -> Portrait:
        site = Site(row["Address"], row["Zip"], "Chicago", "US")
        return Portrait(row["Site name"], sites=(site,), website=row["Website"], phone=row["Phone"])

    return Pair(portrait(a), portrait(b), label, "one site" if label == "same" else "one agency", "chicago", (f"c{group}", f"c{group}"))


def restaurants(folder: Path) -> list[Pair]:
    """Fodor's and Zagat's restaurants: 112 are the same; beside them the most similar of the others."""
    left = {row["id"]: row for row in rows(folder / "fodors.csv")}
    right = {row["id"]: row for row in rows(folder / "zagats.csv")}
    matches = {row["fodors_id"]: row["zagats_id"] for row in rows(folder / "matches_fodors_zagats.csv")}
    found = []
    for number, row in left.items():
        if number in matches:
            found.append(_restaurants(row, right[matches[number]], "same"))
        near = [other for other in right.values() if other["id"] != matches.get(number) and _share_a_word(row["name"], other["name"])]
        found += [_restaurants(row, other, "different") for other in near[:2]]
    return found


def _share_a_word(one: str, other: str) -> bool:
    return bool({word for word in one.split() if len(word) > 3} & {word for word in other.split() if len(word) > 3})


def _restaurants(a: Row, b: Row, label: str) -> Pair:
    def portrait(row: Row) -> Portrait:
        phone = "".join(letter for letter in row["phone"] if letter.isdigit())
        return Portrait(row["name"], sites=(Site(row["addr"], "", row["city"], "US"),), phone=phone)

    return Pair(portrait(a), portrait(b), label, "restaurants", "fodors-zagats", (f"f{a['id']}", f"z{b['id']}"))


def names(folder: Path) -> Iterator[tuple[str, str]]:
    """(group, name) of all entries in the open files: what words are counted in."""
    for number, portrait in directories(folder).items():
        site = portrait.sites[0]
        is_here = not number.startswith("susy") or site.country in {"DE", "AT", "CH"}
        yield "de" if is_here else "eu", portrait.name
    yield from (("gb", one.legal_name) for one in coops_uk_2017(folder).values())
    yield from (("de", owner["name"]) for owner in _json(folder / "swiss_housing_coops_owners_2026.json") or ())
    yield from (("de", row["name"]) for row in rows(folder / "transformap_wandelwoche_berlin_2015.csv"))
    yield from (("us", row["name"]) for row in rows(folder / "chicommons_chicago_coops.csv"))
