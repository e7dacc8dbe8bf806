"""Profiles for the "Standard CSV" of the Solidarity Economy Association, as Co-operatives UK and workers.coop publish it.

Columns: https://github.com/DigitalCommons/se-open-data; structure, activity and membership are ESSGlobal codes or their addresses.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from django.utils.translation import gettext_lazy

from allmende.directory import taxonomy
from allmende.directory.importers import reading, values
from allmende.directory.importers.base import Profile, Raw, Rough, Row

KINDS = {"Company": "company", "Community Interest Company": "company", "LLP": "company", "Unincorporated": "initiative"}
# ESSGlobal 2.1 "activities-ica" that say too little to file an entry under: 280 other, 290 all.
VAGUE = ("ICA280", "ICA290")


class SeaStandard(Profile):
    """One row per organisation; the point is the address's own, or the centre of its postcode ("Geo Container")."""

    key = "sea-standard"
    label = gettext_lazy("Solidarity Economy Association: Standard CSV (Co-operatives UK)")
    source = "coops-uk"
    REQUIRED: ClassVar[tuple[str, ...]] = ("Identifier", "Name", "Street Address", "Locality", "Postcode", "Primary Activity")

    def rows(self, path: Path) -> Iterator[Row]:
        return reading.csv_rows(path, self.REQUIRED)

    def notes(self, path: Path) -> list[str]:
        return reading.encoding_notes(path)

    def rough(self, raw: Raw) -> Rough:
        activity = raw.get("Primary Activity", "")
        number = raw.get("Companies House Number", "")
        return {
            "remote_id": raw["Identifier"],
            "name": raw["Name"],
            "description": raw.get("Description"),
            "kind": taxonomy.kind_of(raw.get("Organisational Structure")),
            "legal_form": raw.get("Legal Form"),
            # The plain word tells more than the code where the code is "other".
            "sector": [one for one in (_code(activity), raw.get("Sector", "")) if one and one != "Other"],
            "codes": [
                *(f"sic={code}" for code in values.words(raw.get("SIC Code") or "")),
                *_codes(raw, "Organisational Structure"),
                *_codes(raw, "Membership Type"),
            ],
            "activities": _codes(raw, "Activities"),
            "website": raw.get("Website"),
            "email": raw.get("Email"),
            "phone": raw.get("Phone"),
            "register": f"Companies House {number}" if number else None,
            "state": "published",  # who is listed lives
            "ended": "",
            "same_as": [link for link in (raw.get("Twitter"), raw.get("Facebook")) if link and "://" in link],
            "places": [self._place(raw)],
        }

    def _place(self, raw: Raw) -> Rough:
        own = raw.get("Latitude") and raw.get("Longitude")
        return {
            "street": raw["Street Address"],
            "postcode": raw["Postcode"],
            "town": raw["Locality"],
            "region": raw.get("Region"),
            "country": raw.get("Country ID"),
            "lat": raw.get("Latitude") if own else raw.get("Geo Container Latitude"),
            "lon": raw.get("Longitude") if own else raw.get("Geo Container Longitude"),
            "precision": "exact" if own else "postcode",
        }


class WorkersCoop(SeaStandard):
    """The workers' co-operatives among them: same ids, with descriptions, registered names and dates."""

    key = "workers-coop"
    label = gettext_lazy("workers.coop: Standard CSV with register columns")
    source = "workers-coop"
    joins = ("coops-uk",)
    REQUIRED: ClassVar[tuple[str, ...]] = (*SeaStandard.REQUIRED, "Registered Number", "Incorporation Date")

    def rough(self, raw: Raw) -> Rough:
        dissolved = raw.get("Dissolved Date", "")
        return {
            **super().rough(raw),
            "legal_name": raw.get("Organisation Name"),
            "founded": raw["Incorporation Date"],
            "ended": dissolved,
            "state": "archived" if dissolved else "published",
            "register": register(raw.get("Registrar", ""), raw["Registered Number"]),
        }


class CoopsUk2017(Profile):
    """Co-operatives UK, open data of 2017: registers and trading names, no points. What was dissolved is kept archived."""

    key = "coops-uk-2017"
    label = gettext_lazy("Co-operatives UK 2017: organisations")
    source = "coops-uk"
    REQUIRED: ClassVar[tuple[str, ...]] = (
        "CUK Organisation ID",
        "Registered Name",
        "Trading Name",
        "Registered Street",
        "Registered Status",
    )

    def rows(self, path: Path) -> Iterator[Row]:
        return reading.csv_rows(path, self.REQUIRED)

    def notes(self, path: Path) -> list[str]:
        return reading.encoding_notes(path)

    def rough(self, raw: Raw) -> Rough:
        sector = raw.get("Sector - Simplified, High Level", "")
        return {
            "remote_id": raw["CUK Organisation ID"],
            "name": raw["Trading Name"] or raw["Registered Name"],
            "legal_name": raw["Registered Name"],
            "kind": KINDS.get(raw.get("Legal Form", "")),
            "state": "published" if raw["Registered Status"] == "Live" else "archived",
            "legal_form": raw.get("Legal Form"),
            "sector": [sector] if sector != "Other" else [],
            "codes": [raw.get("SIC Code", "").replace("UKSIC07-", "sic="), raw.get("Ownership Classification", "")],
            "founded": raw.get("Incorporation Date"),
            "ended": raw.get("Dissolved Date"),
            "register": register(raw.get("Registrar", ""), raw.get("Registered Number", "")),
            "places": [
                {
                    "street": raw["Registered Street"],
                    "postcode": raw.get("Registered Postcode"),
                    "town": raw.get("Registered City"),
                    "region": raw.get("Registered State/Province"),
                    "country": raw.get("UK Nation"),
                }
            ],
        }


class CoopsUkOutlets(Profile):
    """Shops and branches of 2017: places of the organisations with the same id, each with its own name."""

    key = "coops-uk-2017-outlets"
    label = gettext_lazy("Co-operatives UK 2017: outlets, as places of their organisations")
    source = "coops-uk-outlets"
    adds_places = True
    REQUIRED: ClassVar[tuple[str, ...]] = ("CUK Organisation ID", "Outlet Name", "Street", "City", "Postcode")

    def rows(self, path: Path) -> Iterator[Row]:
        return reading.csv_rows(path, self.REQUIRED)

    def notes(self, path: Path) -> list[str]:
        return reading.encoding_notes(path)

    def rough(self, raw: Raw) -> Rough:
        owner = raw["CUK Organisation ID"]
        where = [values.address(raw[column]) for column in ("Outlet Name", "Street", "Postcode")]
        return {
            # Outlets have no id of their own; name and address are what tells them apart.
            "remote_id": "|".join([owner, *where])[:200] if owner else "",
            "owners": [("coops-uk", owner)],
            "url": raw.get("Website"),
            "places": [
                {
                    "label": raw["Outlet Name"],
                    "street": raw["Street"],
                    "postcode": raw["Postcode"],
                    "town": raw["City"],
                    "region": raw.get("State/Province"),
                    "country": "GB",
                }
            ],
        }


def register(registrar: str, number: str) -> str:
    """Register and number in one; names that say there is no register are left out."""
    if not number:
        return ""
    named = registrar and "legal form" not in registrar.lower()
    return f"{registrar} {number}" if named else number


def _codes(raw: Raw, column: str) -> list[str]:
    return values.words(raw.get(column) or "")


def _code(address: str) -> str:
    return "" if address.endswith(VAGUE) else address
