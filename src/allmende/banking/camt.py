"""Account statements as banks send them: camt.053 (and the intraday camt.052), ISO 20022, versions 02 to 13.

`read(data)` gives a sheet per statement in the file. Documents with a DTD or entities are refused, so nothing can blow up.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element, ParseError

from django.utils.translation import gettext as _

from allmende.banking.rules import compact
from allmende.ground.refusals import BadInput, require
from allmende.ground.text import clean

MOST_BYTES = 20_000_000
MOST_LINES = 50_000
_NAMESPACE = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:camt\.05[23]\.001\.(\d\d)\}Document")
_AMOUNT = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,5})?|\.[0-9]{1,5})")  # no exponents: they make numbers no memory holds
VERSIONS = {f"{number:02d}" for number in range(2, 14)}
NO_REFERENCE = {"NONREF", "NOTPROVIDED", "NOTAVAILABLE"}


@dataclass(frozen=True)
class Entry:
    """One line as the bank said it; cents are negative for what went out."""

    booked_on: date
    cents: int
    value_on: date | None = None
    party: str = ""
    iban: str = ""
    text: str = ""
    end_to_end: str = ""
    return_code: str = ""
    reference: str = ""  # the bank's own, the same in every file


@dataclass(frozen=True)
class Sheet:
    """What a file says of one account."""

    iban: str
    entries: tuple[Entry, ...]
    is_whole: bool = True  # opening balance and lines make the closing balance, as far as both are said


def is_xml(data: bytes) -> bool:
    """Whether it looks like XML at all."""
    return data[:200].lstrip(b"\xef\xbb\xbf\x00\xff\xfe \r\n\t").startswith(b"<")


def read(data: bytes) -> list[Sheet]:
    """The statements in a file. Raises BadInput with a sentence for anything that is no booked statement in euros."""
    require(len(data) <= MOST_BYTES, _("This file is larger than 20 MB. Export a shorter time."), BadInput)
    root = _root(data)
    found = [_sheet(statement) for statement in root.iter() if _name(statement) in {"Stmt", "Rpt"}]
    require(found, _("This file holds no account statement."), BadInput)
    require(
        sum(len(sheet.entries) for sheet in found) <= MOST_LINES, _("More than 50,000 lines in one file. Export a shorter time."), BadInput
    )
    return found


def _root(data: bytes) -> Element:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as no:
        raise BadInput(_("This file contains definitions that do not belong into a bank statement. It was not read.")) from no
    except (ParseError, ValueError, LookupError) as no:
        raise BadInput(_("This XML file is damaged or cut off. Download it from the bank once more.")) from no
    space = _NAMESPACE.fullmatch(root.tag)
    require(
        space and space[1] in VERSIONS,
        _("This is XML, but no camt.053 statement. Choose “camt.053” or “CAMT” when you export from the bank; it may also be CSV."),
        BadInput,
    )
    return root


def _name(element: Element) -> str:
    return element.tag.rsplit("}", 1)[-1]


def _at(element: Element | None, path: str) -> Element | None:
    """The first element below along these names, whatever the namespace."""
    for name in path.split("/"):
        element = next((child for child in element if _name(child) == name), None) if element is not None else None
    return element


def _all(element: Element, path: str) -> Iterator[Element]:
    first, _slash, rest = path.partition("/")
    for child in element:
        if _name(child) == first:
            yield from (_all(child, rest) if rest else (child,))


def _said(element: Element | None, *paths: str) -> str:
    """The text at the first of these paths that has one."""
    for path in paths:
        found = _at(element, path)
        if found is not None and found.text and found.text.strip():
            return clean(found.text)
    return ""


def _day(element: Element, path: str) -> date | None:
    said = _said(element, f"{path}/Dt", f"{path}/DtTm")
    try:
        return date.fromisoformat(said[:10]) if said else None
    except ValueError as no:
        raise BadInput(_("The file has a date that does not exist: %(date)s.") % {"date": said[:20]}) from no


def _cents(element: Element | None) -> int:
    """Exact cents of an amount in euros."""
    require(element is not None and element.get("Ccy", "EUR") == "EUR", _("Only accounts in euros can be read."), BadInput)
    said = (element.text or "").strip() if element is not None else ""
    amount = Decimal(said) * 100 if _AMOUNT.fullmatch(said) else Decimal("0.1")
    require(amount == amount.to_integral_value() and abs(amount) < 10**15, _("The file has an amount that cannot be read."), BadInput)
    return int(amount)


def _sheet(statement: Element) -> Sheet:
    iban = compact(_said(statement, "Acct/Id/IBAN"))
    require(iban, _("The file does not say to which account it belongs."), BadInput)
    entries = tuple(line for entry in _all(statement, "Ntry") if _is_booked(entry) for line in _lines(entry, iban))
    return Sheet(iban, entries, _adds_up(statement, sum(one.cents for one in entries)))


def _adds_up(statement: Element, moved: int) -> bool:
    balances: dict[str, int] = {}
    for balance in _all(statement, "Bal"):
        code = _said(balance, "Tp/CdOrPrtry/Cd")
        if code in {"OPBD", "PRCD", "CLBD"}:
            cents = _cents(_at(balance, "Amt"))
            balances.setdefault(code, -cents if _said(balance, "CdtDbtInd") == "DBIT" else cents)
    opening, closing = balances.get("OPBD", balances.get("PRCD")), balances.get("CLBD")
    return opening is None or closing is None or opening + moved == closing


def _is_booked(entry: Element) -> bool:
    """Only what is booked: not what is announced or only told."""
    return _said(entry, "Sts/Cd", "Sts") in {"BOOK", ""}


def _sign(element: Element, otherwise: int) -> int:
    return {"CRDT": 1, "DBIT": -1}.get(_said(element, "CdtDbtInd"), otherwise)


def _lines(entry: Element, own: str) -> list[Entry]:
    """A line for every transaction of an entry; one for the whole where its transactions do not add up to it. No cent is lost."""
    sign = _sign(entry, 0)
    require(sign, _("A line of the file does not say whether money came or went."), BadInput)
    whole = sign * _cents(_at(entry, "Amt"))
    if not whole:
        return []
    details = list(_all(entry, "NtryDtls/TxDtls"))
    cents = [_detail_cents(detail, sign) for detail in details] if len(details) > 1 else [whole]
    if len(details) > 1 and sum(one or 0 for one in cents) == whole and all(cents):
        return [_line(entry, detail, amount or 0, own, at) for at, (detail, amount) in enumerate(zip(details, cents, strict=True))]
    return [_line(entry, details[0] if len(details) == 1 else None, whole, own, 0)]


def _detail_cents(detail: Element, sign: int) -> int | None:
    for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        amount = _at(detail, path)
        if amount is not None and amount.get("Ccy", "EUR") == "EUR":
            return _sign(detail, sign) * _cents(amount)
    return None


def _line(entry: Element, detail: Element | None, cents: int, own: str, at: int) -> Entry:
    booked_on = _day(entry, "BookgDt") or _day(entry, "ValDt")
    if booked_on is None:
        raise BadInput(_("A line of the file has no date."))
    returned = _said(detail, "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry")
    is_reversal = _said(entry, "RvslInd") in {"true", "1"}
    party, iban = _counterpart(detail, cents > 0, own, turned=bool(returned or is_reversal))
    pieces = [clean(one.text or "") for one in _all(detail, "RmtInf/Ustrd")] if detail is not None else []
    text = " ".join(one for one in (*pieces, _said(detail, "RmtInf/Strd/CdtrRefInf/Ref")) if one)
    end_to_end = _said(detail, "Refs/EndToEndId")
    reference = _said(detail, "Refs/AcctSvcrRef") or _said(entry, "AcctSvcrRef")
    return Entry(
        booked_on=booked_on,
        value_on=_day(entry, "ValDt"),
        cents=cents,
        party=party[:140],
        iban=iban[:34],
        text=(text or _said(detail, "AddtlTxInf") or _said(entry, "AddtlNtryInf"))[:1_000],
        end_to_end="" if end_to_end in NO_REFERENCE else end_to_end[:35],
        return_code=(returned or ("RVSL" if is_reversal else ""))[:8],
        reference="" if reference in NO_REFERENCE or not reference else f"{reference}/{at}",
    )


def _counterpart(detail: Element | None, came_in: bool, own: str, *, turned: bool) -> tuple[str, str]:
    """Name and IBAN of the other side; what comes back names the sides as they were at first."""
    sides = ("Dbtr", "Cdtr") if came_in != turned else ("Cdtr", "Dbtr")
    for side in sides:
        parties = _at(detail, "RltdPties")
        iban = compact(_said(parties, f"{side}Acct/Id/IBAN"))
        name = _said(parties, f"{side}/Nm", f"{side}/Pty/Nm", f"Ultmt{side}/Nm", f"Ultmt{side}/Pty/Nm")
        if (name or iban) and iban != own:
            return name, iban
    return "", ""
