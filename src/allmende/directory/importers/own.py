"""Profiles for Allmende's own export, so that entries move from house to house, or into a spreadsheet and back, without loss."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.directory import tables
from allmende.directory.importers import reading
from allmende.directory.importers.base import Profile, Raw, Rejected, Rough, Row


class AllmendeCsv(Profile):
    """The CSV of /daten/. It may be a part of the whole, so nothing that is missing has vanished."""

    key = "allmende-csv"
    label = gettext_lazy("Allmende: CSV export")
    source = "allmende"
    whole = False
    REQUIRED: ClassVar[tuple[str, ...]] = ("id", "name")

    def rows(self, path: Path) -> Iterator[Row]:
        return reading.csv_rows(path, self.REQUIRED)

    def notes(self, path: Path) -> list[str]:
        return reading.encoding_notes(path)

    def rough(self, raw: Raw) -> Rough:
        try:
            return from_export(tables.from_row(raw))
        except ValueError as error:
            raise Rejected(str(error), _("cannot be read")) from error


class AllmendeGeoJson(Profile):
    """The GeoJSON of /daten/: the same entry in the properties, its first point as geometry."""

    key = "allmende-geojson"
    label = gettext_lazy("Allmende: GeoJSON export")
    source = "allmende"
    whole = False

    def rows(self, path: Path) -> Iterator[Row]:
        return reading.json_rows(path, "features.item")

    def rough(self, raw: Raw) -> Rough:
        entry = raw.get("properties")
        entry = dict(entry) if isinstance(entry, dict) else {}
        entry.setdefault("id", raw.get("id"))
        return from_export(entry)


def from_export(entry: dict[str, Any]) -> Rough:
    """An exported entry as a rough row. What stands in an export is public, so contacts stay public; nothing is derived."""
    uuid = _uuid(entry.get("id"))
    known = {key: entry.get(key) for key in _SAME}
    return {
        **known,
        "remote_id": uuid,
        "uuid": uuid,
        "slug": _text(entry.get("slug")),
        # An export is silent about contacts that are not public: their absence says nothing.
        **{name: entry.get(name) or None for name in ("email", "phone")},
        "visibility": {name: "public" for name in ("email", "phone") if entry.get(name)},
        "url": entry.get("url"),
        "places": _objects(entry.get("places")),
        "as_is": True,
        "networks": [_text(one) for one in _list(entry.get("networks")) if _text(one)],
        "origins": _objects(entry.get("sources")),
        "confirmed_on": _text(entry.get("confirmed_on")),
        "changed_at": _text(entry.get("changed_at")),
    }


_SAME = (
    "name legal_name kind legal_form sector sectors activities cooperation sdgs summary summary_en description description_en "
    "keywords languages founded ended website register same_as licence is_demo"
).split()


def _uuid(value: Any) -> str:
    try:
        return str(UUID(_text(value)))
    except ValueError as error:
        raise Rejected("id", _("is missing") if not value else _("is no UUID")) from error


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in _list(value) if isinstance(one, dict)]
