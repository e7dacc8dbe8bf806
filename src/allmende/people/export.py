"""Everything the house knows of a person as one ZIP: for each area a JSON file for programs and a CSV table for people."""

import csv
import io
import json
import zipfile
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from allmende.ground.text import defused
from allmende.people import personal
from allmende.people.models import Person


def archive(person: Person, now: datetime) -> bytes:
    """The ZIP file: README.txt, then `<area>.json` and `<area>.csv` for every area that has something to say."""
    packed = io.BytesIO()
    with translation.override(person.language), zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        areas = [(area, area.rows(person)) for _name, area in sorted(personal.AREAS.items())]
        file.writestr("README.txt", _readme(areas, now))
        for area, rows in areas:
            file.writestr(f"{area.name}.json", json.dumps(rows, ensure_ascii=False, indent=2, default=_plain) + "\n")
            if rows:
                file.writestr(f"{area.name}.csv", _table(rows))
    return packed.getvalue()


def _plain(value: Any) -> str:
    """What JSON has no word for: moments and days as ISO 8601, all else as text."""
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


def _table(rows: personal.Rows) -> str:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])
    return "\ufeff" + text.getvalue()  # spreadsheets know UTF-8 by this sign


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False, default=_plain) if isinstance(value, dict | list) else _plain(value)
    return defused(text)


def _readme(areas: list[tuple[personal.Area, personal.Rows]], now: datetime) -> str:
    lines = [
        _("What %(house)s knows of you") % {"house": settings.SITE_NAME},
        _("As of %(moment)s") % {"moment": date_format(timezone.localtime(now), "DATETIME_FORMAT")},
        "",
        _("Each area comes twice: .json for programs, .csv as a table. An area without rows has no table."),
        _("Times are in ISO 8601. Passwords, keys and codes are left out: they would open your account."),
        _("You can correct most of it under “My area”, and delete your account there."),
        "",
        *(f"{area.name}: {area.label} ({len(rows)})" for area, rows in areas),
    ]
    return "\n".join(lines) + "\n"
