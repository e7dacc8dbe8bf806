"""Profile for the spreadsheet of the Chicago commons map."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from django.utils.translation import gettext_lazy

from allmende.directory.importers import reading, values
from allmende.directory.importers.base import Profile, Raw, Rough, Row

KINDS = {"housing coop": "cooperative", "credit union": "cooperative", "cooperative": "cooperative", "workers collective": "cooperative"}


class ChiCommons(Profile):
    """Rows have no id; name and address tell them apart."""

    key = "chicommons"
    label = gettext_lazy("ChiCommons: spreadsheet of co-operatives in Chicago")
    source = "chicommons"
    kind = "initiative"
    REQUIRED: ClassVar[tuple[str, ...]] = ("name", "address", "postal code", "city1", "type", "lon", "lat")

    def rows(self, path: Path) -> Iterator[Row]:
        return reading.csv_rows(path, self.REQUIRED)

    def notes(self, path: Path) -> list[str]:
        return reading.encoding_notes(path)

    def rough(self, raw: Raw) -> Rough:
        name = values.text(raw["name"])
        return {
            "remote_id": f"{name}|{values.address(raw['address'])}"[:200] if name else "",
            "name": name,
            "summary_en": raw.get("Short description English"),
            "kind": KINDS.get(raw["type"].strip().lower()),
            "codes": [],
            "tags": values.words([raw["type"], *values.words(raw.get("Tags (seperate by comma)") or "", ",;")]),
            "website": raw.get("website"),
            "places": [
                {
                    "street": raw["address"],
                    "postcode": raw["postal code"],
                    "town": raw["city1"],
                    "region": raw.get("st", "").upper(),
                    "country": raw.get("Country"),
                    "lat": raw["lat"],
                    "lon": raw["lon"],
                }
            ],
        }
