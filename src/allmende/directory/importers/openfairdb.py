"""Profiles for OpenFairDB, the database of Karte von morgen: its search answer and its CSV export.

Names of contact persons are not taken over; e-mail and telephone stay with the stewards until the organisation shows them itself.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.directory.importers import reading, values
from allmende.directory.importers.base import Profile, Raw, Rejected, Rough, Row
from allmende.directory.importers.osm import legal_form

COMMERCIAL, EVENT = "77b3c33a92554bcf8e8c2c86cedd6f6f", "c2dc278a2d6a4b9b8a50cb606fc017ed"
HIDDEN = frozenset({"rejected", "archived"})


class OpenFairDb(Profile):
    """`/search` or `/entries`: a part of the whole, so nothing that is missing has vanished."""

    key = "openfairdb"
    label = gettext_lazy("OpenFairDB / Karte von morgen: JSON of the search or of entries")
    source = "kartevonmorgen"
    whole = False
    kind = "initiative"

    def rows(self, path: Path) -> Iterator[Row]:
        with path.open("rb") as file:
            is_list = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")
        return reading.json_rows(path, *(["item"] if is_list else ["visible.item", "invisible.item"]))

    def rough(self, raw: Raw) -> Rough:
        return from_entry(raw, raw.get("categories"), raw.get("tags"), lon=raw.get("lng"))


class OpenFairDbCsv(Profile):
    """`/export/entries.csv`, as scouts of Karte von morgen can fetch it for their region."""

    key = "openfairdb-csv"
    label = gettext_lazy("OpenFairDB / Karte von morgen: CSV export")
    source = "kartevonmorgen"
    whole = False
    kind = "initiative"
    REQUIRED: ClassVar[tuple[str, ...]] = (
        "id",
        "title",
        "description",
        "lat",
        "lng",
        "street",
        "zip",
        "city",
        "categories",
        "tags",
        "license",
    )

    def rows(self, path: Path) -> Iterator[Row]:
        return reading.csv_rows(path, self.REQUIRED)

    def notes(self, path: Path) -> list[str]:
        return reading.encoding_notes(path)

    def rough(self, raw: Raw) -> Rough:
        contact = {"email": raw.get("contact_email"), "telephone": raw.get("contact_phone")}
        return from_entry({**raw, **contact}, values.words(raw["categories"], ",;"), values.words(raw["tags"], ",;"), lon=raw["lng"])


def from_entry(entry: Raw, categories: Any, tags: Any, lon: Any) -> Rough:
    """An entry from the words both formats share."""
    if EVENT in (categories or []):
        raise Rejected("categories", _("is an event, not an organisation"))
    form, kind = legal_form(values.text(entry.get("title")))
    return {
        "remote_id": entry.get("id"),
        "name": entry.get("title"),
        "description": entry.get("description"),
        "kind": kind or ("company" if COMMERCIAL in (categories or []) else "initiative"),
        "state": "archived" if entry.get("status") in HIDDEN else "published",
        "legal_form": form or None,
        "tags": tags,
        "founded": entry.get("founded_on"),
        "website": entry.get("homepage"),
        "email": entry.get("email"),
        "phone": entry.get("telephone"),
        "licence": entry.get("license"),
        "url": f"https://kartevonmorgen.org/#/?entry={entry['id']}" if entry.get("id") else "",
        "places": [
            {
                "street": entry.get("street"),
                "postcode": entry.get("zip"),
                "town": entry.get("city"),
                "region": entry.get("state"),
                "country": entry.get("country"),
                "lat": entry.get("lat"),
                "lon": lon,
            }
        ],
    }
