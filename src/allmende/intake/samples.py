"""The empty table to fill in, with two rows that show how; as CSV and as Excel file."""

import io

from django.utils.translation import gettext as _

from allmende.ground.sheets import csv_parts

COLUMNS = (
    "number", "family_name", "given_name", "firm", "represented_by", "street", "postcode", "town", "country", "email", "phone",
    "joined_on", "ends_on", "end_reason", "shares", "paid", "group", "kind", "iban", "holder", "mandate_on", "mandate_reference",
)  # fmt: skip
EXAMPLES = (
    {
        "number": "1", "family_name": "Muster", "given_name": "A.", "street": "Musterweg 1", "postcode": "07743", "town": "Jena",
        "country": "DE", "email": "muster@example.org", "joined_on": "01.03.2019", "shares": "2", "paid": "500,00",
    },
    {
        "number": "2", "firm": "Musterbetrieb eG", "represented_by": "Vorstand", "street": "Musterplatz 2", "postcode": "10115",
        "town": "Berlin", "country": "DE", "joined_on": "15.07.2021", "ends_on": "31.12.2024", "shares": "1", "paid": "0,00",
    },
)  # fmt: skip


def headings() -> list[str]:
    """The heading of the table in the reader's language; each is understood again when it comes back."""
    from allmende.intake.columns import LABELS

    return [str(LABELS[column]) for column in COLUMNS]


def rows() -> list[list[str]]:
    """The examples, cell by cell."""
    return [[example.get(column, "") for column in COLUMNS] for example in EXAMPLES]


def as_csv() -> bytes:
    """With semicolons and the sign by which spreadsheets know UTF-8."""
    return b"".join(csv_parts([headings(), *rows()]))


def as_xlsx() -> bytes:
    """All cells are text, so that postcodes keep their zeros."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = _("List of members")
    for row in (headings(), *rows()):
        sheet.append(row)
    for column in sheet.columns:
        sheet.column_dimensions[column[0].column_letter].width = 18
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
