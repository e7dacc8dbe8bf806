"""Account movements as CSV, as German banks export them: which encoding, which delimiter, which column is what, what a row says.

`guess(data)` reads the file and proposes the columns; `entries(table, columns)` makes lines of it.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.banking.camt import MOST_BYTES, MOST_LINES, NO_REFERENCE, Entry
from allmende.banking.rules import compact
from allmende.ground.money import read_euros
from allmende.ground.refusals import BadInput, require
from allmende.ground.text import clean, fold

FIELDS = {
    "booked": gettext_lazy("Day of booking"),
    "value": gettext_lazy("Value date"),
    "amount": gettext_lazy("Amount"),
    "outgo": gettext_lazy("Amount that went out"),
    "income": gettext_lazy("Amount that came in"),
    "sign": gettext_lazy("Debit or credit (S or H)"),
    "party": gettext_lazy("Name of the other side"),
    "payee": gettext_lazy("Name of the payee, where it has a column of its own"),
    "iban": gettext_lazy("IBAN of the other side"),
    "text": gettext_lazy("Text of the transfer"),
    "end_to_end": gettext_lazy("End-to-end reference"),
    "currency": gettext_lazy("Currency"),
    "own": gettext_lazy("Own account"),
    "state": gettext_lazy("Booked or announced"),
}
_NAMES: dict[str, tuple[str, ...]] = {
    "booked": ("buchungstag", "buchungsdatum", "buchung", "datum", "bookingdate", "date"),
    "value": ("valutadatum", "wertstellung", "valuta", "wertstellungsdatum", "wert", "valuedate"),
    "amount": ("betrag", "betrageur", "betrageuro", "umsatz", "umsatzineur", "amount", "amounteur"),
    "outgo": ("soll", "ausgang", "belastung", "debit"),
    "income": ("haben", "eingang", "gutschrift", "credit"),
    "sign": ("sollhaben", "sh", "sollhabenkennzeichen", "kennzeichen"),
    "party": (
        "namezahlungsbeteiligter", "beguenstigterzahlungspflichtiger", "begunstigterzahlungspflichtiger", "auftraggeberempfanger",
        "auftraggeberzahlungsempfanger", "zahlungspflichtiger", "zahlungspflichtige", "auftraggeber", "begunstigterauftraggeber",
        "empfangerzahlungspflichtiger", "gegenpartei", "name", "partnername", "payer",
    ),
    "payee": ("zahlungsempfangerin", "zahlungsempfanger", "empfanger", "payee"),
    "iban": (
        "ibanzahlungsbeteiligter", "kontonummeriban", "ibankontonummer", "gegeniban", "partneriban", "ibandesauftraggebers", "iban",
        "gegenkonto", "kontonummer",
    ),
    "text": ("verwendungszweck", "verwendungszweckbuchungstext", "paymentreference", "zweck", "reference", "buchungstext", "text"),
    "end_to_end": ("kundenreferenzendtoend", "endtoendreferenz", "endtoendid", "kundenreferenz"),
    "currency": ("wahrung", "waehrung", "currency"),
    "own": ("ibanauftragskonto", "auftragskonto", "eigeneiban", "eigenkonto"),
    "state": ("status", "info"),
}  # fmt: skip
_IBAN = re.compile(r"DE\d{2}(?: ?\d{4}){4} ?\d{2}")
_EREF = re.compile(r"EREF[+:] ?(\S+)")


@dataclass(frozen=True)
class Table:
    """A file with rows: what it calls its columns, and whose account the lines above them name."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first_row: int  # its line in the file, for sentences
    own: str = ""


def decoded(data: bytes) -> str:
    """The text of a file in UTF-8 or in the old encoding of Windows. BadInput for what is no text."""
    require(len(data) <= MOST_BYTES, _("This file is larger than 20 MB. Export a shorter time."), BadInput)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    sentence = _("This is neither a camt.053 statement nor a CSV table. Export one of the two from your bank.")
    require(data.strip() and b"\0" not in data, sentence, BadInput)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput(_("The letters in this file cannot be read. Export it once more, with the encoding UTF-8."))


def read(data: bytes) -> Table:
    """The rows below the row with the names of the columns, whatever stands above it."""
    text = decoded(data)
    parsed = max((_parsed(text, delimiter) for delimiter in ";,\t"), key=_width)
    at = max(range(min(len(parsed), 30)), key=lambda row: (_known(parsed[row]), -row), default=0)
    sentence = _("This file has no table with at least a date and an amount. Export the account movements as CSV or camt.053.")
    require(parsed and _width(parsed) > 1 and len(parsed[at]) > 1, sentence, BadInput)
    rows = tuple(tuple(row) for row in parsed[at + 1 :] if any(cell.strip() for cell in row))
    require(rows, _("There are no lines below the names of the columns."), BadInput)
    require(len(rows) <= MOST_LINES, _("More than 50,000 lines in one file. Export a shorter time."), BadInput)
    above = _IBAN.search(" ".join(cell for row in parsed[:at] for cell in row))
    return Table(tuple(clean(cell) for cell in parsed[at]), rows, at + 2, compact(above[0]) if above else "")


def _parsed(text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return []


def _width(rows: Sequence[Sequence[str]]) -> int:
    """How many columns most rows have."""
    widths = sorted(len(row) for row in rows if row)
    return widths[len(widths) // 2] if widths else 0


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(name))


def _known(row: Sequence[str]) -> int:
    names = {name for known in _NAMES.values() for name in known}
    return sum(_plain(cell) in names for cell in row)


def guess(table: Table) -> dict[str, int]:
    """Which column is what, by its name; columns nobody knows are left out."""
    plain = [_plain(name) for name in table.columns]
    found: dict[str, int] = {}
    for field, names in _NAMES.items():
        places = [plain.index(name) for name in names if name in plain]
        free = [place for place in places if place not in found.values()]
        if free:
            found[field] = free[0]
    return found


def entries(table: Table, columns: Mapping[str, int]) -> list[Entry]:
    """The lines of the table. BadInput names the first rows that cannot be read; then nothing is taken over at all."""
    amounts = "amount" in columns or ("outgo" in columns and "income" in columns)
    require("booked" in columns and amounts, _("Say which column is the day of booking, and which is the amount."), BadInput)
    made: list[Entry] = []
    wrong: list[str] = []
    for number, row in enumerate(table.rows, table.first_row):
        try:
            entry = _entry(row, columns)
        except ValueError as no:
            wrong.append(_("line %(number)d: “%(said)s”") % {"number": number, "said": str(no)[:40]})
            continue
        if entry:
            made.append(entry)
    sentence = _("These cells are no date or no amount: %(rows)s. Nothing was taken over.") % {"rows": ", ".join(wrong[:5])}
    require(not wrong, sentence, BadInput)
    return made


def own_accounts(table: Table, columns: Mapping[str, int]) -> set[str]:
    """The accounts the table says it belongs to; none where it does not say."""
    named = {compact(_cell(row, columns, "own")) for row in table.rows} if "own" in columns else set()
    return {one for one in {*named, table.own} if one}


def _cell(row: Sequence[str], columns: Mapping[str, int], field: str) -> str:
    at = columns.get(field)
    return clean(row[at]) if at is not None and at < len(row) else ""


def _entry(row: Sequence[str], columns: Mapping[str, int]) -> Entry | None:
    def cell(field: str) -> str:
        return _cell(row, columns, field)

    if "vorgemerkt" in fold(cell("state")):
        return None
    if not cell("booked") and not any(cell(field) for field in ("amount", "outgo", "income")):
        return None
    if cell("currency") and cell("currency").upper() not in {"EUR", "€"}:
        raise ValueError(cell("currency"))
    cents = _amount(row, columns)
    if not cents:
        return None
    text = cell("text")
    named = _EREF.search(text)
    end_to_end = cell("end_to_end") or (named[1] if named else "")
    iban = compact(cell("iban"))
    party = cell("payee") if cents < 0 and cell("payee") else cell("party") or cell("payee")
    return Entry(
        booked_on=read_day(cell("booked")),
        value_on=read_day(cell("value")) if cell("value") else None,
        cents=cents,
        party=party[:140],
        iban=iban[:34],
        text=text[:1_000],
        end_to_end="" if end_to_end in NO_REFERENCE else end_to_end[:35],
    )


def _amount(row: Sequence[str], columns: Mapping[str, int]) -> int:
    out, came = _cell(row, columns, "outgo"), _cell(row, columns, "income")
    said = _cell(row, columns, "amount")
    if not said and (out or came):
        return (abs(read_signed(came)) if came else 0) - (abs(read_signed(out)) if out else 0)
    cents = read_signed(said)
    sign = fold(_cell(row, columns, "sign"))[:1]
    return -abs(cents) if sign in {"s", "d"} else abs(cents) if sign in {"h", "c"} else cents


def read_signed(said: str) -> int:
    """Cents of an amount with the sign before or behind it, or S (went out) and H (came in) behind it."""
    said = said.replace("'", "").strip()
    if said[-1:] in {"-", "S"}:
        return -abs(read_euros(said[:-1].strip()))
    return read_euros(said.removesuffix("H").removesuffix("+").strip())


def read_day(said: str) -> date:
    """`3.2.2026`, `03.02.26`, `2026-02-03`, `03/02/2026`: the day comes first unless the year does. ValueError otherwise."""
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", said):
        year, month, day = (int(part) for part in found.groups())
    elif found := re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})", said):
        day, month, year = (int(part) for part in found.groups())
        year += 2000 if year < 100 else 0
    else:
        raise ValueError(said)
    try:
        return date(year, month, day)
    except ValueError as no:
        raise ValueError(said) from no
